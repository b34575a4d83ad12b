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
    broken,
    highest_in,
    marker,
    nice_top,
)

_ABOVE = 30.0
_HEIGHT = 230.0
# Before the first year there is room for its counts, or for "not shown", in each language.
_FROM, _TO = 124.0, 226.0


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

    A count that is not shown has neither line nor end: it is said below the others.
    """
    series = series[:MOST_SERIES]
    top = nice_top(highest_in(series))
    before, after = ([_words_at(n, each, end, top, look) for n, each in enumerate(series, 1)] for end in (0, 1))
    room = max(_HEIGHT, *(sum(words.height for words in side) for side in (before, after)))
    parts = [look.text(year, look.x(x), 16, "middle", "label") for year, x in zip(years, (_FROM, _TO), strict=True)] + [
        f'<path class="grid" d="M{look.x(x):.1f} {_ABOVE - 6:.1f}V{_ABOVE + _HEIGHT + 6:.1f}"/>' for x in (_FROM, _TO)
    ]
    parts += [_slope(n, each, years, top, look) for n, each in enumerate(series, 1)]
    parts += _write(before, _FROM - 12, "end", room, look)
    parts += _write(after, _TO + 12, "start", room, look)
    return Drawing(title, description, "".join(parts), _ABOVE + room + 26)


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
        if value is not None:
            told = escape(f"{each.name}, {year}: {look.form(value)}")
            drawn.append(f"<g>{marker(number, x, y)}<title>{told}</title></g>")
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
