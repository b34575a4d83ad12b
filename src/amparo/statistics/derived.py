"""What is computed from counts: shares, rates per million people, a table with columns. Pure."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amparo.statistics.cube import UNKNOWN, Cell, Counts

PER = 1_000_000
SHIPPED = Path(__file__).parent / "populations" / "world-bank.csv"
SHIPPED_SOURCE = "World Bank, World Development Indicators, SP.POP.TOTL, CC BY 4.0"
# Of a country in a year, or of a country where no year is told.
Populations = Mapping[tuple[str, str | None], int]


class PopulationRefused(Exception):
    """A file of populations that cannot be used. `code`: "no-such-file", "not-readable", "missing-column",
    "wrong-population", "doubled-population", "no-country", "no-year"."""

    def __init__(self, code: str, /, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Wide:
    """A table with one column for each code of its last dimension. `rows[i]` has a count for each of `columns`, and
    0 where nothing was counted.
    """

    by: tuple[str, ...]
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, tuple[int, ...]], ...]


def shares(counts: Counts) -> dict[Cell, float]:
    """Each cell's part of the total, from 0 to 1. With a multi-valued dimension they add up to more than 1."""
    return {cell: number / counts.total for cell, number in counts.cells.items()}


def widen(counts: Counts) -> Wide:
    """`counts` with the last dimension across. Raises ValueError where there are fewer than two."""
    if len(counts.by) < 2:
        raise ValueError("a wide table needs two dimensions")
    columns = tuple(sorted({cell[-1] for cell in counts.cells}, key=_order))
    rows = sorted({cell[:-1] for cell in counts.cells}, key=lambda cell: tuple(map(_order, cell)))
    filled = tuple((row, tuple(counts.cells.get((*row, column), 0) for column in columns)) for row in rows)
    return Wide(counts.by[:-1], counts.by[-1], columns, filled)


def read_populations(path: Path = SHIPPED) -> Populations:
    """Populations by country and year (None where the file has no years), from a CSV file with the columns `country`
    (code), `population` and perhaps `year`. Raises PopulationRefused.
    """
    found: dict[tuple[str, str | None], int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for name in ("country", "population"):
                if name not in (rows.fieldnames or ()):
                    raise PopulationRefused("missing-column", name=name)
            for row in rows:
                text = (row["population"] or "").strip()
                if not (text.isascii() and text.isdigit() and int(text)):
                    raise PopulationRefused("wrong-population", line=rows.line_num, value=text)
                key = (row["country"] or "").strip(), (row.get("year") or "").strip() or None
                if key in found:
                    raise PopulationRefused("doubled-population", line=rows.line_num)
                found[key] = int(text)
    except FileNotFoundError:
        raise PopulationRefused("no-such-file", path=str(path)) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise PopulationRefused("not-readable", path=str(path)) from None
    return found


def rates(
    counts: Counts, populations: Populations, countries: Sequence[str] = (), years: Sequence[str] = ()
) -> dict[Cell, float | None]:
    """Each cell's count per million people of its country; None where no population is known.

    The population is that of the cell's year; where the year is no dimension, the mean of those of `years`. Where the
    country is no dimension it must be the only one of `countries`. Raises PopulationRefused ("no-country", "no-year").
    """
    if "country" not in counts.by and len(countries) != 1:
        raise PopulationRefused("no-country")
    by_year_only = all(year is not None for _, year in populations)
    known = [year for year in years if year != UNKNOWN]
    if "year" not in counts.by and by_year_only and not known:
        raise PopulationRefused("no-year")
    found: dict[Cell, float | None] = {}
    for cell, number in counts.cells.items():
        said = dict(zip(counts.by, cell, strict=True))
        country = said.get("country") or countries[0]
        people = _people(populations, country, [said["year"]] if "year" in said else known)
        found[cell] = number / people * PER if people else None
    return found


def _people(populations: Populations, country: str, years: Sequence[str]) -> float | None:
    """The mean population in `years`, of which none may be missing; else that of no year."""
    found = [populations.get((country, year)) for year in years]
    if found and None not in found:
        return sum(each for each in found if each) / len(found)
    return populations.get((country, None))


def _order(code: str) -> tuple[bool, str]:
    """What is not known comes last."""
    return code == UNKNOWN, code
