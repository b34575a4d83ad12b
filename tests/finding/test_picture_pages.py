"""What was found as a picture: the same cases as the list shows, of the own institution, in few queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import AllegedPerpetrator, Incident, Person, Place
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
PICTURES = ("case-timeline", "case-map", "case-network")
NAME, PLACE = "Invented Person One", "The invented bridge"


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def desk(client: Client, founded: Founded) -> Client:
    sign_in(client, make_member(founded))
    return client


def put_on_map(founded: Founded, incident: Incident, latitude: str = "4.6", longitude: str = "-74.1") -> None:
    fields = {"place": PLACE, "latitude": latitude, "longitude": longitude}
    section = vault.keep_section(fields, "place", [founded.institution.key_pair])
    Place.objects.create(incident=incident, kind="home", precision="exact", section=section)


def show(desk: Client, picture: str, query: str = "") -> str:
    answer = desk.get(f"{reverse(picture)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME)
    AllegedPerpetrator.objects.create(incident=incident, kind="police")
    put_on_map(founded, incident)

    address = reverse("case", args=[incident.pk])
    timeline, world, network = (show(desk, picture) for picture in PICTURES)

    assert all(page.count(f'href="{address}"') >= 1 for page in (timeline, world, network))
    assert NAME in network
    assert "Police" in network
    assert PLACE in world
    assert NAME not in timeline


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Client, founded: Founded, picture: str, language: str) -> None:
    make_incident(founded)

    page = desk.get(reverse(picture).replace("/en/", f"/{language}/"))

    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()


@pytest.mark.parametrize("picture", PICTURES)
def test_they_show_what_the_list_was_narrowed_to(desk: Client, founded: Founded, picture: str) -> None:
    killing = make_incident(founded, acts=("killing",))
    threat = make_incident(founded, acts=("threat",), country="COL")
    for incident in (killing, threat):
        put_on_map(founded, incident)

    page = show(desk, picture, "?act=threat")

    assert f'href="{reverse("case", args=[threat.pk])}"' in page
    assert f'href="{reverse("case", args=[killing.pk])}"' not in page


@pytest.mark.parametrize("picture", PICTURES)
def test_cases_of_others_are_in_no_picture(desk: Client, picture: str) -> None:
    other = make_institution()
    theirs = make_incident(other, name="Invented Person of others")
    put_on_map(other, theirs)

    page = show(desk, picture)

    assert reverse("case", args=[theirs.pk]) not in page
    assert "Invented Person of others" not in page


def test_with_closed_keys_people_are_numbers_and_places_areas(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME, area="CO-ANT")
    put_on_map(founded, incident)
    del desk.cookies["amparo-key"]

    network, world = show(desk, "case-network"), show(desk, "case-map")

    assert NAME not in network
    assert f"Person {incident.victims.get().pk}" in network
    assert PLACE not in world
    assert "Antioquia" in world


def test_one_person_in_two_cases_is_one_box(desk: Client, founded: Founded) -> None:
    person = Person.objects.create(institution=founded.institution)
    for _ in range(2):
        make_incident(founded, name=NAME).victims.update(person=person)

    network = show(desk, "case-network")

    assert network.count('class="node n0"') == 1
    assert network.count('class="node n1"') == 2
    assert network.count('class="tie"') == 2


@pytest.mark.parametrize(("latitude", "longitude"), [("north", "west"), ("95", "0"), ("nan", "1"), ("", "")])
def test_degrees_that_are_none_make_no_dot(desk: Client, founded: Founded, latitude: str, longitude: str) -> None:
    put_on_map(founded, make_incident(founded), latitude, longitude)

    assert 'class="place"' not in show(desk, "case-map")


def test_several_countries_are_a_world_map(desk: Client, founded: Founded) -> None:
    for country in ("COL", "PER", "PER"):
        make_incident(founded, country=country)

    page = show(desk, "case-map")

    assert "?country=PER" in page
    assert 'class="legend"' in page


@pytest.mark.parametrize("picture", PICTURES)
def test_no_case_says_so(desk: Client, picture: str) -> None:
    assert "<svg" not in show(desk, picture).split("<main", 1)[1]


def test_a_case_without_a_date_is_counted_beside_the_timeline(desk: Client, founded: Founded) -> None:
    make_incident(founded, date=None)

    assert "1 case has no date" in show(desk, "case-timeline")


@pytest.mark.parametrize("picture", PICTURES)
def test_they_ask_as_often_for_many_as_for_few(desk: Client, founded: Founded, picture: str) -> None:
    for _ in range(2):
        put_on_map(founded, make_incident(founded, name=NAME))
    with CaptureQueriesContext(connection) as few:
        show(desk, picture)
    for _ in range(20):
        put_on_map(founded, make_incident(founded, name=NAME))

    with CaptureQueriesContext(connection) as many:
        show(desk, picture)

    assert len(many) == len(few)
