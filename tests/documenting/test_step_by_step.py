"""A new case, step by step: kept as a draft at every step, counted only once it is opened."""

import pytest
from django.urls import reverse

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Act, Incident, Source
from amparo.vault.models import LogEntry, Section
from tests.documenting.entering import NAME, STORY, TOKEN, WHAT, Desk, make_desk, make_draft
from tests.leaks import find_leaks_in_database

pytestmark = pytest.mark.django_db
PLACE = "Invented Quorvendale, behind the mill"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_it_works(desk: Desk) -> None:
    begun = desk.post("case-new", token=TOKEN, place=PLACE, place_kind="home", place_precision="exact", **WHAT)
    incident = Incident.objects.get()
    assert begun["Location"] == reverse("case-document", args=[incident.pk, "victims"])

    desk.post("case-part-add", incident.pk, "victim", token="a" * 32, kind="person", name=NAME, sex="female",
              target="human-rights-defender", gender="woman", age_band="35-49", profiles=["land", "environment"],
              gender_identity="unknown", sexual_orientation="unknown", ruled_out=["torture"])  # fmt: skip
    victim = incident.victims.get()
    desk.post("case-part-add", incident.pk, "act", token="b" * 32, victims=[victim.pk],
              kinds=["killing", "threat"], methods=["firearm"], place=incident.places.get().pk)  # fmt: skip
    desk.post("case-part-add", incident.pk, "perpetrator", token="c" * 32, kind="hired-killer", state_link="none",
              name="Invented Hooded Man", acts=["all"], degree="carried-out")  # fmt: skip
    desk.post("case-part-add", incident.pk, "source", token="d" * 32, source="kind:press", name="Invented Gazette",
              reliability="b", credibility="2", independence="yes", text="It said so.")  # fmt: skip
    desk.post("case-document", incident.pk, "story", text=STORY, notes="An invented note.")
    check = desk.page("case-document", incident.pk, "check")
    opened = desk.post("case-open", incident.pk)

    incident.refresh_from_db()
    assert opened["Location"] == reverse("case", args=[incident.pk])
    assert (incident.stage, str(incident.date), incident.area, incident.because_of_work) == (
        "open", "2026-03", "CO-CAU", "yes",
    )  # fmt: skip
    assert desk.opened(victim.section) == {"name": NAME}
    assert sorted(victim.profiles.values_list("profile", flat=True)) == ["environment", "land"]
    assert [row.kind for row in victim.ruled_out.all()] == ["torture"]
    act = incident.acts.get(kind="killing")
    assert [row.method for row in act.methods.all()] == ["firearm"]
    assert act.place == incident.places.get()
    assert [each.degree for each in act.involvements.all()] == ["carried-out"]
    assert desk.opened(incident.section) == {"text": STORY}
    assert desk.opened(incident.notes) == {"text": "An invented note."}
    assert desk.opened(incident.places.get().section) == {"place": PLACE}
    assert "Two sources that are independent" in check
    assert find_leaks_in_database([NAME, STORY, PLACE, "Invented Gazette", "Invented Hooded Man"]) == []
    shown = desk.page("case", incident.pk)
    for words in (NAME, STORY, PLACE, "Invented Gazette", "Invented Hooded Man", "Firearm", "An invented note."):
        assert words in shown


def test_a_draft_is_counted_only_once_it_is_opened(desk: Desk) -> None:
    incident = make_draft(desk)
    assert read_coded_plane().num_rows == 0

    desk.post("case-open", incident.pk)

    assert read_coded_plane().num_rows == 1


def test_the_last_step_says_what_is_missing_and_where_to_add_it(desk: Desk) -> None:
    incident = make_draft(desk)

    page = desk.page("case-document", incident.pk, "check")

    assert "Who suffered it" in page
    assert reverse("case-document", args=[incident.pk, "sources"]) in page
    assert "The date, or at least the year" not in page


@pytest.mark.parametrize("part", ["victim", "perpetrator", "place", "source"])
def test_a_form_sent_twice_adds_once(desk: Desk, part: str) -> None:
    incident = make_draft(desk)
    fields = {
        "victim": {"kind": "person", "target": "unknown", "sex": "unknown", "gender": "unknown", "age_band": "unknown"},
        "perpetrator": {"kind": "police", "state_link": "agent"},
        "place": {"place": PLACE, "kind": "home", "precision": "exact"},
        "source": {"source": "kind:ngo", "reliability": "a", "credibility": "1", "independence": "yes"},
    }[part]

    for _ in range(2):
        assert desk.post("case-part-add", incident.pk, part, token="e" * 32, **fields).status_code == 302

    relation = {"victim": "victims", "perpetrator": "alleged_perpetrators", "place": "places", "source": "information"}
    assert getattr(incident, relation[part]).count() == 1


def test_a_new_case_sent_twice_is_one(desk: Desk) -> None:
    for _ in range(2):
        desk.post("case-new", token=TOKEN, place_kind="unknown", place_precision="unknown", **WHAT)

    assert Incident.objects.count() == 1
    assert LogEntry.objects.filter(action="case-begun").count() == 1


def test_acts_sent_twice_are_added_once(desk: Desk) -> None:
    incident = make_draft(desk)
    victim = incident.victims.create()

    for _ in range(2):
        desk.post("case-part-add", incident.pk, "act", token="f" * 32, victims=[victim.pk], kinds=["threat", "search"])

    assert Act.objects.count() == 2


def test_the_areas_of_another_country_are_shown_and_nothing_saved(desk: Desk) -> None:
    asked = desk.post("case-new", **{**WHAT, "country": "GTM", "show-areas": "1", "place": PLACE, "token": TOKEN})

    page = asked.content.decode()
    assert "Alta Verapaz" in page
    assert PLACE in page
    assert not Incident.objects.exists()


def test_an_area_of_another_country_is_not_kept(desk: Desk) -> None:
    desk.post("case-new", place_kind="unknown", place_precision="unknown", token=TOKEN, **{**WHAT, "country": "GTM"})

    assert Incident.objects.get().area == "unknown"


def test_gender_identity_is_written_only_where_it_was_agreed(desk: Desk) -> None:
    incident = make_draft(desk)
    said = {"kind": "person", "target": "unknown", "sex": "unknown", "gender": "unknown", "age_band": "unknown",
            "gender_identity": "transgender", "sexual_orientation": "unknown", "token": "a" * 32}  # fmt: skip

    refused = desk.post("case-part-add", incident.pk, "victim", **said)
    desk.post("case-part-add", incident.pk, "victim", agreed="on", **said)

    assert refused.status_code == 422
    assert "only where the person agreed" in refused.content.decode()
    assert desk.opened(incident.victims.get().section) == {"agreed": "yes", "gender_identity": "transgender"}


def test_a_draft_is_destroyed_with_all_that_was_sealed_in_it(desk: Desk) -> None:
    incident = make_draft(desk)
    desk.post("case-document", incident.pk, "story", text=STORY, notes="")
    desk.post("case-part-add", incident.pk, "place", token="a" * 32, place=PLACE, kind="home", precision="exact")
    asked = desk.get("case-discard", incident.pk)

    desk.post("case-discard", incident.pk)

    assert asked.status_code == 200
    assert not Incident.objects.exists()
    assert not Section.objects.filter(kind__in=("narrative", "place", "notes")).exists()


def test_a_case_that_is_open_is_not_discarded(desk: Desk) -> None:
    incident = make_draft(desk)
    desk.post("case-open", incident.pk)

    desk.post("case-discard", incident.pk)

    assert Incident.objects.filter(pk=incident.pk).exists()


def test_a_source_that_publishes_under_its_name_is_named_once(desk: Desk) -> None:
    Source.objects.create(code="invented-monitor", kind="ngo", published_name="Invented Monitor")
    incident = make_draft(desk)
    said = {"source": "invented-monitor", "reliability": "a", "credibility": "1", "independence": "yes"}

    desk.post("case-part-add", incident.pk, "source", token="a" * 32, **said)
    again = desk.post("case-part-add", incident.pk, "source", token="b" * 32, **said)

    assert incident.information.get().source.published_name == "Invented Monitor"
    assert again.status_code == 422
    assert "in the case already" in again.content.decode()


@pytest.mark.parametrize("step", ["what", "victims", "acts", "perpetrators", "sources", "story", "check"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_step_in_another_language(desk: Desk, step: str, language: str) -> None:
    incident = make_draft(desk)

    response = desk.client.get(f"/{language}/desk/cases/{incident.pk}/document/{step}/")

    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


def test_likely_duplicates_are_listed_before_the_case_is_opened(desk: Desk) -> None:
    for _ in range(2):
        desk.post("case-quick", token="1" * 32, country="COL", area="CO-CAU", name=NAME, sex="female",
                  target="unknown", act="killing", perpetrator="unknown", source="", text="", **{"date-year": "2026",
                  "date-month": "3", "date-day": "2"})  # fmt: skip
    other = Incident.objects.get()
    desk.post("case-new", token=TOKEN, place_kind="unknown", place_precision="unknown", **WHAT)
    incident = Incident.objects.get(stage="draft")
    desk.post("case-part-add", incident.pk, "victim", token="a" * 32, kind="person", name=NAME, sex="female",
              target="unknown", gender="unknown", age_band="unknown", gender_identity="unknown",
              sexual_orientation="unknown")  # fmt: skip

    page = desk.page("case-document", incident.pk, "check")

    assert "Is it there already?" in page
    assert reverse("case", args=[other.pk]) in page
    assert "the same name" in page
