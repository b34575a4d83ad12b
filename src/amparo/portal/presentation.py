"""Published tables as a reader sees them: rows in their order, labels in her language, and the same as charts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.releases import PublishedTable
from amparo.ui.charts import MOST_SERIES, Series, bar_chart, key, line_chart
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

ORDERED = frozenset({"year", "age_band"})
MOST_BARS = 20
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table component; cells are text already."""

    heading: str
    cells: tuple[str, ...]
    address: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What the table component shows."""

    caption: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...] = field(default_factory=tuple)


def cell_text(value: int | None) -> str:
    """A count in the reader's form, or "not shown"."""
    return _("not shown") if value is None else number(value)


def label_of(dimension: str, code: str) -> str:
    """What `code` is called in the active language."""
    return DIMENSIONS[dimension].label(code, get_language() or "en")


def ordered(dimension: str, codes: tuple[str, ...], size: Callable[[str], int | None]) -> list[str]:
    """Codes as a reader expects them: time and age in their order, others by size, "not known" last."""
    if dimension == "year":
        return sorted(codes, key=lambda code: (code == UNKNOWN, code))
    if dimension in ORDERED:
        terms = list(get_vocabulary("age-bands").terms)
        return sorted(codes, key=terms.index)
    return sorted(codes, key=lambda code: (code == UNKNOWN, -(size(code) or 0), label_of(dimension, code)))


def row_order(table: PublishedTable) -> list[str]:
    """The codes of the rows, in order. Years in between that have no cell are there too: nothing was reported then."""
    rows = table.query.rows
    if rows is None:
        return []
    codes = table.row_codes
    if rows == "year" and (years := [int(code) for code in codes if code != UNKNOWN]):
        codes = (*(str(year) for year in range(min(years), max(years) + 1)), *(c for c in codes if c == UNKNOWN))
    return ordered(rows, codes, lambda code: table.value(code))


def column_order(table: PublishedTable) -> list[str]:
    """The codes of the columns, in order."""
    columns = table.query.columns
    return ordered(columns, table.column_codes, lambda code: table.value(None, code)) if columns else []


def show_table(table: PublishedTable, caption: str, address: Address | None = None) -> ShownTable:
    """`table` for the table component: a row per code, a column per code where there are columns, and totals."""
    query = table.query
    columns = column_order(table)
    total = _("Total")
    headings = [label_of(query.columns, code) for code in columns] if query.columns else []
    shown = []
    if query.rows:
        for code in row_order(table):
            cells = [cell_text(table.value(code, column)) for column in columns]
            cells.append(cell_text(table.value(code)))
            link = address(code) if address and code != UNKNOWN else ""
            shown.append(ShownRow(label_of(query.rows, code), tuple(cells), link))
    totals = [cell_text(table.value(None, column)) for column in columns] + [cell_text(table.total)]
    shown.append(ShownRow(total, tuple(totals), is_total=True))
    return ShownTable(
        caption,
        str(DIMENSIONS[query.rows].name) if query.rows else "",
        (*headings, total if query.columns else str(MEASURES[query.measure].name)),
        tuple(shown),
    )


def chart_series(table: PublishedTable) -> list[Series]:
    """One series per column, or one for all where there are no columns."""
    rows = row_order(table)
    if table.query.columns is None:
        name = str(MEASURES[table.query.measure].name)
        return [Series(name, tuple(table.value(row) for row in rows))]
    columns = column_order(table)[:MOST_SERIES]
    return [
        Series(label_of(table.query.columns, column), tuple(table.value(row, column) for row in rows))
        for column in columns
    ]


def draw(table: PublishedTable, kind: str, title: str, identifier: str) -> SafeString:
    """The chart of `table`: "line" or "bar"; "" where there is nothing to draw."""
    rows = row_order(table)
    if not rows or table.query.rows is None or kind == "none":
        return mark_safe("")
    labels = [label_of(table.query.rows, code) for code in rows]
    series = chart_series(table)
    if kind == "line":
        return draw_lines(labels, series, title, identifier)
    description = _("Bars, one for each kind; the figures are in the table below.")
    svg = bar_chart(
        labels[:MOST_BARS],
        [Series(each.name, each.values[:MOST_BARS]) for each in series],
        title=title,
        description=description,
        identifier=identifier,
        not_shown=_("not shown"),
        form=number,
        rtl=get_language_bidi(),
    )
    return mark_safe(key(series) + svg)  # noqa: S308  (charts escape every text)


def draw_lines(labels: list[str], series: list[Series], title: str, identifier: str) -> SafeString:
    """Lines over time; where a figure is not shown the line breaks."""
    svg = line_chart(
        labels,
        series,
        title=title,
        description=_(
            "Lines over the years; where a figure is not shown the line breaks. The figures are in the table below."
        ),
        identifier=identifier,
        form=number,
        rtl=get_language_bidi(),
    )
    return mark_safe(key(series) + svg)  # noqa: S308  (charts escape every text)
