"""Published tables as charts."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from amparo.portal.presentation import column_order, label_of, row_order
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.releases import PublishedTable
from amparo.ui.charts import MOST_SERIES, Series, bar_chart, key, line_chart
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN

MOST_BARS = 20


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
