"""Charts as SVG: readable without script, by ear, in print and from right to left. Pure.

Colours come from classes in the style sheet, or stand in the file (`alone.py`): s1…s6 for series, whose markers differ
too, so that colour is never the only sign; c1…c5 for classes of counts, from light to dark. Numbers are drawn as
`Look.form` writes them. A count that is not shown is a gap or hollow, never a zero. Every chart has a title and a
description, and stands beside its table. Each kind has a module, which gives a `Drawing`.
"""

from collections.abc import Sequence

from amparo.ui.charts.bars import plot_bars
from amparo.ui.charts.lines import plot_lines
from amparo.ui.charts.look import MOST_SERIES, Form, Look, Series, list_signs, nice_top, series_signs

__all__ = ["MOST_SERIES", "Form", "Look", "Series", "bar_chart", "key", "line_chart", "nice_top"]


def line_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    identifier: str = "chart",
    form: Form = str,
    rtl: bool = False,
) -> str:
    """Counts over time as SVG: `labels` in order along the axis, up to six `series`."""
    look = Look(form, rtl=rtl)
    return plot_lines(labels, series, title=title, description=description, look=look).to_svg(identifier)


def bar_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    not_shown: str,
    identifier: str = "chart",
    form: Form = str,
    rtl: bool = False,
) -> str:
    """Counts by kind as SVG: one group of horizontal bars per label, one bar per series."""
    look = Look(form, not_shown, rtl)
    return plot_bars(labels, series, title=title, description=description, look=look).to_svg(identifier)


def key(series: Sequence[Series]) -> str:
    """The key to a chart's series as a list that wraps on narrow screens; "" where there is one series only."""
    return list_signs(series_signs(series[:MOST_SERIES], Look()))
