"""Two who change the same case: what each changed stays, and where both changed the same the second one chooses."""

import pytest
from django.urls import reverse

from amparo.cases.models import Incident, Victim
from amparo.vault.models import LogEntry
from tests.documenting.entering import NAME, STORY, Desk, form_of, make_case, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_it_works(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    form = form_of(desk, "case-document", incident.pk)

    saved = desk.post("case-document", incident.pk, **{**form, "setting": "online"})

    incident.refresh_from_db()
    assert saved.status_code == 302
    assert (incident.setting, incident.version) == ("online", 2)
    entry = LogEntry.objects.get(action="record-changed")
    assert (entry.record, entry.facts) == (
        f"incident:{incident.pk}",
        {"part": "what", "number": incident.pk, "setting": "changed"},
    )


def test_different_fields_come_together_by_themselves(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    other = desk.colleague()
    one, two = (form_of(each, "case-part", incident.pk, "victim", victim.pk) for each in (desk, other))

    desk.post("case-part", incident.pk, "victim", victim.pk, **{**one, "sex": "female", "function": "Invented judge"})
    saved = other.post(
        "case-part", incident.pk, "victim", victim.pk, **{**two, "age_band": "25-34", "organisation": "Invented union"}
    )

    victim.refresh_from_db()
    assert saved.status_code == 302
    assert (victim.sex, victim.age_band) == ("female", "25-34")
    assert desk.opened(victim.section) == {"name": NAME, "function": "Invented judge", "organisation": "Invented union"}


def test_the_same_field_is_shown_as_both_left_it_and_nothing_is_written_before_the_choice(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    other = desk.colleague()
    one, two = (form_of(each, "case-document", incident.pk, "story") for each in (desk, other))
    desk.post(
        "case-document",
        incident.pk,
        "story",
        **{**one, "text": "The first one’s invented words.", "links": "https://example.org/"},
    )

    asked = other.post("case-document", incident.pk, "story", **{**two, "text": "The second one’s invented words."})

    page = asked.content.decode()
    assert asked.status_code == 422
    assert page.count("The first one’s invented words.") == 1
    assert page.count("The second one’s invented words.") == 2
    assert "https://example.org/" in page
    incident = Incident.objects.get()
    assert desk.opened(incident.section)["text"] == "The first one’s invented words."
    assert "invented words" not in str(asked.context["opened"])


@pytest.mark.parametrize(("choice", "kept"), [("mine", "The second’s."), ("theirs", "The first’s.")])
def test_who_comes_second_chooses(desk: Desk, choice: str, kept: str) -> None:
    incident, _, _ = make_case(desk)
    other = desk.colleague()
    one, two = (form_of(each, "case-document", incident.pk, "story") for each in (desk, other))
    desk.post("case-document", incident.pk, "story", **{**one, "text": "The first’s."})
    asked = other.post("case-document", incident.pk, "story", **{**two, "text": "The second’s.", "notes": "A note."})
    again = {"text": "The second’s.", "links": "", "notes": "A note.", "opened": asked.context["opened"]}

    saved = other.post("case-document", incident.pk, "story", **{**again, "choose-text": choice})

    incident = Incident.objects.get()
    assert saved.status_code == 302
    assert desk.opened(incident.section)["text"] == kept
    assert desk.opened(incident.notes) == {"text": "A note."}


def test_a_third_change_while_the_second_chooses_is_asked_again(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    other = desk.colleague()
    one, two = (form_of(each, "case-part", incident.pk, "victim", victim.pk) for each in (desk, other))
    desk.post("case-part", incident.pk, "victim", victim.pk, **{**one, "sex": "female"})
    asked = other.post("case-part", incident.pk, "victim", victim.pk, **{**two, "sex": "male"})
    assert asked.status_code == 422
    three = form_of(desk, "case-part", incident.pk, "victim", victim.pk)
    desk.post("case-part", incident.pk, "victim", victim.pk, **{**three, "name": "Invented Person Two"})

    saved = other.post(
        "case-part", incident.pk, "victim", victim.pk,
        **{**two, "sex": "male", "choose-sex": "mine", "opened": asked.context["opened"]},
    )  # fmt: skip

    victim.refresh_from_db()
    assert saved.status_code == 302
    assert victim.sex == "male"
    assert desk.opened(victim.section)["name"] == "Invented Person Two"


def test_both_changing_to_the_same_is_no_conflict(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    other = desk.colleague()
    one, two = (form_of(each, "case-part", incident.pk, "victim", victim.pk) for each in (desk, other))

    for each, form in ((desk, one), (other, two)):
        assert each.post("case-part", incident.pk, "victim", victim.pk, **{**form, "sex": "female"}).status_code == 302

    incident.refresh_from_db()
    assert incident.version == 2


def test_a_record_that_was_removed_meanwhile_can_be_added_anew_with_what_was_typed(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    other = desk.colleague()
    form = form_of(other, "case-part", incident.pk, "victim", victim.pk)
    desk.post("case-part-remove", incident.pk, "victim", victim.pk)

    told = other.post("case-part", incident.pk, "victim", victim.pk, **{**form, "name": "Invented Person Three"})

    page = told.content.decode()
    assert told.status_code == 409
    assert "Invented Person Three" in page
    assert reverse("case-part-add", args=[incident.pk, "victim"]) in page
    other.post("case-part-add", incident.pk, "victim", **{**form, "token": "a" * 32, "name": "Invented Person Three"})
    assert desk.opened(Victim.objects.get().section) == {"name": "Invented Person Three"}


def test_an_act_that_was_removed_meanwhile_is_shown_as_new_ones_are(desk: Desk) -> None:
    incident, _, act = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "act", act.pk)
    desk.post("case-part-remove", incident.pk, "act", act.pk)

    told = desk.post("case-part", incident.pk, "act", act.pk, **{**form, "kind": "torture", "methods": ["burning"]})

    assert told.status_code == 409
    assert told.context["form"]["kinds"].value() == ["torture"]
    assert told.context["form"]["methods"].value() == ["burning"]


def test_a_form_sent_twice_changes_once(desk: Desk) -> None:
    incident, _, act = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "act", act.pk)

    for _ in range(2):
        desk.post("case-part", incident.pk, "act", act.pk, **{**form, "methods": ["firearm", "vehicle"]})

    incident.refresh_from_db()
    assert incident.version == 2
    assert sorted(row.method for row in act.methods.all()) == ["firearm", "vehicle"]


def test_what_another_part_of_the_work_sealed_beside_stays(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    from amparo.vault import services as vault  # noqa: PLC0415

    vault.rewrite_section(victim.section, desk.founded.unlocked, {"name": NAME, "nickname": "Invented Owl"})
    form = form_of(desk, "case-part", incident.pk, "victim", victim.pk)

    desk.post("case-part", incident.pk, "victim", victim.pk, **{**form, "function": "Invented baker"})

    assert desk.opened(Victim.objects.get().section) == {
        "name": NAME, "nickname": "Invented Owl", "function": "Invented baker",
    }  # fmt: skip


def test_removing_is_asked_and_says_what_goes_with_it(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)

    asked = desk.page("case-part-remove", incident.pk, "victim", victim.pk)

    assert NAME in asked
    assert "1 act against this victim" in asked
    assert Victim.objects.filter(pk=victim.pk).exists()


def test_what_was_sealed_in_a_removed_record_is_destroyed(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    desk.post("case-part", incident.pk, "contact", victim.pk, contact="Invented telephone 000", safe_ways="")
    desk.post("case-part-add", incident.pk, "place", token="a" * 32, place="Invented mill", kind="home",
              precision="exact", victim=victim.pk)  # fmt: skip
    sections = [victim.section, Victim.objects.get().contacts, incident.places.get().section]

    desk.post("case-part-remove", incident.pk, "victim", victim.pk)
    again = desk.post("case-part-remove", incident.pk, "victim", victim.pk)

    assert again.status_code == 302
    assert [type(each).objects.filter(pk=each.pk).exists() for each in sections if each] == [False] * 3


@pytest.mark.parametrize("name", ["case-document", "case-part", "case-part-add", "case-part-remove", "case-said"])
def test_another_institutions_case_does_not_exist(desk: Desk, name: str) -> None:
    incident, victim, _ = make_case(desk)
    stranger = make_desk()
    arguments = {
        "case-document": [incident.pk],
        "case-part": [incident.pk, "victim", victim.pk],
        "case-part-add": [incident.pk, "victim"],
        "case-part-remove": [incident.pk, "victim", victim.pk],
        "case-said": [incident.pk, 1],
    }[name]

    assert stranger.get(name, *arguments).status_code == 404
    assert stranger.post(name, *arguments).status_code == 404


def test_a_record_of_another_case_is_not_reached_through_ones_own(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    _, foreign, _ = make_case(make_desk())

    assert desk.get("case-part", incident.pk, "victim", foreign.pk).status_code == 404
    act = desk.post("case-part-add", incident.pk, "act", token="a" * 32, victims=[foreign.pk], kinds=["threat"])
    assert act.status_code == 422


def test_an_analyst_does_not_write(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    analyst = make_desk(desk.founded, role="analyst")

    assert analyst.get("case-document", incident.pk).status_code == 403
    assert analyst.post("case-part-remove", incident.pk, "victim", victim.pk).status_code == 403
    assert reverse("case-document", args=[incident.pk]) not in analyst.page("case", incident.pk)
    assert STORY not in analyst.page("case", incident.pk)
