"""Slopes: two years side by side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from amparo.ui.charts.look import (
    LINE,
    MOST_SERIES,
    WIDTH,
    Drawing,
    Look,
    Series,
    Sign,
    broken,
    highest_in,
    hollow,
    marker,
    nice_top,
)

_ABOVE = 30.0
_HEIGHT = 230.0
# The count of the first year has room for seven letters beside its sign.
_FROM, _TO = 92.0, 212.0


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands beside an end of a slope: its lines, and where they would best stand."""

    number: int
    lines: list[str]
    best: float

    @property
    def height(self) -> float:
        return LINE * len(self.lines) + 3


def plot_slopes(
    years: tuple[str, str], series: Sequence[Series], *, title: str, description: str, look: Look
) -> Drawing:
    """A line from each series' count in the first of `years` to that in the second: up to six, named at their end.

    A count that is not shown has no line: its end stands hollow below the others.
    """
    series = series[:MOST_SERIES]
    top = nice_top(highest_in(series))
    before = [_words_at(n, each, 0, top, look) for n, each in enumerate(series, 1) if each.values[0] is not None]
    after = [_words_at(n, each, 1, top, look) for n, each in enumerate(series, 1)]
    room = max(_HEIGHT, *(sum(words.height for words in side) for side in (before, after)))
    parts = [look.text(year, look.x(x), 16, "middle", "label") for year, x in zip(years, (_FROM, _TO), strict=True)] + [
        f'<path class="grid" d="M{look.x(x):.1f} {_ABOVE - 6:.1f}V{_ABOVE + _HEIGHT + 6:.1f}"/>' for x in (_FROM, _TO)
    ]
    parts += [_slope(n, each, years, top, look) for n, each in enumerate(series, 1)]
    parts += _write(before, _FROM - 12, "end", room, look)
    parts += _write(after, _TO + 12, "start", room, look)
    hidden = any(None in each.values for each in series)
    signs = (Sign(f'<g class="hollow">{marker(1, 10, 7, size=5)}</g>', look.not_shown),) if hidden else ()
    return Drawing(title, description, "".join(parts), _ABOVE + room + 26, signs)


def _place(value: int | None, top: int) -> float:
    return _ABOVE + _HEIGHT + 18 if value is None else _ABOVE + _HEIGHT * (1 - value / top)


def _words_at(number: int, each: Series, end: int, top: int, look: Look) -> _Words:
    value = each.values[end]
    said = look.tell(value)
    lines = broken(f"{said}  {each.name}", WIDTH - _TO - 32) if end else [said]
    return _Words(number, lines, _place(value, top) - LINE / 2)


def _slope(number: int, each: Series, years: tuple[str, str], top: int, look: Look) -> str:
    drawn = []
    ends = [(look.x(x), _place(value, top), value) for x, value in zip((_FROM, _TO), each.values, strict=True)]
    if None not in each.values:
        (x, y, _), (end, below, _) = ends
        drawn.append(f'<path class="line" d="M{x:.1f} {y:.1f}L{end:.1f} {below:.1f}"/>')
    for (x, y, value), year in zip(ends, years, strict=True):
        told = f"{each.name}, {year}: {look.tell(value)}"
        shown = f"<g>{marker(number, x, y)}<title>{escape(told)}</title></g>"
        drawn.append(shown if value is not None else hollow(number, x, y, told))
    return f'<g class="s{number}">{"".join(drawn)}</g>'


def _write(words: list[_Words], x: float, anchor: str, room: float, look: Look) -> list[str]:
    """The words of one side, each as near to its best place as those above it leave."""
    parts = []
    lowest = _ABOVE + room + 22
    below = 0.0
    ordered = sorted(words, key=lambda each: each.best)
    for position, each in enumerate(ordered):
        rest = sum(later.height for later in ordered[position:])
        above = max(below, min(each.best, lowest - rest))
        # Between a sign and its count: their order is that of reading on both sides.
        sign, text = (x + 4, x + 14) if anchor == "start" else (x - 4, x - 14)
        parts.append(f'<g class="s{each.number}">{marker(each.number, look.x(sign), above + LINE / 2)}</g>')
        for line, written in enumerate(each.lines):
            parts.append(look.text(written, look.x(text), above + 14 + LINE * line, anchor, "tick"))
        below = above + each.height
    return parts
