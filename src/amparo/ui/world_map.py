"""The world as SVG, countries filled by class. Pure.

Shapes: Natural Earth 1:110m, Equal Earth projection (`vendor/build-map`). The smallest countries have no shape at this
scale: where they have a value they are circles. The map itself is never mirrored.
"""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pycountry

WIDTH, HEIGHT = 1600, 752
_CLASSES = 5
_RADIUS = 7
_NUMBERS = re.compile(r"-?\d+")
# Codes that sources use for several countries at once: they fill the shapes of these, where these have no value.
TOGETHER = {"XIP": ("ISR", "PSE")}


@dataclass(frozen=True, slots=True)
class Place:
    """What a country shows: name, value in words, class (1–5, 0 for not shown), and where its link leads."""

    name: str
    told: str
    shade: int
    address: str


def class_breaks(values: list[int]) -> tuple[int, ...]:
    """Up to four limits that cut the counts above zero into classes of like size, each a round number."""
    filled = sorted(value for value in values if value > 0)
    if not filled:
        return ()
    cuts = (filled[len(filled) * part // _CLASSES] for part in range(1, _CLASSES))
    return tuple(sorted({_round_down(cut) for cut in cuts} - {0, 1}))


def shade_of(value: int, breaks: tuple[int, ...]) -> int:
    """One more than the number of `breaks` at or below `value`: 1 to 5."""
    return 1 + sum(value >= limit for limit in breaks)


def world_map(places: Mapping[str, Place], *, title: str, description: str, identifier: str = "map") -> str:
    """The map: countries of `places` (alpha-3) filled and linked, all others hatched as without data."""
    shown = {part: places[code] for code, parts in TOGETHER.items() if code in places for part in parts} | dict(places)
    parts = []
    for code, shape in _shapes().items():
        place = shown.get(code)
        if place:
            told = escape(f"{place.name}: {place.told}")
            filled = shape.draw(f"c{place.shade}")
            parts.append(f"<a href={quoteattr(place.address)}><title>{told}</title>{filled}</a>")
        elif not shape.is_small:
            parts.append(shape.draw("none"))
    patterns = (
        '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="8" height="8"/><path class="hatch-line" d="M0 0v8"/></pattern>'
        '<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect class="dot-ground" width="8" height="8"/><circle class="dot" cx="4" cy="4" r="1.5"/></pattern></defs>'
    )
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{patterns}{"".join(parts)}</svg>'
    )


def shape_of(code: str) -> str:
    """The outline of a country (alpha-3) as an SVG path in units of the map; "" where it has none at this scale."""
    shape = _shapes().get(code)
    return shape.path if shape else ""


def land() -> str:
    """All countries as one SVG path in units of the map, without those too small for a shape."""
    return "".join(shape.path for shape in _shapes().values())


def middle_of(code: str) -> tuple[float, float] | None:
    """The middle of a country's (alpha-3) largest part, in units of the map; None where it is not on the map.

    Of countries that sources don't tell apart, the middle between them.
    """
    shapes = _shapes()
    parts = [_middle(shapes[each]) for each in TOGETHER.get(code, (code,)) if each in shapes]
    if not parts:
        return None
    return sum(x for x, _ in parts) / len(parts), sum(y for _, y in parts) / len(parts)


def legend(breaks: tuple[int, ...], *, form: Callable[[int], str], not_shown: str, no_data: str, title: str) -> str:
    """The key to the classes, as a list of swatches and words."""
    limits = (1, *breaks)
    # A span is read as its page is, as the years and ages beside it are: in Arabic from right to left.
    said = [
        f"{form(low)}–{form(limits[number + 1] - 1)}" if number + 1 < len(limits) else f"{form(low)}+"
        for number, low in enumerate(limits)
    ]
    swatches = [(f"c{number}", words) for number, words in enumerate(said, start=1)]
    swatches += [("c0", not_shown), ("none", no_data)]
    items = "".join(
        f'<li><svg class="map swatch" viewBox="0 0 20 14" aria-hidden="true">'
        f'<rect class="{kind}" width="20" height="14"/></svg> {escape(words)}</li>'
        for kind, words in swatches
    )
    return f'<ul class="legend" aria-label={quoteattr(title)}>{items}</ul>'


def _round_down(number: int) -> int:
    power: int = 10 ** max(len(str(number)) - 2, 0)
    return number // power * power


def _middle(shape: "_Shape") -> tuple[float, float]:
    if shape.is_small:
        x, y = shape.place.split()
        return float(x), float(y)
    return max(map(_weigh_ring, shape.path.split("z")[:-1]))[1]


def _weigh_ring(ring: str) -> tuple[float, tuple[float, float]]:
    """The area of a ring "M x y l dx dy …" and its centre of mass."""
    numbers = [int(number) for number in _NUMBERS.findall(ring)]
    corners = [(0, 0)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        corners.append((corners[-1][0] + dx, corners[-1][1] + dy))
    area = along = down = 0.0
    for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = x * next_y - next_x * y
        area, along, down = area + cross / 2, along + (x + next_x) * cross / 6, down + (y + next_y) * cross / 6
    if not area:
        return 0.0, (numbers[0], numbers[1])
    return abs(area), (numbers[0] + along / area, numbers[1] + down / area)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A path, or for the smallest countries the middle of a circle."""

    path: str
    place: str

    @property
    def is_small(self) -> bool:
        return not self.path

    def draw(self, kind: str) -> str:
        if self.path:
            return f'<path class="{kind}" d="{self.path}"/>'
        x, y = self.place.split()
        return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{_RADIUS}"/>'


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, _Shape]:
    """By alpha-3; the small ones last, so that they are drawn on top."""
    by_number = {country.numeric: country.alpha_3 for country in pycountry.countries}
    large: dict[str, _Shape] = {}
    small: dict[str, _Shape] = {}
    with (Path(__file__).parent / "world-countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = by_number.get(row["country"], row["country"])
            if row["place"]:
                small[code] = _Shape("", row["place"])
            else:
                before = large[code].path if code in large else ""
                large[code] = _Shape(before + row["path"], "")
    return large | small
