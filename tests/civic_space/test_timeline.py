"""The timeline: what is drawn and what is not, at the desk and in public; and the pure drawing."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree, html
from pytest_django import Settings

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import StageFacts
from amparo.civic_space.ratings import RatingFacts, record_ratings
from amparo.civic_space.scales import get_scale, scale_codes
from amparo.civic_space.timeline import Bar, Lane, Mark, RatingLine, RatingStep, Strip, draw_timeline
from tests.channel.triage.conftest import Desk
from tests.civic_space.conftest import TITLE, make_desk, publish, write
from tests.factories import make_incident, make_institution


def draw(lanes: tuple[Lane, ...] = (), strips: tuple[Strip, ...] = (), *, rtl: bool = False) -> etree._Element:
    line = (
        RatingLine("Invented scale", ("Closed", "Repressed", "Open"), (RatingStep(date(2020, 5, 1), 2, "Repressed"),))
        if lanes
        else None
    )
    ratings = (line,) if line else ()
    drawn = draw_timeline(lanes, ratings, strips, title="T", description="D", identifier="t", rtl=rtl)
    return etree.fromstring(drawn) if drawn else etree.Element("nothing")


def mark(number: int, start: str, end: str = "", *, goes_on: bool = False, told: str = "") -> Mark:
    first = date.fromisoformat(start)
    return Mark(number, first, date.fromisoformat(end) if end else first, goes_on, told or f"mark {number}")


MARKS = (
    mark(1, "2019-12-31"),
    mark(2, "2020-01-02", "2021-06-30"),
    mark(3, "2020-02-01", "2022-12-31", goes_on=True),
    mark(4, "2022-12-31", told="<script>&"),
)


@pytest.mark.parametrize("rtl", [False, True])
def test_it_works(rtl: bool) -> None:
    strip = Strip(
        "Invented counts",
        6,
        (
            Bar(date(2020, 1, 1), date(2020, 12, 31), 7, "2020: 7"),
            Bar(date(2021, 1, 1), date(2021, 12, 31), 0, "2021: 0"),
            Bar(date(2022, 1, 1), date(2022, 12, 31), None, "2022: not shown"),
        ),
    )

    svg = draw((Lane("Restrictive", 2, MARKS), Lane("Enabling", 1, ())), (strip,), rtl=rtl)

    rects = svg.findall(".//{*}rect")
    told = [each.findtext("{*}title") or each.findtext("title") for each in rects]
    assert told == ["mark 1", "mark 2", "mark 3", "<script>&", "2020: 7", "2022: not shown"]
    assert "not-shown" in rects[-1].get("class", "")
    texts = [each.text for each in svg.iter("text")]
    assert {"1", "2", "3", "4", "Restrictive", "Repressed", "2019", "2022"} <= set(texts)
    assert "Enabling" not in texts
    for each in rects:
        left, width = float(each.get("x", "0")), float(each.get("width", "0"))
        assert 0 <= left <= left + width <= 440
    for each in svg.iter("text"):
        assert 0 <= float(each.get("x", "0")) <= 440
    first, second = (float(each.get("x", "0")) for each in rects[4:6])
    assert (first > second) is rtl


def test_marks_that_would_lie_on_one_another_stand_in_rows() -> None:
    svg = draw((Lane("Restrictive", 2, tuple(mark(number, f"2020-01-{number:02}") for number in range(1, 21))),))

    places = {(each.get("y"), each.get("x")) for each in svg.findall(".//rect")}
    assert len({y for y, _x in places}) == 20


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw().tag == "nothing"


def test_every_scale_that_comes_along_can_be_read() -> None:
    for code in scale_codes():
        scale = get_scale(code)
        assert scale.code == code
        for value in scale.values.values():
            assert all(
                value.labels[language] and scale.find(value.labels[language]) == value for language in ["en", "fr"]
            )


@pytest.fixture
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("_folder")
class TestOnPages:
    def test_the_desk_sees_its_drafts_and_its_own_incidents(self, desk: Desk) -> None:
        write(desk.user)
        for day in ("2024-04-01", "2024-04-30", "2024"):
            make_incident(desk.founded, date=day, country="XDM")
        make_incident(make_institution(), date="2024-04-02", country="XDM")

        page = desk.client.get(reverse("conditions-country", args=["XDM"])).content.decode()

        assert TITLE in page
        assert "Apr 2024: 2" in page
        assert "1 incident has a date that is not known to the month" in page

    def test_a_network_sees_what_is_public_and_none_of_the_incidents(self, desk: Desk, colleague: Desk) -> None:
        publish(desk.user, colleague.user)
        write(desk.user, titles={"en": "Invented draft"})
        make_incident(desk.founded, date="2024-04-01", country="XDM")
        network = make_desk(make_institution(kind="network"), role="editor")

        page = network.client.get(reverse("conditions-country", args=["XDM"])).content.decode()

        assert TITLE in page
        assert "Invented draft" not in page
        assert "Apr 2024" not in page
        assert "Demoland" in network.client.get(reverse("conditions-countries")).content.decode()

    @pytest.mark.parametrize("country", ["unknown", "XXX", "xdm"])
    def test_what_is_no_country_has_no_timeline(self, country: str, desk: Desk) -> None:
        assert desk.client.get(reverse("conditions-country", args=[country])).status_code == 404
        assert desk.client.get(f"/en/countries/{country}/conditions.csv").status_code == 404

    @pytest.mark.parametrize("setting", ["", "online", "offline"])
    def test_readers_choose_online_or_offline(self, setting: str, desk: Desk, colleague: Desk, client: Client) -> None:
        for kind in ("online", "offline", "both", "unknown"):
            publish(desk.user, colleague.user, titles={"en": f"Invented {kind} thing"}, setting=kind)

        page = client.get(f"/en/countries/XDM/conditions/{setting}{'/' if setting else ''}").content.decode()

        found = {kind for kind in ("online", "offline", "both", "unknown") if f"Invented {kind} thing" in page}
        assert found == ({setting, "both"} if setting else {"online", "offline", "both", "unknown"})

    @pytest.mark.parametrize("address", ["conditions/mistake/", "conditions.xml", "conditions/both/"])
    def test_another_address_is_not_there(self, address: str, client: Client) -> None:
        assert client.get(f"/en/countries/XDM/{address}").status_code == 404

    def test_a_page_without_a_release_says_what_there_is(self, client: Client) -> None:
        page = client.get("/en/countries/col/conditions/", follow=True).content.decode()

        assert "That does not mean that there is none." in page

    def test_ratings_of_others_stand_with_their_source_and_in_no_file(self, client: Client) -> None:
        link = "https://monitor.civicus.org/country/colombia/"
        dates = (("obstructed", "2017"), ("repressed", "2021-03-19"))
        ratings = [RatingFacts("COL", value, EventDate.read(day), link) for value, day in dates]
        record_ratings(get_scale("civicus"), ratings)

        page = client.get("/en/countries/COL/conditions/").content.decode()

        table = html.fromstring(page).xpath("//table[caption[@id='scale-civicus']]")[0]
        assert [cell.text_content() for cell in table.xpath(".//td")] == ["Obstructed", "3 of 5", "Repressed", "2 of 5"]
        assert 'href="https://monitor.civicus.org/"' in page
        assert "not Amparo’s judgement" in page
        assert client.get("/en/countries/COL/conditions.json").json() == {"conditions": []}

    def test_the_texts_are_marked_with_their_language(self, desk: Desk, colleague: Desk, client: Client) -> None:
        publish(desk.user, colleague.user, titles={"ar": "قانون متخيَّل"})

        page = html.fromstring(client.get("/fr/countries/XDM/conditions/").content.decode())

        (title,) = page.xpath("//th[@scope='row']/span[@lang='ar']")
        assert (title.get("dir"), title.text_content()) == ("rtl", "قانون متخيَّل")

    def test_a_law_goes_on_until_it_is_ended(self, desk: Desk, colleague: Desk, client: Client) -> None:
        stages = (StageFacts("in-force", EventDate.read("2020")),)
        ended = (*stages, StageFacts("repealed", EventDate.read("2022-01-01")))
        for title, facts in (("goes on", stages), ("ended", ended)):
            publish(desk.user, colleague.user, titles={"en": title}, stages=facts, date=EventDate.read("2020-01-01"))

        page = html.fromstring(client.get("/en/countries/XDM/conditions/").content.decode())

        goes_on, gone = (float(each) for each in page.xpath("//figure//g[@class='s2']/rect/@width"))
        assert goes_on > 2 * gone
        assert len(page.xpath("//figure//g[@class='s2']/path[@class='marker']")) == 1

    def test_many_conditions_cost_no_more_queries_and_stay_light(
        self, desk: Desk, colleague: Desk, client: Client
    ) -> None:
        counts: dict[str, list[int]] = {}
        for number in (2, 20):
            for each in range(number):
                publish(desk.user, colleague.user, titles={"en": f"Invented condition number {each}"})
            for reader, address in (
                (client, "/en/countries/XDM/conditions/"),
                (client, "/en/countries/XDM/conditions.csv"),
                (desk.client, reverse("conditions-country", args=["XDM"])),
            ):
                with CaptureQueriesContext(connection) as queries:
                    assert reader.get(address).status_code == 200
                counts.setdefault(address, []).append(len(queries))

        assert [few == many for few, many in counts.values()] == [True] * 3
        page = client.get("/en/countries/XDM/conditions/").content
        assert b"<script" not in page
        assert b"style=" not in page
