"""One country's outline with dots on it. Pure.

The outline is that of the world map (Natural Earth 1:110m), and as rough; the dots stand where they belong. Projection:
Equal Earth (B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of Geographical
Information Science 33, 2018), scaled and moved as `vendor/build-map` does it for the world.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from xml.sax.saxutils import escape, quoteattr

from amparo.ui.world_map import shape_of

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
# What d3-geo's fitExtent gives in build.mjs.
_SCALE, _MIDDLE_X, _MIDDLE_Y = 299.701021293131, 800.0, 417.7536050195602
_WIDTH = 640
_MARGIN = 0.08
_SMALLEST = 12.0
_NUMBERS = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map: degrees north and east, what it says, and where its link leads."""

    latitude: float
    longitude: float
    told: str
    address: str


def place_on_map(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place is on the world map, in its units. Raises ValueError for degrees that no place has."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("There is no such place.")
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    squared = theta * theta
    slope = _A1 + 3 * _A2 * squared + squared**3 * (7 * _A3 + 9 * _A4 * squared)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    y = theta * (_A1 + _A2 * squared + squared**3 * (_A3 + _A4 * squared))
    return _MIDDLE_X + _SCALE * x, _MIDDLE_Y - _SCALE * y


def country_map(
    code: str, dots: Sequence[Dot], *, title: str, description: str, identifier: str = "country-map"
) -> str:
    """The outline of a country (alpha-3) with `dots`, each a link; where it has no outline, the dots alone."""
    outline = shape_of(code)
    points = [place_on_map(dot.latitude, dot.longitude) for dot in dots]
    corners = [*_corners(outline), *points]
    if not corners:
        return ""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    above, below = min(y for _, y in corners), max(y for _, y in corners)
    # The smallest countries, and a single dot, are shown with what is around them.
    side = max(right - left, below - above, _SMALLEST) * (1 + 2 * _MARGIN)
    left, above = (left + right - side) / 2, (above + below - side) / 2
    radius = side / 60
    drawn = "".join(
        f"<a href={quoteattr(dot.address)}><title>{escape(dot.told)}</title>"
        f'<circle class="place" cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"/></a>'
        for dot, (x, y) in zip(dots, points, strict=True)
    )
    land = f'<path class="land" d="{outline}"/>' if outline else ""
    return (
        f'<svg class="map country-map" width="{_WIDTH}" viewBox="{left:.2f} {above:.2f} {side:.2f} {side:.2f}" '
        f'role="group" aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{land}{drawn}</svg>'
    )


def _corners(outline: str) -> Iterator[tuple[float, float]]:
    """The points of a path of "M x y l dx dy …z" rings."""
    for ring in outline.split("z"):
        numbers = [int(number) for number in _NUMBERS.findall(ring)]
        x = y = 0
        for position in range(0, len(numbers) - 1, 2):
            x, y = x + numbers[position], y + numbers[position + 1]
            yield x, y
