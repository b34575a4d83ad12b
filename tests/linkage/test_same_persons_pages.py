"""The pages on which people decide who is one and the same, and take it back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Incident, Information, Source
from amparo.institutions.services import Founded
from amparo.linkage.models import Candidate, Merge
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
NAMES = ("Inventada Persona Zacatula", "Inventada Persona Zacátula")


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def desk(client: Client, founded: Founded) -> Client:
    sign_in(client, make_member(founded))
    return client


def make_pair(founded: Founded, band: str = "surely") -> Candidate:
    one, other = (make_incident(founded, name=name).victims.get() for name in NAMES)
    return Candidate.objects.create(
        institution=founded.institution,
        one=one,
        other=other,
        band=band,
        band_order=0,
        score=990,
        reasons=["name-variant", "date-same-day"],
    )


def test_it_works(desk: Client, founded: Founded) -> None:
    for name in NAMES:
        make_incident(founded, name=name, area="CO-ANT")
    make_incident(founded, name="Another Invented Quetzal", date="2011")

    looked = desk.post(reverse("same-persons-look"), {})

    assert looked.status_code == 302
    pair = Candidate.objects.get()
    page = desk.get(reverse("same-persons-pair", args=[pair.pk])).content.decode()
    assert all(name in page for name in NAMES)
    assert "the same day" in page

    desk.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": "same-event"})

    merge = Merge.objects.get()
    assert Incident.objects.get(pk=merge.copy_id).same_as_id == merge.kept_id
    told = desk.get(reverse("case-same", args=[merge.kept_id])).content.decode()
    assert "the same person, in the same event" in told
    assert "the same day" in told


def test_a_merge_is_taken_back_from_the_case(desk: Client, founded: Founded) -> None:
    pair = make_pair(founded)
    desk.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": "same-event"})
    merge = Merge.objects.get()

    for _ in range(2):
        assert desk.post(reverse("case-same-undo", args=[merge.kept_id, merge.pk])).status_code == 302

    assert not Incident.objects.exclude(same_as=None).exists()
    assert Candidate.objects.get().decision == "open"


def test_which_case_is_shown_can_be_chosen(desk: Client, founded: Founded) -> None:
    pair = make_pair(founded)
    kept = pair.other.incident_id

    desk.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": "same-event", "kept": str(kept)})

    assert Incident.objects.get(pk=pair.one.incident_id).same_as_id == kept


@pytest.mark.parametrize("decision", ["", "whatever", "open"])
def test_what_is_no_decision_changes_nothing(desk: Client, founded: Founded, decision: str) -> None:
    pair = make_pair(founded)

    answer = desk.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": decision}, follow=True)

    assert answer.status_code == 200
    assert Candidate.objects.get().decision == "open"


def test_all_sure_ones_are_merged_after_asking_and_taken_back_together(desk: Client, founded: Founded) -> None:
    make_pair(founded)
    make_pair(founded, band="perhaps")

    asked = desk.get(reverse("same-persons-sure"))
    desk.post(reverse("same-persons-sure"))
    merged = Merge.objects.filter(undone_at=None).count()
    desk.post(reverse("same-persons-undo"))

    assert "1 pair" in asked.content.decode()
    assert merged == 1
    assert not Merge.objects.filter(undone_at=None).exists()
    assert desk.post(reverse("same-persons-undo")).status_code == 404


def test_who_listed_it_is_told_for_all_copies(desk: Client, founded: Founded) -> None:
    pair = make_pair(founded)
    for number, victim in enumerate((pair.one, pair.other)):
        source = Source.objects.create(code=f"invented-{number}", kind="ngo", published_name=f"Invented List {number}")
        Information.objects.create(incident=victim.incident, source=source)
    desk.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": "same-event"})

    page = desk.get(reverse("case-same", args=[Merge.objects.get().kept_id])).content.decode()

    assert "Invented List 0" in page
    assert "Invented List 1" in page


def test_with_closed_keys_no_name_shows_and_nothing_is_compared(desk: Client, founded: Founded) -> None:
    pair = make_pair(founded)
    del desk.cookies["amparo-key"]

    page = desk.get(reverse("same-persons")).content.decode()
    desk.post(reverse("same-persons-look"), {})

    assert NAMES[0] not in page
    assert Candidate.objects.get() == pair


@pytest.mark.parametrize(
    "wrong", [{"first_year": "2020", "last_year": "2010"}, {"country": "XXX"}, {"other": "invented-list"}]
)
def test_a_wrong_question_is_told_at_its_field(desk: Client, founded: Founded, wrong: dict[str, str]) -> None:
    make_incident(founded)

    answer = desk.post(reverse("same-persons-look"), wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_pairs_of_another_institution_do_not_exist(desk: Client) -> None:
    theirs = make_pair(make_institution())

    assert desk.get(reverse("same-persons-pair", args=[theirs.pk])).status_code == 404
    assert NAMES[0] not in desk.get(reverse("same-persons")).content.decode()
    assert desk.get(reverse("case-same", args=[theirs.one.incident_id])).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("page", ["same-persons", "same-persons-sure"])
def test_in_each_language(desk: Client, founded: Founded, language: str, page: str) -> None:
    make_pair(founded)

    answer = desk.get(reverse(page).replace("/en/", f"/{language}/"))

    assert answer.status_code == 200


def test_the_list_asks_as_often_for_many_as_for_few(desk: Client, founded: Founded) -> None:
    for _ in range(2):
        make_pair(founded)
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("same-persons"))
    for _ in range(8):
        make_pair(founded)

    with CaptureQueriesContext(connection) as many:
        desk.get(reverse("same-persons"))

    assert len(many) == len(few)


def test_analysts_merge_nothing(client: Client, founded: Founded) -> None:
    pair = make_pair(founded)
    sign_in(client, make_member(founded, role="analyst"))

    assert client.post(reverse("same-persons-pair", args=[pair.pk]), {"decision": "same-event"}).status_code == 403
    assert client.get(reverse("case-same", args=[pair.one.incident_id])).status_code == 200
