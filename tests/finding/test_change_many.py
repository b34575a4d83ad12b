"""Changing many cases at once, and undoing it."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.cases.held import note_change, take_incident
from amparo.cases.models import Incident, StatusDecision
from amparo.finding import bulk
from amparo.finding.listing import search_cases
from amparo.finding.models import BulkChange, ChangedCase
from amparo.finding.search import Search
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db
FORM = "a" * 32


def change(desk: Client, kind: str = "close", form: str = FORM, **fields: object) -> str:
    sent = {"kind": kind, "form": form, "confirmed": "2", "which": "all", **fields}
    answer = desk.post(reverse("case-bulk-do"), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def stages() -> list[str]:
    return list(Incident.objects.order_by("pk").values_list("stage", flat=True))


def test_it_works(desk: Client, founded: Founded, member: User) -> None:
    for _ in range(2):
        make_incident(founded)

    asked = desk.post(reverse("case-bulk"), {"kind": "close", "which": "all"}).content.decode()
    page = change(desk)

    assert "These are 2 cases" in asked
    assert "2 cases were changed" in page
    assert stages() == ["closed", "closed"]
    assert StatusDecision.objects.count() == 2
    assert LogEntry.objects.filter(action="status-decided").count() == 2
    assert LogEntry.objects.get(action="cases-changed").facts == {"action": "close", "cases": 2}


def test_asking_changes_nothing(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    desk.post(reverse("case-bulk"), {"kind": "close", "which": "all"})

    assert stages() == ["open"]


def test_only_what_was_found_or_marked_is_changed(desk: Client, founded: Founded) -> None:
    make_incident(founded, country="COL")
    marked = make_incident(founded, country="GTM")
    make_incident(founded, country="MEX")

    change(desk, which="all", country="COL", confirmed="1")
    change(desk, form="b" * 32, which="marked", case=[str(marked.pk)], confirmed="1")

    assert stages() == ["closed", "closed", "open"]


def test_the_same_form_sent_twice_changes_once(desk: Client, founded: Founded) -> None:
    for _ in range(2):
        make_incident(founded)

    change(desk)
    change(desk)

    assert BulkChange.objects.count() == 1
    assert StatusDecision.objects.count() == 2


def test_drafts_and_what_is_so_already_stay(desk: Client, founded: Founded) -> None:
    make_incident(founded, stage="draft")
    make_incident(founded, stage="closed")
    make_incident(founded)

    page = change(desk, confirmed="3")

    assert "1 case was changed" in page
    assert "2 were left as they are" in page
    assert stages() == ["draft", "closed", "closed"]


def test_taking_up_verification_of_a_verified_case_is_told_first(desk: Client, founded: Founded) -> None:
    make_incident(founded, status="verified")

    page = desk.post(reverse("case-bulk"), {"kind": "take-up-verification", "which": "all"}).content.decode()

    assert "is verified now" in page


def test_other_cases_than_were_confirmed_are_asked_again(desk: Client, founded: Founded) -> None:
    for _ in range(3):
        make_incident(founded)

    page = change(desk, confirmed="2")

    assert "Nothing was changed" in page
    assert stages() == ["open"] * 3


def test_too_many_are_refused(founded: Founded, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_incident(founded)
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)

    with pytest.raises(bulk.TooMany):
        bulk.change_many(member, bulk.CLOSE, search_cases(member, Search()), FORM, 3)


def test_another_institutions_cases_are_never_changed(desk: Client) -> None:
    theirs = make_incident(make_institution())

    page = change(desk, which="marked", case=[str(theirs.pk)], confirmed="1")

    assert "Nothing was changed" in page
    assert stages() == ["open"]


def test_a_search_by_name_that_has_ended_changes_nothing(desk: Client, founded: Founded) -> None:
    make_incident(founded)

    change(desk, which="all", found="abcdefgh", confirmed="1")

    assert stages() == ["open"]


def test_it_is_undone(desk: Client, founded: Founded) -> None:
    make_incident(founded, status="reported")
    make_incident(founded, status="verified")
    change(desk, "take-up-verification")
    assert set(Incident.objects.values_list("status", flat=True)) == {"under-verification"}

    page = desk.post(reverse("case-bulk-undo"), follow=True).content.decode()

    assert "2 cases are again as they were" in page
    assert list(Incident.objects.order_by("pk").values_list("status", flat=True)) == ["reported", "verified"]
    assert LogEntry.objects.get(action="change-undone").facts == {"cases": 2, "changed-since": 0}
    assert "Nothing was undone" in desk.post(reverse("case-bulk-undo"), follow=True).content.decode()


def test_what_somebody_changed_since_stays_and_is_named(desk: Client, founded: Founded, member: User) -> None:
    first, second = make_incident(founded), make_incident(founded)
    change(desk)
    held = take_incident(member, first.pk)
    held.country = "GTM"
    note_change("record-changed", held, member, {}, "country")

    page = desk.post(reverse("case-bulk-undo"), follow=True).content.decode()

    assert f"left as they are: {first.pk}." in page
    assert stages() == ["closed", "open"]
    assert second.pk not in [first.pk]


def test_who_did_not_change_it_cannot_undo_it(founded: Founded, member: User) -> None:
    make_incident(founded)
    done = bulk.change_many(member, bulk.CLOSE, search_cases(member, Search()), FORM, 1)

    assert bulk.undo(make_member(founded), done.change.pk) is None
    assert bulk.undo(make_member(make_institution()), done.change.pk) is None
    assert stages() == ["closed"]


def test_after_ten_minutes_nothing_is_offered(desk: Client, founded: Founded) -> None:
    for _ in range(2):
        make_incident(founded)
    change(desk)
    session = desk.session
    session["finding-undo"] = session["finding-undo"] | {"until": 0}
    session.save()

    assert "Undo: give" not in desk.get(reverse("case-list")).content.decode()
    assert "Nothing was undone" in desk.post(reverse("case-bulk-undo"), follow=True).content.decode()
    assert ChangedCase.objects.count() == 2


@pytest.mark.parametrize(
    "fields", [{"kind": "destroy"}, {"confirmed": "x"}, {"confirmed": ""}, {"form": ""}, {"form": "x" * 500}]
)
def test_forged_forms_change_nothing(desk: Client, founded: Founded, fields: dict[str, str]) -> None:
    make_incident(founded)

    change(desk, **{"confirmed": "1", **fields})

    assert stages() == ["open"]


def test_an_analyst_changes_nothing(client: Client, founded: Founded) -> None:
    make_incident(founded)
    client.force_login(make_member(founded, role="analyst"))

    assert client.post(reverse("case-bulk-do"), {"kind": "close"}).status_code == 403
