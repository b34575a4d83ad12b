"""The register of national protection systems: parts, states, consultations, gaps; and who reads which country."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.protection.models import Consultation, PartState, SystemPart
from amparo.vault.models import Section
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_institution

pytestmark = pytest.mark.django_db

SAID = "Invented words about the brundelmoor office."
NAMES = "Invented Participant Tressilvane"


@pytest.fixture
def network() -> Desk:
    return make_desk(make_institution(kind="network"))


def part(**other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "kind": "law",
        "title": "Invented act on defenders",
        "language": "en",
        "with_defenders": "yes",
        "state": "proposed",
        "since": "2024-05",
        "evidence_title": "Invented gazette",
        "evidence_link": "https://gazette.invalid/1",
    } | other


def consultation(**other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "held": "2025-03-08",
        "groups": ["women-defenders", "indigenous"],
        "took_part": "14",
        "women_took_part": "9",
        "names": NAMES,
        "said": SAID,
        "effect": "partly-taken-up",
        "changed": "Invented article was added.",
    } | other


def add_part(desk: Desk, **other: object) -> SystemPart:
    answer = desk.client.post(reverse("national-part-new"), part(**other))
    assert answer.status_code == 302
    return SystemPart.objects.latest("pk")


def country_page(desk: Desk, country: str = "XDM") -> str:
    response = desk.client.get(reverse("national-country", args=[country]))
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_it_works(desk: Desk) -> None:
    found = desk.client.get(reverse("national-protection"))
    assert found["Location"] == reverse("national-country", args=["XDM"])

    made = add_part(desk)

    assert (made.country, made.state, made.institution) == ("XDM", "proposed", desk.founded.institution)
    content = country_page(desk)
    assert "Invented act on defenders" in content
    assert 'href="https://gazette.invalid/1"' in content
    assert "Law: none is in force." in content
    assert "Budget: none is known to this register." in content
    assert "No consultation is known to this register." in content


def test_sent_twice_a_part_is_one(desk: Desk) -> None:
    twice = part()

    for _ in range(2):
        desk.client.post(reverse("national-part-new"), twice)

    assert (SystemPart.objects.count(), PartState.objects.count()) == (1, 1)


def test_an_nhri_writes_of_its_own_country_whatever_is_sent(desk: Desk) -> None:
    assert add_part(desk, country="COL").country == "XDM"
    assert desk.client.get(reverse("national-country", args=["COL"])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " … "),
        ("since", "2999"),
        ("since", "last year"),
        ("evidence_link", "javascript:alert(1)"),
        ("evidence_link", "ftp://gazette.invalid"),
        ("state", "no such"),
    ],
)
def test_bad_input_is_said_at_its_field(desk: Desk, field: str, value: str) -> None:
    answer = desk.client.post(reverse("national-part-new"), part(**{field: value}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not SystemPart.objects.exists()


def test_the_latest_state_by_date_counts_and_the_history_stays(desk: Desk) -> None:
    made = add_part(desk)
    address = reverse("national-state-new", args=[made.pk])

    for state, since in (("in-force", "2025-02"), ("adopted", "2024-12-01")):
        desk.client.post(
            address,
            {
                "token": str(uuid.uuid4()),
                "state": state,
                "since": since,
                "evidence_title": "",
                "evidence_link": "",
            },
        )

    made.refresh_from_db()
    assert made.state == "in-force"
    assert [each.state for each in made.states.all()] == ["proposed", "adopted", "in-force"]


def test_a_state_is_taken_back_but_not_the_only_one(desk: Desk) -> None:
    made = add_part(desk)
    only = made.states.get()

    answer = desk.client.post(reverse("national-state-remove", args=[made.pk, only.pk]), follow=True)

    assert "This is the only state." in answer.content.decode()
    assert made.states.count() == 1


def test_a_consultation_keeps_names_and_words_sealed(desk: Desk) -> None:
    made = add_part(desk)

    answer = desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation())

    assert answer.status_code == 302
    kept = Consultation.objects.get()
    assert (kept.took_part, kept.women_took_part, kept.said_in_public) == (14, 9, "")
    content = country_page(desk)
    assert all(words in content for words in (SAID, NAMES, "Invented article was added.", "Women defenders"))
    close_keys(desk)
    closed = country_page(desk)
    assert SAID not in closed
    assert NAMES not in closed
    assert "Partly taken up" in closed


def test_what_is_public_by_choice_is_read_by_all_and_the_names_are_not(desk: Desk) -> None:
    made = add_part(desk)
    desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation(is_public="on"))
    close_keys(desk)

    content = country_page(desk)

    assert SAID in content
    assert NAMES not in content


def test_a_consultation_made_public_and_back_keeps_its_words(desk: Desk) -> None:
    made = add_part(desk)
    desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation(is_public="on"))
    kept = Consultation.objects.get()

    desk.client.post(reverse("national-consultation", args=[made.pk, kept.pk]), consultation())

    kept.refresh_from_db()
    assert (kept.is_public, kept.said_in_public, kept.changed_in_public) == (False, "", "")
    assert SAID in country_page(desk)


def test_there_are_not_more_women_than_took_part(desk: Desk) -> None:
    made = add_part(desk)

    answer = desk.client.post(
        reverse("national-consultation-new", args=[made.pk]), consultation(took_part="3", women_took_part="4")
    )

    assert answer.status_code == 422
    assert "women_took_part" in answer.context["form"].errors
    assert SAID in answer.content.decode()


def test_a_part_taken_out_destroys_what_was_sealed_of_it(desk: Desk) -> None:
    made = add_part(desk)
    desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation())
    assert Section.objects.filter(kind="consultation").count() == 1

    asked = desk.client.get(reverse("national-part-remove", args=[made.pk]))
    desk.client.post(reverse("national-part-remove", args=[made.pk]))

    assert "Nobody can bring them back." in asked.content.decode()
    assert not SystemPart.objects.exists()
    assert not Section.objects.filter(kind="consultation").exists()


def test_a_network_reads_all_countries_and_only_what_is_public_of_others(desk: Desk, network: Desk) -> None:
    made = add_part(desk)
    desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation(groups=["lawyers"]))
    own = network.client.post(reverse("national-part-new"), part(country="COL", title="Invented own finding"))
    assert own.status_code == 302

    countries = network.client.get(reverse("national-protection")).content.decode()
    content = country_page(network)

    assert reverse("national-country", args=["XDM"]) in countries
    assert reverse("national-country", args=["COL"]) in countries
    assert "Invented act on defenders" in content
    assert "Lawyers" not in content
    assert reverse("national-part", args=[made.pk]) not in content


def test_an_nhri_does_not_read_what_another_keeps(desk: Desk) -> None:
    theirs = add_part(make_desk())

    assert "Invented act on defenders" not in country_page(desk)
    for page in ("national-part", "national-part-remove", "national-state-new", "national-consultation-new"):
        assert desk.client.get(reverse(page, args=[theirs.pk])).status_code == 404


def test_a_network_does_not_change_what_another_keeps(desk: Desk, network: Desk) -> None:
    made = add_part(desk)

    assert network.client.get(reverse("national-part", args=[made.pk])).status_code == 404
    assert network.client.post(reverse("national-part-remove", args=[made.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"), [("analyst", 200, 403), ("editor", 200, 403), ("auditor", 403, 403)]
)
def test_who_reads_and_who_writes(desk: Desk, role: str, reads: int, writes: int) -> None:
    made = add_part(desk)
    desk.client.post(reverse("national-consultation-new", args=[made.pk]), consultation())
    other = make_desk(desk.founded, role)

    page = other.client.get(reverse("national-country", args=["XDM"]))

    assert page.status_code == reads
    assert SAID not in page.content.decode()
    assert other.client.get(reverse("national-part-new")).status_code == writes


def test_the_list_of_countries_is_filtered_and_takes_a_constant_number_of_queries(network: Desk) -> None:
    numbers = []
    for codes in (("COL", "PHL"), ("KEN", "FRA", "PER", "XIP", "BRA")):
        for code in codes:
            add_part(network, country=code, kind="mechanism", state="in-force" if code == "KEN" else "none")
        with CaptureQueriesContext(connection) as caught:
            network.client.get(reverse("national-protection"))
        numbers.append(len(caught))

    content = network.client.get(reverse("national-protection"), {"state": "in-force"}).content.decode()

    assert numbers[0] == numbers[1]
    assert reverse("national-country", args=["KEN"]) in content
    assert reverse("national-country", args=["COL"]) not in content


def test_of_two_who_change_a_part_the_second_is_told(desk: Desk) -> None:
    made = add_part(desk)
    address = reverse("national-part", args=[made.pk])
    said = {"kind": "law", "language": "en", "with_defenders": "no", "version": made.version}
    desk.client.post(address, said | {"title": "Invented first title"})

    answer = desk.client.post(address, said | {"title": "Invented second title"})

    assert answer.status_code == 422
    assert "Invented second title" in answer.content.decode()
    assert "Invented first title" in answer.content.decode()
