"""Profiles of NHRIs: who may keep which, what is in them, and that names of members stay sealed."""

from secrets import token_hex

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.reprisals.models import Accreditation, NhriProfile, Seat, YearFigures
from amparo.vault.models import LogEntry, Section
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_institution
from tests.leaks import find_leaks_in_database
from tests.reprisals.documenting import SECRET_NAME, make_profile

pytestmark = pytest.mark.django_db


def add_part(desk: Desk, profile: NhriProfile, part: str, **said: object):  # type: ignore[no-untyped-def]
    return desk.client.post(reverse("nhri-part-add", args=[profile.pk, part]), {"token": token_hex(16)} | said)


def test_it_works(desk: Desk) -> None:
    said = {
        "name_en": "Invented Commission",
        "name_ar": "لجنة متخيَّلة",
        "model": "commission",
        "mandates": ["npm"],
        "dismissing": ["hearing"],
        "pillar_resources": "not-met",
        "focal_point": desk.user.pk,
        "token": token_hex(16),
    }
    for _ in range(2):
        assert desk.client.post(reverse("nhri-add"), said).status_code == 302

    profile = NhriProfile.objects.get()
    assert (profile.institution, profile.country, profile.focal_point) == (desk.founded.institution, "XDM", desk.user)
    shown = desk.client.get(reverse("nhri", args=[profile.pk])).content.decode()
    assert "Invented Commission" in shown
    assert "Not met" in shown
    assert "لجنة متخيَّلة" in desk.client.get(reverse("nhri-list").replace("/en/", "/ar/")).content.decode()


def test_a_network_adds_nhris_of_any_country_and_gives_them_their_network() -> None:
    network = make_desk(make_institution(kind="network"))

    network.client.post(reverse("nhri-add"), {"name_en": "Invented", "country": "COL", "token": token_hex(16)})

    assert NhriProfile.objects.get().network == "rindhca"


def test_an_nhri_keeps_its_own_profile_only(desk: Desk, profile: NhriProfile) -> None:
    other = make_profile(make_desk())

    assert desk.client.get(reverse("nhri", args=[other.pk])).status_code == 200
    assert desk.client.get(reverse("nhri-edit", args=[other.pk])).status_code == 404
    assert add_part(desk, other, "year", year="2025").status_code == 404
    assert desk.client.get(reverse("nhri-add"))["Location"] == reverse("nhri", args=[profile.pk])


def test_a_network_leaves_alone_what_an_nhri_here_keeps_itself(profile: NhriProfile) -> None:
    network = make_desk(make_institution(kind="network"))

    assert network.client.get(reverse("nhri-edit", args=[profile.pk])).status_code == 404


def test_an_analyst_reads_and_changes_nothing(desk: Desk, profile: NhriProfile) -> None:
    analyst = make_desk(desk.founded, role="analyst")

    assert analyst.client.get(reverse("nhri", args=[profile.pk])).status_code == 200
    assert analyst.client.get(reverse("nhri-edit", args=[profile.pk])).status_code == 403


def test_a_profile_needs_a_name_and_a_deputy_is_somebody_else(desk: Desk) -> None:
    response = desk.client.post(reverse("nhri-add"), {"focal_point": desk.user.pk, "deputy": desk.user.pk})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name_en", "deputy"}


def test_two_who_change_a_profile_are_told(desk: Desk, profile: NhriProfile) -> None:
    address = reverse("nhri-edit", args=[profile.pk])
    version = desk.client.get(address).context["version"]
    assert desk.client.post(address, {"name_en": "First", "version": version}).status_code == 302

    late = desk.client.post(address, {"name_en": "Second", "version": version})

    profile.refresh_from_db()
    assert (late.status_code, profile.names["en"]) == (422, "First")
    assert 'value="Second"' in late.content.decode()
    assert desk.client.post(address, {"name_en": "Second", "version": late.context["version"]}).status_code == 302


def test_the_budget_series_says_where_a_cut_is_disproportionate(desk: Desk, profile: NhriProfile) -> None:
    for year, amount, whole in (("2024", "1,000", "100,000"), ("2025", "700", "110,000"), ("2026", "650", "105,000")):
        add_part(desk, profile, "year", year=year, amount=amount, government_amount=whole, currency="KES")

    shown = desk.client.get(reverse("nhri", args=[profile.pk])).content.decode()

    assert YearFigures.objects.count() == 3
    assert shown.count("disproportionate cut") == 1
    assert shown.count("cut about in step") == 1
    assert "-30.0%" in shown


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"year": "2025", "amount": "5"}, "currency"),
        ({"year": "2025", "amount": "5", "currency": "ZZZ"}, "currency"),
        ({"year": "2025", "amount": "5", "government_amount": "4", "currency": "EUR"}, "government_amount"),
        ({"year": "25"}, "year"),
        ({"year": ""}, "year"),
        ({"year": "2025", "staff": "many"}, "staff"),
    ],
)
def test_bad_figures_are_told_at_their_field(
    desk: Desk, profile: NhriProfile, said: dict[str, str], field: str
) -> None:
    response = add_part(desk, profile, "year", **said)

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_a_year_is_there_once(desk: Desk, profile: NhriProfile) -> None:
    add_part(desk, profile, "year", year="2025", staff="12")

    response = add_part(desk, profile, "year", year="2025", staff="13")

    assert response.status_code == 422
    assert YearFigures.objects.get().staff == 12


def test_accreditation_has_a_history(desk: Desk, profile: NhriProfile) -> None:
    for year, decision in (("2019", "a"), ("2024", "deferred")):
        add_part(desk, profile, "accreditation", **{"date-year": year, "decision": decision, "path": "five-yearly"})

    shown = desk.client.get(reverse("nhri-history", args=[profile.pk]))

    assert [each.decision for each in shown.context["accreditations"]] == ["deferred", "a"]
    assert "Deferral" in desk.client.get(reverse("nhri-list")).content.decode()


def test_a_decision_needs_a_date_and_its_review_comes_after_it(desk: Desk, profile: NhriProfile) -> None:
    without = add_part(desk, profile, "accreditation", decision="a")
    before = add_part(
        desk, profile, "accreditation", **{"date-year": "2020", "decision": "a", "next_review-year": "2019"}
    )

    assert "date" in without.context["form"].errors
    assert "next_review" in before.context["form"].errors
    assert not Accreditation.objects.exists()


def test_a_members_name_is_sealed_and_goes_with_the_member(desk: Desk, profile: NhriProfile) -> None:
    said = {"function": "nhri-chairperson", "name": SECRET_NAME, "token": token_hex(16)}
    for _ in range(2):
        add_part(desk, profile, "seat", **said)

    seat = Seat.objects.get()
    assert SECRET_NAME in desk.client.get(reverse("nhri", args=[profile.pk])).content.decode()
    assert find_leaks_in_database([SECRET_NAME]) == []
    other = make_desk()
    assert SECRET_NAME not in other.client.get(reverse("nhri", args=[profile.pk])).content.decode()
    desk.client.post(reverse("nhri-part-remove", args=[profile.pk, "seat", seat.pk]))
    assert not Seat.objects.exists()
    assert not Section.objects.filter(pk=seat.section_id).exists()


def test_with_closed_keys_a_members_name_stays(desk: Desk, profile: NhriProfile) -> None:
    add_part(desk, profile, "seat", function="nhri-director", name=SECRET_NAME)
    seat = Seat.objects.get()
    address = reverse("nhri-part", args=[profile.pk, "seat", seat.pk])
    cookie = desk.client.cookies["amparo-key"].value
    close_keys(desk)
    version = desk.client.get(address).context["version"]

    desk.client.post(address, {"function": "nhri-chairperson", "name": "forged", "version": version})
    desk.client.cookies["amparo-key"] = cookie

    seat.refresh_from_db()
    assert seat.function == "nhri-chairperson"
    assert SECRET_NAME in desk.client.get(reverse("nhri", args=[profile.pk])).content.decode()


def test_each_change_is_in_the_log(desk: Desk, profile: NhriProfile) -> None:
    add_part(desk, profile, "year", year="2025")

    entry = LogEntry.objects.get(action="nhri-part-added")
    assert entry.record == f"nhri:{profile.pk}"
    assert (
        "part of an NHRI’s profile added"
        in desk.client.get(reverse("nhri-history", args=[profile.pk])).content.decode()
    )


def test_many_profiles_take_as_many_queries_as_two(desk: Desk, profile: NhriProfile) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            made = make_profile(desk, institution=None)
            Accreditation.objects.create(profile=made, decision="a")

    add(2)
    with CaptureQueriesContext(connection) as few:
        desk.client.get(reverse("nhri-list"))
    add(20)

    with CaptureQueriesContext(connection) as many:
        desk.client.get(reverse("nhri-list"))

    assert len(many) == len(few)
