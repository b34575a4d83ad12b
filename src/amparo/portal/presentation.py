"""Published tables as a reader sees them: rows in their order, labels in her language."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.releases import PublishedTable, TableQuery
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

TIMES = frozenset({"year", "calendar_month"})
ORDERED = TIMES | {"age_band"}
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
    if dimension in TIMES:
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
