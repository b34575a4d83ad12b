"""A dot for each country on the map of the world, as large as its count. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from xml.sax.saxutils import escape

from amparo.ui.charts.look import LETTER, LINE, WIDTH, Drawing, Look, Sign, nice_top
from amparo.ui.world_map import HEIGHT as MAP_HEIGHT
from amparo.ui.world_map import WIDTH as MAP_WIDTH
from amparo.ui.world_map import land, middle_of

_LARGEST = 22.0
_SMALLEST = 1.5
_SCALE = WIDTH / MAP_WIDTH


@dataclass(frozen=True, slots=True)
class CountryDot:
    """A country (alpha-3), its name, and its count: None where it is not shown."""

    code: str
    name: str
    value: int | None


def plot_dots(dots: Sequence[CountryDot], *, title: str, description: str, look: Look) -> Drawing:
    """The world with a dot in the middle of each country: its area is its count's. Nothing where nothing was reported.

    A dot stands for a country, not for a place in it. Countries that the map doesn't have are left to the table.
    """
    top = nice_top(max((dot.value or 0 for dot in dots), default=0))
    placed = [(dot, place) for dot in dots if (place := middle_of(dot.code)) and dot.value != 0]
    # The largest first, so that small ones stand on top of them.
    placed.sort(key=lambda each: -(each[0].value or 0))
    circles, counts = [], []
    written: list[tuple[float, float]] = []
    for dot, (x, y) in placed:
        x, y = x * _SCALE, y * _SCALE
        radius = _radius(dot.value, top)
        kind = "not-shown" if dot.value is None else "dot"
        told = escape(f"{dot.name}: {look.tell(dot.value)}")
        circles.append(
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{told}</title></circle>'
        )
        if dot.value is not None and _has_room(x, y, look.form(dot.value), radius, written):
            written.append((x, y))
            counts.append(look.text(look.form(dot.value), x, y + 4, "middle", "label"))
    below = MAP_HEIGHT * _SCALE
    scale = _draw_scale(top, below, look)
    signs: tuple[Sign, ...] = ()
    if any(dot.value is None for dot in dots):
        signs = (Sign('<circle class="not-shown" cx="10" cy="7" r="4"/>', look.not_shown),)
    ground = f'<g transform="scale({_SCALE:.4f})"><path class="land" d="{land()}"/></g>'
    return Drawing(title, description, "".join((ground, *circles, *counts, scale)), below + 2 * _LARGEST + 10, signs)


def off_the_map(dots: Sequence[CountryDot]) -> list[CountryDot]:
    """Those that the map has no place for."""
    return [dot for dot in dots if middle_of(dot.code) is None]


def _has_room(x: float, y: float, said: str, radius: float, written: list[tuple[float, float]]) -> bool:
    """Whether a count fits into its dot, beside those that are written already."""
    wide = LETTER * len(said)
    return wide < 2 * radius and all(abs(x - other) > wide or abs(y - above) > LINE for other, above in written)


def _radius(value: int | None, top: int) -> float:
    return 3.0 if value is None else max(_LARGEST * sqrt(value / top), _SMALLEST)


def _draw_scale(top: int, above: float, look: Look) -> str:
    """Three dots with their counts, in a row below the map."""
    parts, along = [], 4.0
    for value in (top, top // 4, max(top // 20, 1)):
        radius = _radius(value, top)
        parts.append(
            f'<circle class="dot" cx="{look.x(along + radius):.1f}" cy="{above + 4 + _LARGEST:.1f}" r="{radius:.1f}"/>'
        )
        along += 2 * radius + 6
        parts.append(look.text(look.form(value), look.x(along), above + _LARGEST + 9, "start", "tick"))
        along += LETTER * len(look.form(value)) + 22
    return "".join(parts)
