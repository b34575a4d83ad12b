"""The timeline and the network as SVG: where things stand, in which order, and that nothing breaks out of them."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from amparo.finding.pictures.network_chart import Node, network_chart
from amparo.finding.pictures.timeline import Entry, timeline

SAID = {"title": "Cases", "description": "Invented cases."}
NODES = [
    Node("v1", 0, "Invented Person One", "/1"),
    Node("v2", 0, "Invented Person Two", "/2"),
    Node("c1", 1, "Case 1", "/c1"),
    Node("c2", 1, "Case 2", "/c2"),
    Node("p1", 2, "Police", "/p1"),
]
HEADINGS = ("Harmed", "Cases", "Said to have acted")


def draw(entries: list[Entry], *, rtl: bool = False) -> etree._Element:
    return etree.fromstring(timeline(entries, form=lambda day: f"{day:%Y-%m}", rtl=rtl, **SAID))


def spans(svg: etree._Element) -> list[tuple[float, float, float]]:
    return [
        (float(each.get("x")), float(each.get("x")) + float(each.get("width")), float(each.get("y")))
        for each in svg.iter("rect")
    ]


def on(day: str, until: str = "") -> Entry:
    return Entry(date.fromisoformat(day), date.fromisoformat(until or day), f"Case of {day}", f"/{day}")


def test_it_works() -> None:
    (first, last) = spans(draw([on("2021-06-01"), on("2020-01-01", "2020-12-31")]))

    assert first[0] < first[1] < last[0]


def test_right_to_left_runs_the_other_way() -> None:
    early, late = spans(draw([on("2020-01-01"), on("2021-01-01")], rtl=True))

    assert early[0] > late[0]


@given(
    st.lists(
        st.tuples(st.dates(date(1970, 1, 1), date(2026, 1, 1)), st.integers(0, 400)).map(
            lambda said: Entry(said[0], date.fromordinal(said[0].toordinal() + said[1]), "Case", "/")
        ),
        min_size=1,
        max_size=30,
    ),
    st.booleans(),
)
def test_no_case_lies_on_another_and_all_are_inside(entries: list[Entry], rtl: bool) -> None:
    svg = draw(entries, rtl=rtl)

    _, _, width, height = map(float, svg.get("viewBox").split())
    drawn = spans(svg)
    assert len(drawn) == len(entries)
    assert all(left >= 0 and right <= width and 0 <= y <= height for left, right, y in drawn)
    assert not any(
        one[2] == other[2] and one[0] < other[1] and other[0] < one[1] for one, other in combinations(drawn, 2)
    )


def test_the_axis_keeps_to_years_that_calendars_have() -> None:
    assert draw([on("0001-01-01"), on("9999-12-31")]) is not None


def test_the_network_shows_every_box_once_and_ties_between_them() -> None:
    links = [("v1", "c1"), ("v2", "c2"), ("c1", "p1"), ("c2", "p1"), ("c2", "p1")]

    svg = etree.fromstring(network_chart(NODES, links, headings=HEADINGS, **SAID))

    assert [link.findtext("title") for link in svg.iter("a")] == [
        "Invented Person One",
        "Invented Person Two",
        "Case 1",
        "Case 2",
        "Police",
    ]
    assert len([path for path in svg.iter("path") if path.get("class") == "tie"]) == 4


def test_people_stand_beside_their_cases() -> None:
    svg = etree.fromstring(network_chart(NODES, [("v2", "c1"), ("v1", "c2")], headings=HEADINGS, **SAID))

    assert [link.findtext("title") for link in svg.iter("a")][:2] == ["Invented Person Two", "Invented Person One"]


def test_a_tie_to_nothing_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        network_chart(NODES, [("v1", "nowhere")], headings=HEADINGS, **SAID)


def test_names_cannot_break_out_of_it() -> None:
    svg = etree.fromstring(
        network_chart([Node("v1", 0, "</text><script>", '/"onload="x')], [], headings=HEADINGS, **SAID)
    )

    assert not list(svg.iter("script"))
    assert next(svg.iter("a")).get("onload") is None


def test_nothing_to_show_is_nothing() -> None:
    assert timeline([], form=str, **SAID) == ""
    assert network_chart([], [], headings=HEADINGS, **SAID) == ""
