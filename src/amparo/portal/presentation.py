"""Published tables as a reader sees them: rows in their order, labels in her language, and the same as charts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.releases import PublishedTable, TableQuery
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


def title_of(query: TableQuery, *, with_filters: bool = True) -> str:
    """What a table is called: "Victims by year and sex: Colombia"."""
    title = str(MEASURES[query.measure].name)
    names = [str(DIMENSIONS[each].name).lower() for each in (query.rows, query.columns) if each]
    if names:
        title = _("%(measure)s by %(dimension)s") % {"measure": title, "dimension": _(" and ").join(names)}
    filters = [label_of(name, code) for name, code in query.where.items()] if with_filters else []
    return _("%(title)s: %(filters)s") % {"title": title, "filters": " · ".join(filters)} if filters else title


def definition_address(dimension: str, code: str) -> str:
    """Where `code` is explained: the page of a country, the definition of another term; "" where it has none."""
    vocabulary = DIMENSIONS[dimension].vocabulary
    if vocabulary is None or code not in get_vocabulary(vocabulary).terms:
        return ""
    if dimension == "country" and code != UNKNOWN:
        return reverse("country", args=[code])
    return reverse("term", args=[vocabulary, code])


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
            shown.append(ShownRow(label_of(query.rows, code), tuple(cells), address(code) if address else ""))
    totals = [cell_text(table.value(None, column)) for column in columns] + [cell_text(table.total)]
    shown.append(ShownRow(total, tuple(totals), is_total=True))
    return ShownTable(
        caption,
        str(DIMENSIONS[query.rows].name) if query.rows else "",
        (*headings, total if query.columns else str(MEASURES[query.measure].name)),
        tuple(shown),
    )


def chart_series(table: PublishedTable, rows: list[str]) -> list[Series]:
    """The counts in `rows`: one series per column, or one for all where there are no columns."""
    if table.query.columns is None:
        name = str(MEASURES[table.query.measure].name)
        return [Series(name, tuple(table.value(row) for row in rows))]
    columns = column_order(table)[:MOST_SERIES]
    return [
        Series(label_of(table.query.columns, column), tuple(table.value(row, column) for row in rows))
        for column in columns
    ]


def draw(table: PublishedTable, kind: str, title: str, identifier: str) -> SafeString:
    """The chart of `table`: "line" or "bar"; "" where there is nothing to draw, as for "none"."""
    rows = row_order(table)
    if kind == "line":
        # What has no year has no place between the years.
        rows = [code for code in rows if code != UNKNOWN]
    if not rows or table.query.rows is None or kind == "none":
        return SafeString("")
    rows = rows if kind == "line" else rows[:MOST_BARS]
    labels = [label_of(table.query.rows, code) for code in rows]
    series = chart_series(table, rows)
    if not any(each.values.count(None) < len(each.values) for each in series):
        # Every figure is held back: the table says so, a chart would be empty.
        return SafeString("")
    if kind == "line":
        return draw_lines(labels, series, title, identifier)
    svg = bar_chart(
        labels,
        series,
        title=title,
        description=_("Bars, one for each kind; the figures are in the table below."),
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
