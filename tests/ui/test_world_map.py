"""The map: every country can be found on it, and what is not known is told apart from what is nothing."""

import gzip
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from lxml import etree

import amparo.ui
from amparo.ui.world_map import TOGETHER, Place, class_breaks, legend, shade_of, world_map
from amparo.vocabularies.catalogue import get_vocabulary

# Parts of another country, or without inhabitants who live there the year round; and what is no country of today's.
WITHOUT_A_SHAPE = {
    *("ATA", "BES", "BVT", "CCK", "CXR", "GIB", "GLP", "GUF", "MTQ", "MYT", "REU", "SJM", "TKL", "UMI"),
    *("YUG", "XDM", "unknown"),
}


def place(code: str, shade: int = 3) -> Place:
    return Place(f"Country {code}", "12", shade, f"/en/countries/{code}/")


def draw(*codes: str, **changed: object) -> Element:
    places = {code: place(code) for code in codes}
    return etree.fromstring(world_map(places, **({"title": "Victims", "description": "By country."} | changed)))


def links(svg: Element) -> dict[str, Element]:
    return {(each.get("href") or "").split("/")[-2]: each for each in svg.iter("a")}


def test_it_works() -> None:
    svg = draw("COL", "BRA")

    linked = links(svg)
    assert set(linked) == {"COL", "BRA"}
    assert linked["COL"].findtext("title") == "Country COL: 12"
    assert [each.get("class") for each in linked["COL"] if each.tag != "title"] == ["c3"]
    named = (svg.get("aria-labelledby") or "").split()
    assert [svg.xpath(f"string(//*[@id='{name}'])") for name in named] == ["Victims", "By country."]


@pytest.mark.parametrize("code", sorted(set(get_vocabulary("countries").terms) - WITHOUT_A_SHAPE))
def test_every_country_of_the_vocabulary_can_be_shown(code: str) -> None:
    linked = links(draw(code))

    assert set(linked) == {code}
    assert {each.tag for each in linked[code]} <= {"title", "path", "circle"}


def test_the_smallest_countries_are_circles_inside_the_map() -> None:
    svg = draw("TUV", "MLT", "SGP", "BHR", "MDV", "WSM", "KIR", "AND")

    _, _, width, height = map(float, (svg.get("viewBox") or "").split())
    circles = [each for linked in links(svg).values() for each in linked.iter("circle")]
    assert len(circles) == 8
    for circle in circles:
        x, y, radius = (float(circle.get(name, "")) for name in ("cx", "cy", "r"))
        assert radius <= x <= width - radius
        assert radius <= y <= height - radius


def test_the_smallest_countries_without_a_value_are_not_in_the_way() -> None:
    assert [each for each in draw("COL").iter("circle") if each.get("class") != "dot"] == []


def test_a_country_without_a_value_is_hatched_and_no_link() -> None:
    svg = draw("COL")

    hatched = [each for each in svg.iter("path") if each.get("class") == "none"]
    assert len(links(svg)) == 1
    assert len(hatched) > 150


def test_countries_that_a_source_does_not_tell_apart_are_shown_together() -> None:
    parts = TOGETHER["XIP"]

    alone = [each.get("href") for each in draw("XIP").iter("a")]
    with_own = sorted(each.get("href") or "" for each in draw("XIP", parts[0]).iter("a"))

    assert alone == ["/en/countries/XIP/"] * 2
    assert with_own == sorted([f"/en/countries/{parts[0]}/", "/en/countries/XIP/"])


def test_names_and_addresses_are_escaped() -> None:
    places = {"COL": Place("<script>", '"&', 1, '/?a=1&b="2"')}

    svg = etree.fromstring(world_map(places, title="<b>", description="&"))

    link = next(svg.iter("a"))
    assert link.findtext("title") == '<script>: "&'
    assert link.get("href") == '/?a=1&b="2"'


def test_the_whole_world_stays_light() -> None:
    everywhere = set(get_vocabulary("countries").terms)
    drawn = world_map({code: place(code) for code in everywhere}, title="Victims", description="By country.")

    assert len(gzip.compress(drawn.encode(), 9)) < 35_000
    assert "style" not in drawn


def test_classes_hold_like_numbers_of_countries_and_begin_at_round_numbers() -> None:
    counts = [3, 3, 4, 6, 7, 9, 12, 31, 46, 79, 118, 270, 342]

    breaks = class_breaks(counts)

    assert breaks == tuple(sorted(breaks))
    assert {shade_of(count, breaks) for count in counts} == {1, 2, 3, 4, 5}
    assert all(limit < 100 or limit % 10 == 0 for limit in breaks)


@pytest.mark.parametrize("counts", [[], [0], [1], [5, 5, 5, 5], [1, 1, 1, 2]])
def test_few_or_equal_counts_make_fewer_classes(counts: list[int]) -> None:
    breaks = class_breaks(counts)

    assert len(breaks) < 5
    assert all(1 <= shade_of(count, breaks) <= 5 for count in counts if count)


def test_the_legend_says_each_class_and_what_is_hidden_or_absent() -> None:
    told = etree.fromstring(
        legend((5, 20), form=str, not_shown="not shown", no_data="nothing reported", title="Key to the map")
    )

    words = [each.xpath("string()").strip() for each in told.iter("li")]
    kinds = [each.get("class") for each in told.iter("rect")]
    assert words == ["1–4", "5–19", "20+", "not shown", "nothing reported"]
    assert kinds == ["c1", "c2", "c3", "c0", "none"]


def test_the_shapes_are_those_whose_making_is_written_down() -> None:
    shapes = Path(amparo.ui.__file__).parent / "world-countries.csv"
    notes = (shapes.parent / "vendor" / "README.md").read_text(encoding="utf-8")

    assert sha256(shapes.read_bytes()).hexdigest() in notes
