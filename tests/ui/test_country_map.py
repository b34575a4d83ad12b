"""One country's outline with dots on it."""

import pytest
from lxml import etree

from amparo.ui.country_map import Dot, country_map, place_on_map

SAID = {"title": "Places", "description": "Where it happened."}


def test_it_works() -> None:
    svg = etree.fromstring(country_map("COL", [Dot(4.6, -74.1, "Invented place", "/en/desk/cases/1/")], **SAID))

    (link,) = svg.iter("a")
    assert link.findtext("title") == "Invented place"
    left, above, side, _ = map(float, (svg.get("viewBox") or "").split())
    circle = next(svg.iter("circle"))
    assert left < float(circle.get("cx") or 0) < left + side
    assert above < float(circle.get("cy") or 0) < above + side


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    # As d3-geo's geoEqualEarth places them, fitted as vendor/build-map does.
    [
        (4, -74, 466.9031019954997, 393.4784396576902),
        (-1, 37, 966.730377130661, 423.82481225877416),
        (-18, 179, 1587.744726500439, 526.0924396669585),
        (0, 0, 800, 417.7536050195602),
    ],
)
def test_places_stand_where_the_world_map_has_them(latitude: float, longitude: float, x: float, y: float) -> None:
    assert place_on_map(latitude, longitude) == pytest.approx((x, y), rel=1e-9)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (-90.5, 0), (0, 181), (float("nan"), 0)])
def test_degrees_that_no_place_has_are_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="no such place"):
        place_on_map(latitude, longitude)


def test_a_country_without_an_outline_shows_its_dots() -> None:
    svg = etree.fromstring(country_map("TUV", [Dot(-8.5, 179.2, "Invented place", "/")], **SAID))

    assert len(list(svg.iter("circle"))) == 1
    assert not list(svg.iter("path"))


def test_nothing_to_show_is_nothing() -> None:
    assert country_map("XDM", [], **SAID) == ""


def test_what_it_says_cannot_break_out_of_it() -> None:
    svg = etree.fromstring(country_map("COL", [Dot(4, -74, '"><script>', '/"x')], **SAID))

    assert not list(svg.iter("script"))
