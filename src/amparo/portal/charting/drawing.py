"""Published tables as charts."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from amparo.portal.charting.grids import lay_out
from amparo.portal.presentation import TIMES, column_order, label_of, row_order
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.releases import PublishedTable
from amparo.ui.charts.bars import plot_bars
from amparo.ui.charts.dots import CountryDot, off_the_map, plot_dots
from amparo.ui.charts.heat import MOST_COLUMNS, MOST_ROWS, plot_heat
from amparo.ui.charts.lines import MOST_PANELS, plot_lines, plot_multiples
from amparo.ui.charts.look import MOST_SERIES, Drawing, Look, Series
from amparo.ui.charts.slopes import plot_slopes
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN

MOST_BARS = 20
MOST_KINDS_ACROSS = 12
Years = tuple[str, str]


def draw(table: PublishedTable, kind: str, title: str, identifier: str, compared: Years | None = None) -> SafeString:
    """The chart of `table` with its key, for a page; "" where there is nothing to draw, as for "none".

    Kinds as in `fitting`; `compared` are the two years of slopes, the first and the last where it is None.
    """
    drawing = make_drawing(table, kind, title, read_look(), compared)
    return put_on_page(drawing, identifier) if drawing else SafeString("")


def draw_lines(labels: list[str], series: list[Series], title: str, identifier: str) -> SafeString:
    """Lines over time; where a figure is not shown the line breaks."""
    look = read_look()
    drawing = plot_lines(labels, series, title=title, description=_describe("line"), look=look)
    return put_on_page(drawing, identifier)


def draw_bars(labels: list[str], series: list[Series], title: str, identifier: str) -> SafeString:
    """One bar for each label and series."""
    drawing = plot_bars(labels, series, title=title, description=_describe("bar"), look=read_look())
    return put_on_page(drawing, identifier)


def read_look(*, alone: bool = False) -> Look:
    """How charts are written in the active language; `alone` for a file of its own."""
    return Look(number, _("not shown"), get_language_bidi(), alone)


def make_drawing(
    table: PublishedTable, kind: str, title: str, look: Look, compared: Years | None = None
) -> Drawing | None:
    """The chart of `table`; None where there is nothing to draw: no rows, or every figure is held back."""
    if not row_order(table):
        return None
    if kind == "map":
        return _draw_map(table, title, look)
    if kind == "slope":
        return _draw_slopes(table, title, look, compared or years_of(table))
    if kind == "heat":
        return _draw_heat(table, title, look)
    return _draw_rows(table, kind, title, look)


def years_of(table: PublishedTable) -> Years | None:
    """The first and the last known year of a table by year; None where there are not two."""
    codes = table.row_codes if table.query.rows == "year" else table.column_codes
    years = sorted(code for code in codes if code != UNKNOWN)
    return (years[0], years[-1]) if len(years) > 1 else None


def what_is_left_out(table: PublishedTable, kind: str) -> list[str]:
    """What the chart of `table` leaves to its table, in words."""
    said = [
        _("The chart has room for %(drawn)s of %(all)s; the table has them all.")
        % {"drawn": number(most), "all": number(whole)}
        for whole, most in _extents(table, kind)
        if whole > most
    ]
    if kind == "map" and (missing := [dot.name for dot in off_the_map(_dots(table)) if dot.value != 0]):
        said.append(_("Not on the map: %(names)s.") % {"names": " · ".join(missing)})
    times = table.row_codes if table.query.rows in TIMES else table.column_codes
    if kind in {"line", "multiples", "slope"} and UNKNOWN in times:
        said.append(_("What has no date is in the table only."))
    return said


def _extents(table: PublishedTable, kind: str) -> list[tuple[int, int]]:
    """How many there are of what a chart shows many of, and for how many it has room."""
    rows, columns = len(row_order(table)), len(column_order(table))
    grid = lay_out(table, {"year"} if kind == "slope" else TIMES)
    if kind == "slope":
        return [(len(grid.names), MOST_SERIES)] if grid else []
    if kind == "heat":
        most = MOST_COLUMNS if grid and grid.across in TIMES else MOST_KINDS_ACROSS
        return [(len(grid.names), MOST_ROWS), (len(grid.heads), most)] if grid else []
    return {
        "line": [(columns, MOST_SERIES)],
        "multiples": [(columns, MOST_PANELS)],
        "bar": [(rows, MOST_BARS), (columns, MOST_SERIES)],
    }.get(kind, [])


def _draw_rows(table: PublishedTable, kind: str, title: str, look: Look) -> Drawing | None:
    over_time = kind in {"line", "multiples"}
    # What has no year has no place between the years.
    rows = [code for code in row_order(table) if not (over_time and code == UNKNOWN)]
    rows = rows if over_time else rows[:MOST_BARS]
    plot = {"line": plot_lines, "multiples": plot_multiples, "bar": plot_bars}.get(kind)
    series = _series(table, rows, MOST_PANELS if kind == "multiples" else MOST_SERIES)
    if plot is None or not rows or not _says_something(series):
        return None
    labels = [label_of(str(table.query.rows), code) for code in rows]
    return plot(labels, series, title=title, description=_describe(kind), look=look)


def _series(table: PublishedTable, rows: list[str], most: int) -> list[Series]:
    """The counts in `rows`: one series per column, or one for all where there are no columns."""
    columns = table.query.columns
    if columns is None:
        name = str(MEASURES[table.query.measure].name)
        return [Series(name, tuple(table.value(row) for row in rows))]
    return [
        Series(label_of(columns, column), tuple(table.value(row, column) for row in rows))
        for column in column_order(table)[:most]
    ]


def _draw_map(table: PublishedTable, title: str, look: Look) -> Drawing | None:
    dots = _dots(table)
    if not any(dot.value for dot in dots):
        return None
    return plot_dots(dots, title=title, description=_describe("map"), look=look)


def _dots(table: PublishedTable) -> list[CountryDot]:
    return [CountryDot(code, label_of("country", code), table.value(code)) for code in row_order(table)]


def _draw_slopes(table: PublishedTable, title: str, look: Look, years: Years | None) -> Drawing | None:
    grid = lay_out(table, {"year"})
    series = grid.series(MOST_SERIES, list(years)) if grid and years else []
    if years is None or not _says_something(series):
        return None
    return plot_slopes(years, series, title=title, description=_describe("slope"), look=look)


def _draw_heat(table: PublishedTable, title: str, look: Look) -> Drawing | None:
    grid = lay_out(table, TIMES)
    if grid is None:
        return None
    over_time = grid.across in TIMES
    heads = grid.heads[-MOST_COLUMNS:] if over_time else grid.heads[:MOST_KINDS_ACROSS]
    series = grid.series(MOST_ROWS, heads)
    if not _says_something(series):
        return None
    labels = grid.labels(heads)
    return plot_heat(labels, series, title=title, description=_describe("heat"), look=look, over_time=over_time)


def _says_something(series: list[Series]) -> bool:
    """Whether any figure is shown: else the table says so, a chart would be empty."""
    return any(value is not None for each in series for value in each.values)


def _describe(kind: str) -> str:
    """What a chart of this kind is, for who can't see it."""
    return {
        "line": _(
            "Lines over the years; where a figure is not shown the line breaks. The figures are in the table below."
        ),
        "multiples": _("A small plot over time for each column, on one scale. The figures are in the table below."),
        "heat": _("Cells, darker where there are more. The figures are in the table below."),
        "slope": _("A line from one year to the other for each kind. The figures are in the table below."),
        "map": _("A dot on the map for each country, as large as its figure. The figures are in the table below."),
    }.get(kind) or _("Bars, one for each kind; the figures are in the table below.")


def put_on_page(drawing: Drawing, identifier: str) -> SafeString:
    """A chart with its key, for a template."""
    return mark_safe(drawing.to_figure(identifier))  # noqa: S308  (charts escape every text)
