"""Chains of events, and the laws that were used in acts."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Act, Chain, ChainLink, Incident, Law, LawUsed
from amparo.institutions.services import Founded
from amparo.vault.models import Section
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
TITLE = "Invented: the quarrel over the dam"
LAW = {"title": "Invented Act on Order, 1999", "language": "en", "country": "COL", "kind": "assembly", "year": "1999"}


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def desk(client: Client, founded: Founded) -> Client:
    sign_in(client, make_member(founded))
    return client


def join(desk: Client, one: Incident, other: object, title: str = "") -> int:
    sent = {"other": str(other), "title": title}
    return desk.post(reverse("case-chain", args=[one.pk]), sent).status_code


def test_it_works(desk: Client, founded: Founded) -> None:
    later, earlier = make_incident(founded, date="2020-05-17"), make_incident(founded, date="2019")

    assert join(desk, later, earlier.pk, TITLE) == 302

    page = desk.get(reverse("case-response", args=[earlier.pk])).content.decode()
    assert TITLE in page
    assert list(ChainLink.objects.order_by("order").values_list("incident", flat=True)) == [earlier.pk, later.pk]


def test_a_third_case_joins_at_the_end_and_can_be_moved(desk: Client, founded: Founded) -> None:
    one, two, three = (make_incident(founded, date=f"202{year}") for year in range(3))
    join(desk, one, two.pk)
    join(desk, one, three.pk)
    join(desk, one, three.pk)

    last = ChainLink.objects.get(incident=three)
    desk.post(reverse("case-chain-move", args=[one.pk, last.pk]))

    assert Chain.objects.count() == 1
    assert list(ChainLink.objects.values_list("incident", flat=True)) == [one.pk, three.pk, two.pk]


def test_a_chain_of_one_is_none(desk: Client, founded: Founded) -> None:
    one, two = make_incident(founded), make_incident(founded)
    join(desk, one, two.pk, TITLE)
    link = ChainLink.objects.get(incident=two)

    desk.post(reverse("case-chain-move", args=[one.pk, link.pk]), {"remove": "1"})

    assert not Chain.objects.exists()
    assert not Section.objects.filter(kind="chain").exists()
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("other", ["itself", "another institution's", "no number", "none"])
def test_only_another_case_of_the_institution_joins(desk: Client, founded: Founded, other: str) -> None:
    incident = make_incident(founded)
    numbers = {
        "itself": incident.pk,
        "another institution's": make_incident(make_institution()).pk,
        "no number": "twelve",
        "none": 999_999,
    }

    assert join(desk, incident, numbers[other]) == 422
    assert not Chain.objects.exists()


def test_a_law_is_registered_once_and_noted_on_the_acts_of_a_kind(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, acts=("arbitrary-detention", "threat"))
    for _ in range(2):
        assert desk.post(reverse("laws"), LAW).status_code == 302
    law = Law.objects.get()

    for _ in range(2):
        desk.post(reverse("case-law-use", args=[incident.pk]), {"kind": "arbitrary-detention", "law": str(law.pk)})

    assert LawUsed.objects.get().act == Act.objects.get(kind="arbitrary-detention")
    assert LAW["title"] in desk.get(reverse("case-response", args=[incident.pk])).content.decode()
    assert desk.get(reverse("laws")).context["page"].object_list[0].times == 1

    desk.post(reverse("case-law-unuse", args=[incident.pk, law.pk]), {"kind": "arbitrary-detention"})

    assert not LawUsed.objects.exists()


def test_a_law_without_a_year_is_registered_once_as_well(desk: Client) -> None:
    for _ in range(2):
        desk.post(reverse("laws"), LAW | {"year": ""})

    assert Law.objects.count() == 1


def test_a_corrected_law_cannot_become_its_twin(desk: Client) -> None:
    desk.post(reverse("laws"), LAW)
    desk.post(reverse("laws"), LAW | {"year": "2001"})
    other = Law.objects.get(year=2001)

    answer = desk.post(reverse("law", args=[other.pk]), LAW)

    assert answer.status_code == 422
    assert Law.objects.filter(year=1999).count() == 1


def test_laws_of_others_are_neither_seen_nor_used(desk: Client, client: Client, founded: Founded) -> None:
    other = make_institution().institution
    theirs = Law.objects.create(institution=other, country="COL", kind="tax", title="Invented Act of others")
    incident = make_incident(founded)

    used = desk.post(reverse("case-law-use", args=[incident.pk]), {"kind": "killing", "law": str(theirs.pk)})

    assert used.status_code == 422
    assert theirs.title not in desk.get(reverse("laws")).content.decode()
    assert desk.get(reverse("law", args=[theirs.pk])).status_code == 404
