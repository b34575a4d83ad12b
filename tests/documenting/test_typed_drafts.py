"""What is being typed is kept, sealed, until it is saved: with a script every few seconds, without by a button."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amparo.cases.models import Incident, SealedDraft
from amparo.documenting.typed import KEPT_DAYS, destroy_old_drafts
from amparo.institutions.sessions import COOKIE
from amparo.vault.models import Section
from tests.documenting.entering import NAME, TOKEN, WHAT, Desk, form_of, make_case, make_desk
from tests.leaks import find_leaks_in_database

pytestmark = pytest.mark.django_db
WORDS = "Invented words about the hyxaporine ferry."


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def keep(desk: Desk, form: str, record: str, **fields: object) -> int:
    sent = {"draft-form": form, "draft-record": record} | fields
    return desk.post("draft-keep", **sent).status_code


def test_it_works(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    form = form_of(desk, "case-document", incident.pk, "story")
    assert keep(desk, "story", f"story:{incident.pk}", **{**form, "text": WORDS}) == 204

    offered = desk.get("case-document", incident.pk, "story")
    draft = SealedDraft.objects.get()
    gone_on = desk.page("case-document", incident.pk, "story", **{"go-on": draft.pk})
    saved = desk.post("case-document", incident.pk, "story", **{**form, "text": WORDS})

    assert "Go on where you stopped" in offered.content.decode()
    assert WORDS not in offered.content.decode()
    assert WORDS in gone_on
    assert saved.status_code == 302
    assert not SealedDraft.objects.exists()
    assert not Section.objects.filter(kind="draft").exists()


def test_it_is_sealed(desk: Desk) -> None:
    incident, _, _ = make_case(desk)

    keep(desk, "story", f"story:{incident.pk}", text=WORDS)

    assert find_leaks_in_database([WORDS]) == []
    assert desk.opened(SealedDraft.objects.get().section)["fields"] == {"text": [WORDS]}


def test_one_a_person_form_and_record_and_the_older_is_destroyed(desk: Desk) -> None:
    for number in range(3):
        keep(desk, "story", "story:1", text=f"{WORDS} {number}")
    keep(desk, "story", "story:2", text=WORDS)

    assert SealedDraft.objects.count() == 2
    assert Section.objects.filter(kind="draft").count() == 2


def test_nobody_else_sees_it(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    keep(desk, "story", f"story:{incident.pk}", text=WORDS)
    draft = SealedDraft.objects.get()
    other = desk.colleague()

    page = other.page("case-document", incident.pk, "story", **{"go-on": draft.pk})
    other.post("draft-drop", draft.pk)

    assert "Go on where you stopped" not in page
    assert WORDS not in page
    assert SealedDraft.objects.filter(pk=draft.pk).exists()


def test_without_scripts_a_button_keeps_it(desk: Desk) -> None:
    desk.post("case-new", token=TOKEN, place=WORDS, **{"keep-draft": "1"}, **WHAT)

    page = desk.page("case-new")
    draft = SealedDraft.objects.get()
    gone_on = desk.page("case-new", **{"go-on": draft.pk})

    assert "Go on where you stopped" in page
    assert WORDS in gone_on
    assert TOKEN in gone_on
    assert not Incident.objects.exists()


def test_what_was_typed_before_another_saved_is_merged_when_it_is_gone_on_with(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)
    form = form_of(desk, "case-part", incident.pk, "victim", victim.pk)
    keep(desk, "victim", f"victim:{victim.pk}", **{**form, "sex": "female"})
    other = desk.colleague()
    theirs = form_of(other, "case-part", incident.pk, "victim", victim.pk)
    other.post("case-part", incident.pk, "victim", victim.pk, **{**theirs, "name": "Invented Person Two"})

    gone_on = form_of(desk, "case-part", incident.pk, "victim", victim.pk, **{"go-on": SealedDraft.objects.get().pk})
    desk.post("case-part", incident.pk, "victim", victim.pk, **gone_on)

    victim.refresh_from_db()
    assert victim.sex == "female"
    assert desk.opened(victim.section)["name"] == "Invented Person Two"


def test_a_draft_can_be_discarded(desk: Desk) -> None:
    keep(desk, "quick", f"new:{TOKEN}", text=WORDS)

    desk.post("draft-drop", SealedDraft.objects.get().pk, back="/en/desk/cases/quick/")

    assert not SealedDraft.objects.exists()
    assert not Section.objects.filter(kind="draft").exists()


def test_to_another_site_nobody_is_sent(desk: Desk) -> None:
    keep(desk, "quick", f"new:{TOKEN}", text=WORDS)

    answer = desk.post("draft-drop", SealedDraft.objects.get().pk, back="https://example.org/")

    assert "example.org" not in answer["Location"]


def test_old_ones_are_destroyed(desk: Desk) -> None:
    keep(desk, "quick", f"new:{TOKEN}", text=WORDS)
    keep(desk, "story", "story:1", text=WORDS)
    old = timezone.now() - timedelta(days=KEPT_DAYS, hours=1)
    SealedDraft.objects.filter(form="quick").update(saved_at=old)

    assert destroy_old_drafts() == 1
    assert [draft.form for draft in SealedDraft.objects.all()] == ["story"]
    assert Section.objects.filter(kind="draft").count() == 1


def test_with_closed_keys_nothing_that_was_typed_is_lost(desk: Desk) -> None:
    incident, _, _ = make_case(desk)
    form = form_of(desk, "case-document", incident.pk, "story")
    kept = desk.client.cookies.pop(COOKIE)

    told = desk.post("case-document", incident.pk, "story", **{**form, "text": WORDS})
    desk.client.cookies[COOKIE] = kept.value
    page = desk.page("case-document", incident.pk, "story", **{"go-on": SealedDraft.objects.get().pk})

    assert told.status_code == 422
    assert "kept, sealed" in told.content.decode()
    assert WORDS in page


def test_more_than_a_draft_may_hold_is_refused(desk: Desk) -> None:
    assert keep(desk, "story", "story:1", text="x" * 400_001) == 413
    assert keep(desk, "", "", text=WORDS) == 400


def test_who_is_not_signed_in_keeps_nothing() -> None:
    assert Client().post("/en/desk/drafts/keep/", {"draft-form": "quick", "draft-record": "new:1"}).status_code == 302
    assert not SealedDraft.objects.exists()


def test_a_name_in_the_address_is_not_needed_to_go_on(desk: Desk) -> None:
    incident, victim, _ = make_case(desk)

    keep(desk, "victim", f"victim:{victim.pk}", name=NAME)

    assert NAME not in SealedDraft.objects.get().record
    assert incident.pk
