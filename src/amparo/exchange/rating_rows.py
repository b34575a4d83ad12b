"""Ratings by others out of their publishers' files, read as a scale says: all that is right, all that is not."""

from dataclasses import dataclass
from pathlib import Path

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import is_public_address
from amparo.civic_space.ratings import RatingFacts
from amparo.civic_space.scales import Scale
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import Row, open_table
from amparo.vocabularies import places
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.folding import fold

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class ReadRatings:
    """What a file holds. `without_value`: countries that it names, and does not rate."""

    ratings: tuple[RatingFacts, ...]
    without_value: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_ratings(
    path: Path, scale: Scale, date: EventDate | None, sheet: str | None = None, encoding: str | None = None
) -> ReadRatings:
    """The ratings in the file at `path`, of `date` where it has no column for it. Raises `FileRefused`."""
    ratings: dict[tuple[str, str], RatingFacts] = {}
    without: list[str] = []
    problems: list[Problem] = []
    with open_table(path, sheet, encoding) as table:
        columns = _columns(table.columns, scale)
        if date is None and not columns["date"]:
            raise FileRefused("rating-date")
        for row in table.rows:
            found = _read(row, scale, columns, date)
            if isinstance(found, Problem):
                problems.append(found)
            elif not found.value:
                without.append(found.country)
            elif (found.country, str(found.date)) in ratings:
                problems.append(_problem("rating-twice", row, columns["country"][0]))
            else:
                ratings[found.country, str(found.date)] = found
            if row.number > MOST_ROWS:
                raise FileRefused("too-many-rows", limit=MOST_ROWS)
    if not ratings and not problems:
        raise FileRefused("no-rows")
    return ReadRatings(tuple(ratings.values()), tuple(without), tuple(problems))


def _columns(there: tuple[str, ...], scale: Scale) -> dict[str, tuple[str, ...]]:
    found = {what: tuple(name for name in names if name in there) for what, names in scale.columns.items()}
    for what in ("country", "value"):
        if not found[what]:
            raise FileRefused("no-column-found", expected=", ".join(scale.columns[what]))
    if strange := [name for name in there if not any(name in names for names in found.values())]:
        raise FileRefused("columns-not-mapped", columns=", ".join(strange))
    return found


def _read(row: Row, scale: Scale, columns: dict[str, tuple[str, ...]], date: EventDate | None) -> RatingFacts | Problem:
    """The rating in `row`, with no value where it has none; or what is wrong with it."""
    column = columns["country"][0]
    said = row.cells[column].strip()
    country = scale.countries.get(fold(said)) or places.find_country(said) or UNKNOWN
    if country == UNKNOWN:
        nearest = get_vocabulary("countries").nearest(said)
        return Problem("unknown-code", row.number, column, said, nearest, {"vocabulary": "countries"})
    when = date
    if columns["date"] and (written := row.cells[columns["date"][0]].strip()):
        try:
            when = EventDate.read(written)
        except ValueError:
            return _problem("no-date", row, columns["date"][0], formats="2016, 2016-10, 2016-10-22")
    if when is None:
        return _problem("no-date", row, columns["date"][0], formats="2016, 2016-10, 2016-10-22")
    values = {}
    for name in columns["value"]:
        if cell := row.cells[name].strip():
            value = scale.find(cell)
            if value is None:
                return _problem("rating-value", row, name, values=", ".join(scale.values))
            values[name] = value.code
    if len(set(values.values())) > 1:
        return _problem("rating-disagrees", row, columns["value"][0], other=columns["value"][1])
    link = next((row.cells[name].strip() for name in columns["link"] if row.cells[name].strip()), "")
    if link and not is_public_address(link):
        return _problem("condition-no-address", row, columns["link"][0])
    return RatingFacts(country, next(iter(values.values()), ""), when, link)


def _problem(code: str, row: Row, column: str, **details: str) -> Problem:
    return Problem(code, row.number, column, row.cells[column], (), details)
