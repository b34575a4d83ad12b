"""Bars by kind. Pure."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from amparo.ui.charts.look import (
    LETTER,
    LINE,
    MOST_SERIES,
    WIDTH,
    Drawing,
    Look,
    Series,
    broken,
    highest_in,
    marker,
    series_signs,
)

_BAR, _GAP = 16.0, 12.0


def plot_bars(labels: Sequence[str], series: Sequence[Series], *, title: str, description: str, look: Look) -> Drawing:
    """Counts by kind: one group of horizontal bars per label, one bar for each of up to six series."""
    series = series[:MOST_SERIES]
    top = highest_in(series) or 1
    # Where there are several series, each value follows the marker of its own.
    indent = 18.0 if len(series) > 1 else 6.0
    widest = LETTER * max([len(look.form(top)), len(look.not_shown)]) + indent
    parts: list[str] = []
    height = 4.0
    for position, label in enumerate(labels):
        # The label stands above its bars: long words fit on a narrow screen, in every language.
        for line in broken(label, WIDTH):
            parts.append(look.text(line, look.x(2), height + 13, "start", "label"))
            height += LINE
        for number, each in enumerate(series, start=1):
            value = each.values[position]
            length = (WIDTH - widest) * (value or 0) / top
            told = look.tell(value)
            parts.append(_bar(number, height, length, look, f"{label}, {each.name}: {told}", value is None))
            if len(series) > 1:
                sign = marker(number, look.x(length + 10), height + _BAR / 2)
                parts.append(f'<g class="s{number}{" hollow" if value is None else ""}">{sign}</g>')
            parts.append(look.text(told, look.x(length + indent), height + _BAR - 3, "start", "tick"))
            height += _BAR + 3
        height += _GAP - 3
    # What is not shown is said at each bar.
    signs = series_signs(series, Look(look.form)) if len(series) > 1 else ()
    return Drawing(title, description, "".join(parts), height, signs)


def _bar(number: int, top: float, length: float, look: Look, told: str, hidden: bool) -> str:
    width = max(length, 4.0 if hidden else 1.0)
    start = look.x(width) if look.rtl else 0.0
    kind = "not-shown" if hidden else "bar"
    return (
        f'<rect class="{kind} s{number}" x="{start:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_BAR:.1f}">'
        f"<title>{escape(told)}</title></rect>"
    )
