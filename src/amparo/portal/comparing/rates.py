"""Counts of countries per million of their people, year by year: only where both are known."""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from django.utils.translation import gettext as _

from amparo.portal.presentation import ShownRow, ShownTable, cell_text
from amparo.portal.side_by_side import NOT_COUNTED, Part
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN

PER = 1_000_000
# Not read through what counts: public pages load no engine.
POPULATIONS = files("amparo.statistics") / "populations" / "world-bank.csv"


@lru_cache(maxsize=1)
def read_people() -> Mapping[tuple[str, str], int]:
    """How many people lived in a country in a year."""
    with POPULATIONS.open(encoding="utf-8") as file:
        return {(row["country"], row["year"]): int(row["population"]) for row in csv.DictReader(file)}


def show_rates(parts: Sequence[Part]) -> ShownTable | None:
    """`parts`, each a country by year, per million people; None where no population is known of any of their years."""
    people = read_people()
    years = sorted({year for part in parts for year in part.table.row_codes if year != UNKNOWN})
    countries = [part.table.query.where["country"] for part in parts]
    known = [year for year in _span(years) if any((country, year) in people for country in countries)]
    if not known:
        return None
    rows = [
        ShownRow(
            year,
            tuple(
                _rate(part, year, people.get((country, year))) for part, country in zip(parts, countries, strict=True)
            ),
        )
        for year in known
    ]
    measure = MEASURES[parts[0].table.query.measure].name
    title = _("%(measure)s by year, per million people") % {"measure": measure}
    return ShownTable(title, str(DIMENSIONS["year"].name), tuple(part.name for part in parts), tuple(rows))


def _span(years: Sequence[str]) -> list[str]:
    return [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []


def _rate(part: Part, year: str, people: int | None) -> str:
    count = part.table.value(year)
    if count is None:
        return cell_text(None)
    return number(round(count / people * PER, 2)) if people else NOT_COUNTED
