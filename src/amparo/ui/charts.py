"""Charts as SVG: readable without script, by ear, in print and from right to left. Pure.

Colours come from classes s1…s6 in the style sheet (markers and keys differ too, so that colour is never the only sign).
Numbers are drawn as `form` writes them. A count that is not shown is a gap, never a zero. Every chart has a title and a
description, and stands beside its table (component chart.html).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from textwrap import wrap
from xml.sax.saxutils import escape

Form = Callable[[int], str]
MOST_SERIES = 6
_WIDTH = 440
# The widest that a letter gets, in the units of _WIDTH: the style sheet writes larger on narrow screens.
_LETTER = 8.2


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its counts, one per label of the axis; None where a count is not shown."""

    name: str
    values: tuple[int | None, ...]


def nice_top(highest: int) -> int:
    """The number at or above `highest` at which an axis with four steps of a round number ends; at least 4."""
    quarter = max(ceil(highest / 4), 1)
    power: int = 10 ** int(log10(quarter))
    return 4 * power * next(step for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= quarter)


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
    """Counts over time: `labels` in order along the axis, up to six `series`."""
    series = series[:MOST_SERIES]
    top = nice_top(max((value or 0 for each in series for value in each.values), default=0))
    left, right, above, height = 16.0 + _LETTER * len(form(top)), 20.0, 12.0, 220.0
    step = (_WIDTH - left - right) / max(len(labels) - 1, 1)

    def x(position: int) -> float:
        return _mirror(left + step * position, rtl)

    def y(value: int) -> float:
        return above + height * (1 - value / top)

    parts: list[str] = []
    for tick in range(5):
        value = top * tick // 4
        start, end = sorted((_mirror(left, rtl), _mirror(_WIDTH - right, rtl)))
        parts.append(f'<path class="{"grid" if tick else "axis"}" d="M{start:.1f} {y(value):.1f}H{end:.1f}"/>')
        parts.append(_text(form(value), _mirror(left - 10, rtl), y(value) + 4, "end", "tick"))
    every = max(1, ceil(len(labels) * _LETTER * 5.5 / (_WIDTH - left - right)))
    for position, label in enumerate(labels):
        if position % every == 0:
            parts.append(_text(label, x(position), above + height + 20, "middle", "tick"))
    for number, each in enumerate(series, start=1):
        parts.append(_line(each, number, x, y, labels, form))
    return _svg(parts, above + height + 32, title, description, identifier)


def _line(
    each: Series,
    number: int,
    x: Callable[[int], float],
    y: Callable[[int], float],
    labels: Sequence[str],
    form: Form,
) -> str:
    path, pen = "", "M"
    markers = []
    for position, value in enumerate(each.values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{x(position):.1f} {y(value):.1f}"
        pen = "L"
        told = escape(f"{each.name}, {labels[position]}: {form(value)}")
        markers.append(f"<g>{_marker(number, x(position), y(value))}<title>{told}</title></g>")
    return f'<g class="s{number}"><path class="line" d="{path}"/>{"".join(markers)}</g>'


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
    """Counts by kind: one group of horizontal bars per label, one bar per series."""
    series = series[:MOST_SERIES]
    top = max((value or 0 for each in series for value in each.values), default=0) or 1
    bar, gap = 16.0, 12.0
    # Where there are several series, each value follows the marker of its own.
    indent = 18.0 if len(series) > 1 else 6.0
    widest = _LETTER * max([len(form(top)), len(not_shown)]) + indent
    parts: list[str] = []
    height = 4.0
    for position, label in enumerate(labels):
        # The label stands above its bars: long words fit on a narrow screen, in every language.
        for line in wrap(label, int(_WIDTH / _LETTER)) or [""]:
            parts.append(_text(line, _mirror(2, rtl), height + 13, "start", "label"))
            height += 19
        for number, each in enumerate(series, start=1):
            value = each.values[position]
            length = (_WIDTH - widest) * (value or 0) / top
            told = not_shown if value is None else form(value)
            parts.append(_bar(number, height, length, bar, rtl, f"{label}, {each.name}: {told}", value is None))
            if len(series) > 1:
                marker = _marker(number, _mirror(length + 10, rtl), height + bar / 2)
                parts.append(f'<g class="s{number}">{marker}</g>')
            parts.append(_text(told, _mirror(length + indent, rtl), height + bar - 3, "start", "tick"))
            height += bar + 3
        height += gap - 3
    return _svg(parts, height, title, description, identifier)


def _bar(number: int, top: float, length: float, bar: float, rtl: bool, told: str, hidden: bool) -> str:
    width = max(length, 4.0 if hidden else 1.0)
    start = _mirror(width, rtl) if rtl else 0.0
    kind = "not-shown" if hidden else "bar"
    return (
        f'<rect class="{kind} s{number}" x="{start:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bar:.1f}">'
        f"<title>{escape(told)}</title></rect>"
    )


def key(series: Sequence[Series]) -> str:
    """The key to a chart's series as a list that wraps on narrow screens; "" where there is one series only."""
    if len(series) < 2:
        return ""
    items = "".join(
        f'<li><svg class="swatch" viewBox="0 0 20 14" aria-hidden="true"><g class="s{number}">'
        f"{_marker(number, 10, 7, size=5)}</g></svg> {escape(each.name)}</li>"
        for number, each in enumerate(series[:MOST_SERIES], start=1)
    )
    return f'<ul class="legend">{items}</ul>'


def _marker(number: int, x: float, y: float, size: float = 4) -> str:
    shapes = {
        1: f'<circle class="marker" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>',
        2: f'<rect class="marker" x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}"/>',
        3: f'<path class="marker" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {2 * size}h{-2 * size - 2}z"/>',
        4: f'<path class="marker" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {size + 1}l{-size - 1} {size + 1}'
        f'l{-size - 1} {-size - 1}z"/>',
        5: f'<path class="marker" d="M{x - size:.1f} {y - 1.5:.1f}h{2 * size}v3h{-2 * size}z"/>',
    }
    return shapes.get(number, f'<path class="marker" d="M{x - 1.5:.1f} {y - size:.1f}h3v{2 * size}h-3z"/>')


def _text(text: str, x: float, y: float, anchor: str, kind: str) -> str:
    # "start" and "end" follow the direction of the text, which the page sets: no mirroring of the anchor is needed.
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _mirror(x: float, rtl: bool) -> float:
    return _WIDTH - x if rtl else x


def _svg(parts: Sequence[str], height: float, title: str, description: str, identifier: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {ceil(height)}" role="img" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
