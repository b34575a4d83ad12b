"""Small multiples, heat maps, slopes, dots, and charts that stand alone: every number in its place."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import amparo.ui
from amparo.ui.charts.alone import COLOURS, Around, stand_alone
from amparo.ui.charts.bars import plot_bars
from amparo.ui.charts.dots import CountryDot, off_the_map, plot_dots
from amparo.ui.charts.heat import plot_heat
from amparo.ui.charts.lines import MOST_PANELS, plot_lines, plot_multiples
from amparo.ui.charts.look import MOST_SERIES, WIDTH, Drawing, Look, Series
from amparo.ui.charts.slopes import plot_slopes
from amparo.ui.country_map import place_on_map
from amparo.ui.world_map import land, middle_of
from tests.ui.test_style_sheet import contrast, tokens

YEARS = ["2016", "2017", "2018", "2019"]
LOOK = Look(not_shown="not shown")
ARABIC = Look(not_shown="غير معروض", rtl=True)
SAID = {"title": "Victims", "description": "A chart."}
SVG = "{*}"
AROUND = Around(["424 victims in all."], ["Source: Amparo, release 2026-1.", "https://amparo.example/"], "en")


def parse(drawing: Drawing) -> Element:
    return etree.fromstring(drawing.to_svg("chart"))


def told(svg: Element) -> list[str]:
    """What each mark says of itself; the first title is that of the chart."""
    return [each.text or "" for each in svg.iter(f"{SVG}title")][1:]


def marked(svg: Element, kind: str) -> list[Element]:
    return [each for each in svg.iter() if kind in (each.get("class") or "").split()]


def texts(svg: Element) -> list[str]:
    return ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]


def plot_each(look: Look, *series: Series) -> list[Drawing]:
    """The same figures as every kind of chart."""
    two = [Series(each.name, (each.values[0], each.values[-1])) for each in series]
    dots = [CountryDot(code, code, each.values[0]) for code, each in zip(("COL", "BRA", "MEX"), series, strict=False)]
    return [
        plot_lines(YEARS, series, **SAID, look=look),
        plot_bars(YEARS, series, **SAID, look=look),
        plot_multiples(YEARS, series, **SAID, look=look),
        plot_heat(YEARS, series, **SAID, look=look, over_time=True),
        plot_slopes(("2016", "2019"), two, **SAID, look=look),
        plot_dots(dots, **SAID, look=look),
    ]


counts = st.none() | st.integers(0, 5_000)
several = st.lists(st.tuples(*[counts] * len(YEARS)), min_size=1, max_size=3)


def test_it_works() -> None:
    for drawing in plot_each(LOOK, Series("Women", (1, 2, 3, 4)), Series("Men", (8, 6, 7, 5))):
        svg = parse(drawing)
        assert svg.get("role") == "img"
        named = (svg.get("aria-labelledby") or "").split()
        assert [svg.xpath(f"string(//*[@id='{name}'])") for name in named] == ["Victims", "A chart."]
        assert "style" not in drawing.to_figure("chart")


@settings(max_examples=60, deadline=None)
@given(rows=several)
def test_each_mark_says_its_count_and_a_hidden_one_says_that_it_is(rows: list[tuple[int | None, ...]]) -> None:
    series = [Series(f"S{number}", values) for number, values in enumerate(rows)]

    lines, bars, multiples, heat, _slopes, _dots = (told(parse(each)) for each in plot_each(LOOK, *series))

    expected = sorted(
        f"{each.name}, {year}: {LOOK.tell(value)}"
        for each in series
        for year, value in zip(YEARS, each.values, strict=True)
    )
    assert sorted(lines) == sorted(multiples) == sorted(heat) == expected
    assert sorted(re.sub(r"^(\w+), (\w+):", r"\2, \1:", each) for each in bars) == expected


@settings(max_examples=60, deadline=None)
@given(rows=several)
def test_slopes_and_dots_tell_what_is_shown_and_nothing_of_what_is_not(rows: list[tuple[int | None, ...]]) -> None:
    series = [Series(f"S{number}", values) for number, values in enumerate(rows)]

    *_others, slopes, dots = (parse(each) for each in plot_each(LOOK, *series))

    ends = [(each.name, year, each.values[place]) for each in series for year, place in (("2016", 0), ("2019", -1))]
    assert sorted(told(slopes)) == sorted(f"{name}, {year}: {v}" for name, year, v in ends if v is not None)
    assert len(marked(slopes, "line")) == sum(None not in (each.values[0], each.values[-1]) for each in series)
    assert sum("not shown" in each for each in texts(slopes)) == sum(v is None for _n, _y, v in ends)
    firsts = [each.values[0] for each in series]
    assert sorted(each.rsplit(": ")[1] for each in told(dots)) == sorted(LOOK.tell(v) for v in firsts if v != 0)


@pytest.mark.parametrize("look", [LOOK, ARABIC, Look(not_shown="غير معروض", rtl=True, alone=True)])
def test_nothing_stands_outside_the_chart(look: Look) -> None:
    series = [Series(f"A long name of series {n}", (1, None, 123_456, 7)) for n in range(MOST_SERIES)]

    for drawing in plot_each(look, *series):
        for each in parse(drawing).iter(f"{SVG}text", f"{SVG}rect"):
            assert -1 <= float(each.get("x", "0")) <= WIDTH + 1
            assert 0 <= float(each.get("y", "0")) <= drawing.height


def test_from_right_to_left_charts_are_mirrored_but_the_map_is_not() -> None:
    series = [Series("Women", (1, 2, 3, 4)), Series("Men", (8, 6, 7, 5))]

    for left, right in zip(
        plot_each(LOOK, *series)[:5], plot_each(Look(not_shown="not shown", rtl=True), *series)[:5], strict=True
    ):
        places = [
            sorted(float(each.get("x", "")) for each in parse(drawing).iter(f"{SVG}text")) for drawing in (left, right)
        ]
        assert places[1] == pytest.approx(sorted(WIDTH - x for x in places[0]), abs=0.2)
    dots = [CountryDot("COL", "Colombia", 9)]
    here, there = (parse(plot_dots(dots, **SAID, look=look)) for look in (LOOK, ARABIC))
    assert marked(here, "dot")[0].attrib == marked(there, "dot")[0].attrib


def test_small_multiples_are_on_one_scale_and_no_more_than_have_room() -> None:
    series = [Series(f"S{number}", (number, 2, 3, 4)) for number in range(MOST_PANELS + 4)]

    svg = parse(plot_multiples(YEARS, series, **SAID, look=LOOK))

    assert len(marked(svg, "line")) == MOST_PANELS
    tops = {text for text in texts(svg) if text.isdecimal() and text not in {"0", *YEARS}}
    assert len(tops) == 1


def test_a_heat_map_is_darker_where_there_is_more_and_never_dark_where_nothing_is_shown() -> None:
    svg = parse(plot_heat(YEARS, [Series("Threat", (0, 5, 500, None))], **SAID, look=LOOK, over_time=True))

    kinds = [(each.get("class") or "").split()[1] for each in marked(svg, "cell")]
    assert kinds[0] == "nothing"
    assert kinds[3] == "not-shown"
    assert kinds[1] < kinds[2]


def test_long_heads_of_a_heat_map_are_lettered_and_the_key_says_which_is_which() -> None:
    heads = ["Freedom of expression, media", "Land and the environment", "Women’s rights"]

    drawing = plot_heat(heads, [Series("Killing", (1, 2, 3))], **SAID, look=LOOK, over_time=False)

    assert [text for text in texts(parse(drawing)) if text in "ABC"] == ["A", "B", "C"]
    assert [sign.words for sign in drawing.signs if sign.words in heads] == heads


def test_the_area_of_a_dot_is_its_count() -> None:
    svg = parse(plot_dots([CountryDot("COL", "C", 400), CountryDot("BRA", "B", 100)], **SAID, look=LOOK))

    large, small = (float(each.get("r", "")) for each in marked(svg, "dot")[:2])
    assert large == pytest.approx(2 * small, abs=0.1)


def test_a_country_without_a_place_is_named_and_one_that_is_hidden_has_an_empty_dot() -> None:
    dots = [CountryDot("XDM", "Demoland", 4), CountryDot("COL", "Colombia", None), CountryDot("BRA", "Brazil", 0)]

    svg = parse(plot_dots(dots, **SAID, look=LOOK))

    assert [dot.name for dot in off_the_map(dots)] == ["Demoland"]
    assert told(svg) == ["Colombia: not shown"]
    assert len(marked(svg, "not-shown")) == 1


@pytest.mark.parametrize(
    ("code", "north", "east"), [("COL", 4, -73), ("USA", 40, -99), ("FRA", 46.5, 2.5), ("TUV", -8.5, 179.2)]
)
def test_the_middle_of_a_country_is_in_it(code: str, north: float, east: float) -> None:
    assert middle_of(code) == pytest.approx(place_on_map(north, east), abs=12)


def test_countries_not_told_apart_have_the_middle_between_them() -> None:
    israel, palestine, both = (middle_of(code) for code in ("ISR", "PSE", "XIP"))

    assert israel
    assert palestine
    assert both == pytest.approx([(a + b) / 2 for a, b in zip(israel, palestine, strict=True)])
    assert middle_of("unknown") is None
    assert land().startswith("M")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A & B", '"quoted"', "قادة <b>"])
def test_every_text_is_escaped(name: str) -> None:
    look = Look(not_shown=name, alone=True)
    for drawing in plot_each(look, Series(name, (1, None, 3, 4)), Series("other", (None, 1, 1, 1))):
        picture = stand_alone(drawing, Around([name], [name], "en"), look)
        svg = etree.fromstring(picture.svg)
        assert {each.tag.split("}")[-1] for each in svg.iter()} <= {
            *("svg", "title", "desc", "style", "rect", "text", "g", "path", "circle"),
        }
        assert name in " ".join(texts(svg))


def test_what_stands_alone_has_title_key_words_source_and_style_in_it() -> None:
    look = Look(not_shown="not shown", alone=True)
    drawing = plot_lines(YEARS, [Series("Women", (1, 2, 3, 4)), Series("Men", (8, 6, 7, 5))], **SAID, look=look)

    picture = stand_alone(drawing, AROUND, look)

    svg = etree.fromstring(picture.svg)
    for text in ("Victims", "Women", "Men", *AROUND.words, *AROUND.source):
        assert text in texts(svg)
    assert svg.find(f"{SVG}style") is not None
    assert not re.search(r"url\(|@import|href|var\(", picture.svg)
    assert (picture.width, picture.height) == (int(svg.get("width", "")), int(svg.get("height", "")))


def test_lines_are_broken_between_words_and_never_within_a_number() -> None:
    look = Look(alone=True)
    said = " ".join(["111 sur 1\u202f782 victimes (6\u00a0%)"] * 12)

    picture = stand_alone(plot_bars(["x"], [Series("x", (3,))], **SAID, look=look), Around([said], [], "fr"), look)

    lines = [
        each.text or "" for each in etree.fromstring(picture.svg).iter(f"{SVG}text") if each.get("class") == "words"
    ]
    assert len(lines) > 3
    assert " ".join(lines) == said


def test_alone_and_from_right_to_left_text_needs_no_page_that_says_so() -> None:
    look = Look(not_shown="غير معروض", rtl=True, alone=True)

    svg = etree.fromstring(stand_alone(plot_bars(["قتل"], [Series("x", (3,))], **SAID, look=look), AROUND, look).svg)

    label = next(each for each in svg.iter(f"{SVG}text") if each.get("class") == "label")
    assert label.get("text-anchor") == "end"
    assert label.text == "\u2067قتل\u2069"


def test_its_colours_are_those_of_the_style_sheet() -> None:
    sheet = (Path(amparo.ui.__file__).parent / "static" / "ui" / "amparo.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([\w-]+): (#\w{6});", sheet.split("(prefers-color-scheme: dark)")[0]))

    assert {name: light[name] for name in COLOURS} == COLOURS


def test_the_classes_of_a_heat_map_have_words_that_can_be_read_on_them() -> None:
    for scheme in ("light", "dark"):
        colours = tokens(scheme)
        on = {1: "ink", 2: "ink", 3: "on-middle", 4: "on-dark", 5: "on-dark"}
        assert all(contrast(colours[ink], colours[f"class-{n}"]) >= 4.5 for n, ink in on.items()), scheme
