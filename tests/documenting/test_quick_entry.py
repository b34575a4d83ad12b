"""Many cases in a row, ten fields each."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from amparo.cases.models import Incident, Source
from tests.documenting.entering import NAME, STORY, Desk, make_desk
from tests.leaks import find_leaks_in_database

pytestmark = pytest.mark.django_db
CASE: dict[str, Any] = {
    "date-year": "2026",
    "date-month": "3",
    "date-day": "2",
    "country": "COL",
    "area": "CO-CAU",
    "name": NAME,
    "sex": "female",
    "target": "journalist",
    "act": "killing",
    "perpetrator": "police",
    "source": "kind:ngo",
    "text": STORY,
}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_it_works(desk: Desk) -> None:
    saved = desk.post("case-quick", token="1" * 32, then="case", **CASE)

    incident = Incident.objects.get()
    victim = incident.victims.get()
    assert saved["Location"].endswith(f"/cases/{incident.pk}/")
    assert (incident.stage, str(incident.date), incident.country, incident.area) == (
        "open",
        "2026-03-02",
        "COL",
        "CO-CAU",
    )
    assert (victim.sex, victim.target, desk.opened(victim.section)) == ("female", "journalist", {"name": NAME})
    assert incident.acts.get().kind == "killing"
    assert incident.acts.get().involvements.count() == 1
    assert incident.information.get().source.kind == "ngo"
    assert desk.opened(incident.section) == {"text": STORY}
    assert find_leaks_in_database([NAME, STORY]) == []


def test_the_next_one_begins_with_date_country_and_source_and_without_names(desk: Desk) -> None:
    Source.objects.create(code="invented-monitor", kind="ngo", published_name="Invented Monitor")
    saved = desk.post("case-quick", token="1" * 32, then="next", **{**CASE, "source": "invented-monitor"})

    form = desk.get("case-quick").context["form"]

    assert saved["Location"].endswith("/cases/quick/")
    assert form["date"].value() == {
        "year": "2026", "month": "3", "day": "2", "end-year": "", "end-month": "", "end-day": "",
    }  # fmt: skip
    assert [form[name].value() for name in ("country", "area", "source")] == ["COL", "CO-CAU", "invented-monitor"]
    assert not form["name"].value()
    assert all(NAME not in str(each.get_decoded()) for each in Session.objects.all())


def test_sent_twice_it_is_one(desk: Desk) -> None:
    for _ in range(2):
        desk.post("case-quick", token="1" * 32, then="next", sure="yes", **CASE)

    assert Incident.objects.count() == 1


def test_a_likely_duplicate_is_asked_about_before_it_is_saved(desk: Desk) -> None:
    desk.post("case-quick", token="1" * 32, then="next", **CASE)

    asked = desk.post("case-quick", token="2" * 32, then="next", **CASE)
    page = asked.content.decode()

    assert asked.status_code == 422
    assert f"/cases/{Incident.objects.get().pk}/" in page
    assert STORY in page
    desk.post("case-quick", token="2" * 32, then="next", sure="yes", **CASE)
    assert Incident.objects.count() == 2


def test_nothing_known_is_a_case_too(desk: Desk) -> None:
    blank = {name: "" for name in CASE if name.startswith(("date", "name", "text", "source"))}
    unknown = dict.fromkeys(("country", "area", "sex", "target", "act", "perpetrator"), "unknown")

    assert desk.post("case-quick", token="1" * 32, then="next", **blank, **unknown).status_code == 302

    incident = Incident.objects.get()
    assert (incident.date, incident.acts.count(), incident.alleged_perpetrators.count()) == (None, 0, 0)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Desk, language: str) -> None:
    for page in ("new", "quick"):
        response = desk.client.get(f"/{language}/desk/cases/{page}/")
        assert response.status_code == 200
