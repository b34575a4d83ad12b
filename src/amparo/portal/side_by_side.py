"""Tables with the same rows beside one another: a column and a series each, and never a sum of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amparo.portal.charting.drawing import MOST_BARS, draw_bars, draw_lines
from amparo.portal.figures import Figure, datasets_of, of_each_dataset, say
from amparo.portal.presentation import ShownRow, ShownTable, cell_text, definition_address, label_of, ordered
from amparo.portal.sources import FigureSource
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.releases import OpenRelease, PublishedTable
from amparo.ui.charts.look import Series
from amparo.vocabularies.catalogue import UNKNOWN

# What was not counted at all: neither zero nor hidden.
NOT_COUNTED = "–"


def _every_row(code: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """A table, what it is called beside others, and which rows it counted at all."""

    name: str
    table: PublishedTable
    counts: Callable[[str], bool] = _every_row

    def value(self, row: str) -> int | None:
        """What a chart shows: nothing where nothing was counted."""
        return self.table.value(row) if self.counts(row) else None

    def text(self, row: str) -> str:
        return cell_text(self.table.value(row)) if self.counts(row) else NOT_COUNTED


def lay_side_by_side(
    parts: Sequence[Part],
    title: str,
    kind: str,
    identifier: str,
    *,
    ranked: bool = True,
    caption: str = "",
    drawn: int | None = None,
    only: Collection[str] | None = None,
) -> Figure:
    """A figure of `parts`, of one measure and the same rows: "line", "bar", or "none" for the table alone.

    Without rows it has the totals only. `ranked`: the largest first, where rows have no order of their own; else by
    name. `caption`: what the table is called, where others of the page have the same title. `drawn`: how many of the
    parts stand in the chart. `only`: the rows that are shown.
    """
    dimension = parts[0].table.query.rows
    rows = _rows_of(parts, dimension, ranked) if dimension else []
    rows = [code for code in rows if only is None or code in only]
    shown = [
        ShownRow(
            label_of(dimension, code),
            tuple(part.text(code) for part in parts),
            definition_address(dimension, code),
        )
        for code in rows
        if dimension
    ]
    totals = tuple(cell_text(part.table.total) for part in parts)
    table = ShownTable(
        caption or title,
        str(DIMENSIONS[dimension].name if dimension else MEASURES[parts[0].table.query.measure].name),
        tuple(part.name for part in parts),
        (*shown, ShownRow(_("Total"), totals, is_total=True)),
    )
    return Figure(
        title,
        _draw(parts[:drawn], rows, title, kind, identifier),
        table,
        say({note for part in parts for note in part.table.notes}),
        sources=tuple(FigureSource(part.table.query, part.table.release, part.name) for part in parts),
    )


def _rows_of(parts: Sequence[Part], dimension: str, ranked: bool) -> list[str]:
    codes = {code for part in parts for code in part.table.row_codes}
    if dimension == "year" and (years := [int(code) for code in codes if code != UNKNOWN]):
        # Years in between are rows too: nothing was reported then.
        codes |= {str(year) for year in range(min(years), max(years) + 1)}
    return ordered(
        dimension,
        tuple(codes),
        lambda code: max(part.table.value(code) or 0 for part in parts) if ranked else 0,
    )


def _draw(parts: Sequence[Part], rows: list[str], title: str, kind: str, identifier: str) -> SafeString:
    dimension = parts[0].table.query.rows
    if kind == "line":
        # What has no year has no place between the years.
        rows = [code for code in rows if code != UNKNOWN]
    elif len(parts) == 1:
        # By itself a part shows its own order, and leaves what is not shown to the table beside the whole.
        part = parts[0].table
        rows = sorted(
            (code for code in rows if part.value(code) is not None), key=lambda code: -(part.value(code) or 0)
        )
    rows = rows if kind == "line" else rows[:MOST_BARS]
    series = [_series(part, rows) for part in parts]
    if dimension is None or kind == "none" or all(value is None for each in series for value in each.values):
        return SafeString("")
    labels = [label_of(dimension, code) for code in rows]
    return (draw_lines if kind == "line" else draw_bars)(labels, series, title, identifier)


def _series(part: Part, rows: list[str]) -> Series:
    outside = frozenset(place for place, code in enumerate(rows) if not part.counts(code))
    return Series(part.name, tuple(part.value(code) for code in rows), outside)


def by_year(opened: OpenRelease, where: Mapping[str, str] | None = None) -> Figure | None:
    """Victims by year, one series per dataset; None where no dataset has any."""
    tables = of_each_dataset(opened, "year", where or {})
    if not tables:
        return None
    titles = {each.code: each.title for each in datasets_of(opened)}
    parts = [Part(titles[code], table, _within_years(opened.about(code))) for code, table in tables.items()]
    return lay_side_by_side(parts, _("Victims by year"), "line", "by-year")


def _within_years(about: Mapping[str, Any]) -> Callable[[str], bool]:
    """Outside of a dataset's years nothing was counted; what has no year was."""
    first, last = about["first_year"], about["last_year"]
    return lambda code: code == UNKNOWN or (first is not None and first <= int(code) <= last)


def by_country(opened: OpenRelease) -> Figure | None:
    """Every country with a victim in a dataset, one column per dataset; None where no such table was published."""
    tables = of_each_dataset(opened, "country", {})
    if not tables:
        return None
    titles = {each.code: each.title for each in datasets_of(opened)}
    # A dataset that names no victim in a country need not have looked there.
    parts = [Part(titles[code], table, frozenset(table.row_codes).__contains__) for code, table in tables.items()]
    return lay_side_by_side(parts, _("Victims by country"), "none", "by-country", ranked=False)
