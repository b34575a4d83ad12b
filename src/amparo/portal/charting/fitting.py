"""Which kinds of chart fit a table, and why others don't."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.portal.presentation import TIMES
from amparo.statistics.releases import TableQuery

NAMES = {
    "line": _("Lines"),
    "bar": _("Bars"),
    "multiples": _("Small multiples"),
    "heat": _("Heat map"),
    "slope": _("Slopes between two years"),
    "map": _("Dots on the map"),
}
_NEEDS = {
    "line": _("Lines need years or months in the rows."),
    "bar": _("Bars need something in the rows."),
    "multiples": _("Small multiples need years or months in the rows, and columns beside them."),
    "heat": _("A heat map needs rows and columns."),
    "slope": _("Slopes need years in the rows or the columns, and something else in the other."),
    "map": _("Dots on the map need countries in the rows, and no columns."),
}
_NO_OUTLINES = _("There is no map of areas within a country: their outlines are not here.")


def name_of(kind: str) -> str:
    """What a kind of chart is called, in the active language."""
    return gettext(NAMES[kind])


def fits(kind: str, query: TableQuery) -> bool:
    """Whether the table of `query` can be drawn as `kind`."""
    if kind == "line":
        return query.rows in TIMES
    if kind == "multiples":
        return query.rows in TIMES and query.columns is not None
    if kind == "heat":
        return query.rows is not None and query.columns is not None
    if kind == "slope":
        return "year" in {query.rows, query.columns} and None not in {query.rows, query.columns}
    if kind == "map":
        return query.rows == "country" and query.columns is None
    return query.rows is not None


def why_not(kind: str, query: TableQuery) -> str:
    """What `kind` would need that the table of `query` doesn't have, in the active language."""
    if kind == "map" and query.rows == "area":
        return gettext(_NO_OUTLINES)
    return gettext(_NEEDS[kind])


def usual_kind(query: TableQuery) -> str:
    """The kind that is drawn where none was chosen: lines over time, bars else."""
    return "line" if fits("line", query) else "bar"
