"""The world as SVG, countries filled by class. Pure.

Shapes: Natural Earth 1:110m, Equal Earth projection (`vendor/build-map`). The smallest countries have no shape at this
scale: they stand in the table behind the map. The map itself is never mirrored.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pycountry

_WIDTH, _HEIGHT = 1600, 752
_CLASSES = 5


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
    parts = []
    for code, path in _shapes().items():
        place = places.get(code)
        if place is None:
            parts.append(f'<path class="none" d="{path}"/>')
            continue
        told = escape(f"{place.name}: {place.told}")
        parts.append(
            f'<a href={quoteattr(place.address)}><title>{told}</title><path class="c{place.shade}" d="{path}"/></a>'
        )
    hatch = (
        '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="8" height="8"/><path class="hatch-line" d="M0 0v8"/></pattern></defs>'
    )
    return (
        f'<svg class="map" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="group" '
        f'aria-labelledby="{identifier}-title {identifier}-description">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>{hatch}{"".join(parts)}</svg>'
    )


def legend(breaks: tuple[int, ...], *, form: Callable[[int], str], not_shown: str, no_data: str, title: str) -> str:
    """The key to the classes, as a list of swatches and words."""
    limits = (1, *breaks)
    # A span of numbers runs from left to right in every script: the mark says so.
    said = [
        f"\u200e{form(low)}–{form(limits[number + 1] - 1)}" if number + 1 < len(limits) else f"\u200e{form(low)}+"
        for number, low in enumerate(limits)
    ]
    swatches = [(f"c{number}", words) for number, words in enumerate(said, start=1)]
    swatches += [("c0", not_shown), ("none", no_data)]
    items = "".join(
        f'<li><svg class="map swatch" viewBox="0 0 20 14" aria-hidden="true">'
        f'<rect class="{kind}" width="20" height="14"/></svg> <bdi>{escape(words)}</bdi></li>'
        for kind, words in swatches
    )
    return f'<ul class="legend" aria-label={quoteattr(title)}>{items}</ul>'


def _round_down(number: int) -> int:
    power: int = 10 ** max(len(str(number)) - 2, 0)
    return number // power * power


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, str]:
    by_number = {country.numeric: country.alpha_3 for country in pycountry.countries}
    shapes: dict[str, str] = {}
    with (Path(__file__).parent / "world-countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = by_number.get(row["country"], row["country"])
            shapes[code] = shapes.get(code, "") + row["path"]
    return shapes
