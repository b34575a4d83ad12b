"""Charts that can be read without colour, by ear, in print and from right to left."""

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis.strategies import integers
from lxml import etree

from amparo.ui.charts import MOST_SERIES, Series, bar_chart, key, line_chart, nice_top

YEARS = ["2016", "2017", "2018", "2019"]
SVG = "{*}"


def draw_lines(*series: Series, **changed: object) -> Element:
    given = {"title": "Victims by year", "description": "Lines.", "identifier": "by-year"} | changed
    return etree.fromstring(line_chart(YEARS, series, **given))


def draw_bars(labels: list[str], *series: Series, **changed: object) -> Element:
    given = {"title": "Victims by sex", "description": "Bars.", "not_shown": "not shown"} | changed
    return etree.fromstring(bar_chart(labels, series, **given))


def texts(svg: Element, kind: str) -> list[str]:
    return ["".join(each.itertext()) for each in svg.iter(f"{SVG}text") if each.get("class") == kind]


def places(svg: Element, kind: str) -> list[float]:
    return [float(each.get("x", "")) for each in svg.iter(f"{SVG}text") if each.get("class") == kind]


def pieces(svg: Element) -> list[str]:
    path = next(each for each in svg.iter(f"{SVG}path") if each.get("class") == "line")
    return [piece for piece in path.get("d", "").split("M") if piece]


def widths(svg: Element, kind: str) -> list[float]:
    return [
        float(each.get("width", "")) for each in svg.iter(f"{SVG}rect") if (each.get("class") or "").startswith(kind)
    ]


def test_it_works() -> None:
    svg = draw_lines(Series("Women", (1, 2, 3, 4)), Series("Men", (8, 6, 7, 5)))

    assert svg.get("role") == "img"
    named = (svg.get("aria-labelledby") or "").split()
    assert [svg.xpath(f"string(//*[@id='{name}'])") for name in named] == ["Victims by year", "Lines."]
    assert [each.get("class") for each in svg if each.tag.endswith("}g") or each.tag == "g"] == ["s1", "s2"]


def test_each_point_says_what_it_is() -> None:
    svg = draw_lines(Series("Women", (1, 2, 3, 1234)), form=lambda value: f"{value:,}")

    told = [each.text for each in svg.iter(f"{SVG}title")][1:]

    assert told[-1] == "Women, 2019: 1,234"
    assert len(told) == 4


def test_a_count_that_is_not_shown_is_a_gap_and_never_a_zero() -> None:
    svg = draw_lines(Series("Women", (5, None, 7, 6)))

    assert len(pieces(svg)) == 2
    assert len(list(svg.iter(f"{SVG}circle"))) == 3
    assert not any("2017" in (each.text or "") for each in svg.iter(f"{SVG}title"))


def test_a_zero_is_drawn() -> None:
    assert len(pieces(draw_lines(Series("Women", (5, 0, 7, 6))))) == 1


def test_from_right_to_left_time_and_axis_are_mirrored() -> None:
    series = Series("Women", (5, 3, 7, 6))

    left_to_right = draw_lines(series)
    right_to_left = draw_lines(series, rtl=True)

    width = float((left_to_right.get("viewBox") or "").split()[2])
    assert places(right_to_left, "tick") == pytest.approx([width - x for x in places(left_to_right, "tick")], abs=0.11)
    years = [text for text in texts(right_to_left, "tick") if text in YEARS]
    assert years == YEARS
    ordered = [
        x for x, text in zip(places(right_to_left, "tick"), texts(right_to_left, "tick"), strict=True) if text in YEARS
    ]
    assert ordered == sorted(ordered, reverse=True)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A & B", '"quoted"', "قادة <b>"])
def test_every_text_is_escaped(name: str) -> None:
    lines = draw_lines(Series(name, (1, 2, 3, 4)), Series("other", (1, 1, 1, 1)), title=name, description=name)
    bars = draw_bars([name], Series(name, (None,)), title=name, not_shown=name)

    for svg in (lines, bars):
        assert {each.tag.split("}")[-1] for each in svg.iter()} <= {
            "svg",
            "title",
            "desc",
            "path",
            "text",
            "g",
            "circle",
            "rect",
        }
        assert svg.findtext(f"{SVG}title") == name
    assert name in texts(bars, "label")
    assert etree.fromstring(key([Series(name, ()), Series("other", ())])).find("li").xpath("string()").strip() == name


def test_nothing_is_styled_in_the_markup() -> None:
    drawn = line_chart(YEARS, [Series("a", (1, 2, 3, 4))], title="t", description="d")
    drawn += bar_chart(["x"], [Series("a", (1,))], title="t", description="d", not_shown="n")

    assert "style" not in drawn
    assert "fill=" not in drawn


def test_the_same_figures_give_the_same_drawing() -> None:
    once = line_chart(YEARS, [Series("a", (1, None, 3, 4))], title="t", description="d")

    assert once == line_chart(YEARS, [Series("a", (1, None, 3, 4))], title="t", description="d")


def test_series_differ_by_the_shape_of_their_markers_too() -> None:
    names = [Series(str(number), (1, 2, 3, 4)) for number in range(MOST_SERIES)]

    keys = etree.fromstring(key(names)).findall("li")

    # Everything that makes the shape, but not the class that makes the colour.
    shapes = {etree.tostring(each.find("svg/g")[0]) for each in keys}
    assert len(shapes) == MOST_SERIES


def test_there_is_no_key_to_one_series() -> None:
    assert key([Series("all", (1,))]) == ""


def test_more_series_than_can_be_told_apart_are_left_to_the_table() -> None:
    svg = draw_lines(*(Series(str(number), (1, 2, 3, 4)) for number in range(MOST_SERIES + 3)))

    assert sum((each.get("class") or "").startswith("s") for each in svg.iter(f"{SVG}g")) == MOST_SERIES


def test_bars_are_as_long_as_their_counts() -> None:
    svg = draw_bars(["man", "woman"], Series("Victims", (80, 20)))

    long, short = widths(svg, "bar")
    assert long == pytest.approx(4 * short, rel=0.01)
    assert texts(svg, "tick") == ["80", "20"]


def test_a_bar_that_is_not_shown_is_told_in_words_and_has_no_length_of_a_count() -> None:
    svg = draw_bars(["man", "woman", "not known"], Series("Victims", (80, None, 0)))

    assert texts(svg, "tick") == ["80", "not shown", "0"]
    assert len(widths(svg, "not-shown")) == 1
    assert len(widths(svg, "bar")) == 2


def test_bars_grow_from_the_right_where_reading_does() -> None:
    svg = draw_bars(["رجل", "امرأة"], Series("الضحايا", (80, 20)), rtl=True)

    width = float((svg.get("viewBox") or "").split()[2])
    ends = [float(each.get("x", "")) + float(each.get("width", "")) for each in svg.iter(f"{SVG}rect")]
    assert ends == pytest.approx([width, width], abs=0.2)


def test_a_long_label_is_broken_and_nothing_of_it_is_lost() -> None:
    label = "Lesbian, gay, bisexual, transgender, intersex and other persons whom a source names together"

    svg = draw_bars([label], Series("Victims", (3,)))

    lines = texts(svg, "label")
    assert len(lines) > 1
    assert " ".join(lines) == label


@pytest.mark.parametrize("labels", [[], ["2020"]])
def test_few_or_no_years_can_be_drawn(labels: list[str]) -> None:
    drawn = line_chart(labels, [Series("a", tuple(3 for _ in labels))], title="t", description="d")

    assert etree.fromstring(drawn).get("role") == "img"


def test_series_without_any_count_can_be_drawn() -> None:
    svg = draw_bars(["man"], Series("Victims", (None,)))

    assert texts(svg, "tick") == ["not shown"]


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (17, 20), (100, 120), (228, 240), (1733, 2000), (999_999, 1_200_000)],
)
def test_the_axis_ends_at_a_round_number_above_the_highest(highest: int, top: int) -> None:
    assert nice_top(highest) == top


@given(integers(1, 100_000_000))
def test_the_axis_never_cuts_a_count_and_its_quarters_are_whole(highest: int) -> None:
    top = nice_top(highest)

    assert highest <= top
    assert top % 4 == 0
    assert top <= 2 * highest + 4
