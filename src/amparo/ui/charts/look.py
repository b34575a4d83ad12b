"""What all charts share: how they are written, their signs, and the frame around them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

Form = Callable[[int], str]
MOST_SERIES = 6
WIDTH = 440
# The widest that a letter gets, in the units of WIDTH: the style sheet writes larger on narrow screens.
LETTER = 8.2
LINE = 19
_TO_THE_LEFT, _END = "\u2067", "\u2069"
_OPPOSITE = {"start": "end", "end": "start"}


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its counts, one per label of the axis; None where a count is not shown.

    `outside` are the places of labels at which nothing was counted at all: neither zero nor hidden.
    """

    name: str
    values: tuple[int | None, ...]
    outside: frozenset[int] = frozenset()

    @property
    def hidden(self) -> list[int]:
        """The places whose count is not shown."""
        return [place for place, value in enumerate(self.values) if value is None and place not in self.outside]


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is written: numbers by `form`, hidden counts as `not_shown`, from right to left where `rtl`.

    `alone`: outside a page, where nothing around it says which way text runs.
    """

    form: Form = str
    not_shown: str = ""
    rtl: bool = False
    alone: bool = False

    def x(self, x: float) -> float:
        """`x`, mirrored where reading is from right to left."""
        return WIDTH - x if self.rtl else x

    def tell(self, value: int | None) -> str:
        """A count in words."""
        return self.not_shown if value is None else self.form(value)

    def text(self, text: str, x: float, y: float, anchor: str, kind: str) -> str:
        """One line of text at `x`, mirrored already; `anchor` "start" and "end" follow the direction of reading."""
        if self.alone and self.rtl:
            anchor, text = _OPPOSITE.get(anchor, anchor), f"{_TO_THE_LEFT}{text}{_END}"
        return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


@dataclass(frozen=True, slots=True)
class Sign:
    """What a shape or colour of a chart means: drawn within 20 × 14, and in words."""

    drawn: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart before it is put on a page or into a file. `height` in units of WIDTH; the map is no mirrored one."""

    title: str
    description: str
    parts: str
    height: float
    signs: tuple[Sign, ...] = ()

    def to_svg(self, identifier: str) -> str:
        """The chart as an image for a page."""
        return (
            f'<svg viewBox="0 0 {WIDTH} {ceil(self.height)}" role="img" '
            f'aria-labelledby="{identifier}-title {identifier}-description">'
            f'<title id="{identifier}-title">{escape(self.title)}</title>'
            f'<desc id="{identifier}-description">{escape(self.description)}</desc>{self.parts}</svg>'
        )

    def to_figure(self, identifier: str, key_to: str = "") -> str:
        """The key, where there is one, and the chart. `key_to` names the key for who hears it."""
        return list_signs(self.signs, key_to) + self.to_svg(identifier)


def list_signs(signs: Sequence[Sign], named: str = "") -> str:
    """The key as a list that wraps on narrow screens; "" where there is none."""
    if not signs:
        return ""
    items = "".join(
        f'<li><svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">{sign.drawn}</svg> {escape(sign.words)}</li>'
        for sign in signs
    )
    label = f" aria-label={quoteattr(named)}" if named else ""
    return f'<ul class="legend"{label}>{items}</ul>'


def series_signs(series: Sequence[Series], look: Look) -> tuple[Sign, ...]:
    """The signs of `series`, where there are several, and of what is not shown, where anything is not."""
    signs = []
    if len(series) > 1:
        signs = [Sign(f'<g class="s{n}">{marker(n, 10, 7, size=5)}</g>', each.name) for n, each in enumerate(series, 1)]
    if look.not_shown and any(each.hidden for each in series):
        # All are hollow; which series it is, the shape says.
        signs.append(Sign(f'<g class="hollow">{marker(1, 10, 7, size=5)}</g>', look.not_shown))
    return tuple(signs)


def marker(number: int, x: float, y: float, size: float = 4) -> str:
    """The sign of a series on a chart: six shapes, so that colour is never the only one."""
    shapes = {
        1: f'<circle class="marker" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>',
        2: f'<rect class="marker" x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}"/>',
        3: f'<path class="marker" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {2 * size}h{-2 * size - 2}z"/>',
        4: f'<path class="marker" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {size + 1}l{-size - 1} {size + 1}'
        f'l{-size - 1} {-size - 1}z"/>',
        5: f'<path class="marker" d="M{x - size:.1f} {y - 1.5:.1f}h{2 * size}v3h{-2 * size}z"/>',
    }
    return shapes.get(number, f'<path class="marker" d="M{x - 1.5:.1f} {y - size:.1f}h3v{2 * size}h-3z"/>')


def hollow(number: int, x: float, y: float, told: str) -> str:
    """Where a count is that is not shown: the sign of its series, empty."""
    return f'<g class="s{number} hollow">{marker(number, x, y)}<title>{escape(told)}</title></g>'


def nice_top(highest: int) -> int:
    """The number at or above `highest` at which an axis with four steps of a round number ends; at least 4."""
    quarter = max(ceil(highest / 4), 1)
    power: int = 10 ** int(log10(quarter))
    return 4 * power * next(step for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= quarter)


def highest_in(series: Sequence[Series]) -> int:
    """The highest count that is shown; 0 where none is."""
    return max((value or 0 for each in series for value in each.values), default=0)


def broken(text: str, width: float) -> list[str]:
    """`text` in lines that fit `width`; at least one."""
    return wrap(text, max(int(width / LETTER), 4)) or [""]


def label_step(labels: Sequence[str], width: float) -> int:
    """Every how many labels one can be written below an axis of `width`."""
    longest = max((len(label) for label in labels), default=0)
    return max(1, ceil(len(labels) * LETTER * (longest + 1.5) / width))
