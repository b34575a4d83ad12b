"""Asking for protection: new, from a case or a report, changed, refused, taken up again; and in an emergency."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from amparo.protection.desk import today
from amparo.protection.models import ProtectionRequest
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_incident, make_report
from tests.protection.conftest import NAME, make_plan, make_request

pytestmark = pytest.mark.django_db


def sent(**other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "name": NAME,
        "contact": "",
        "family": "",
        "asked_by": "",
        "asked_by_contact": "",
        "reasons": "An invented threat at the ferry.",
        "urgency": "danger-soon",
        "received_on": today().isoformat(),
        "received_by": "telephone",
        "consent_asked": "yes",
        "country": "COL",
        "area": "CO-CAU",
        "sex": "female",
        "gender": "woman",
        "profiles": ["land", "environment"],
        "owner": "",
    } | other


def page_of(desk: Desk, request: ProtectionRequest) -> str:
    response = desk.client.get(reverse("protection-request", args=[request.pk]))
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_it_works(desk: Desk) -> None:
    answer = desk.client.post(reverse("protection-new"), sent(owner=str(desk.user.pk)))

    request = ProtectionRequest.objects.get()
    assert answer["Location"] == reverse("protection-request", args=[request.pk])
    assert (request.status, request.sex, request.area, request.owner) == ("requested", "female", "CO-CAU", desk.user)
    assert request.assess_by == today() + timedelta(days=3)
    assert {each.profile for each in request.profiles.all()} == {"land", "environment"}
    content = page_of(desk, request)
    assert NAME in content
    assert "at the ferry" in content
    assert LogEntry.objects.filter(action="protection-requested", record=f"protection:{request.pk}").exists()


def test_sent_twice_it_is_one_request(desk: Desk) -> None:
    twice = sent()

    first = desk.client.post(reverse("protection-new"), twice)
    second = desk.client.post(reverse("protection-new"), twice)

    assert first["Location"] == second["Location"]
    assert ProtectionRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received_on", (today() + timedelta(days=1)).isoformat()),
        ("received_on", "1899-01-01"),
        ("received_on", "tomorrow"),
        ("sex", "martian"),
        ("urgency", ""),
        ("owner", "999999"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(desk: Desk, field: str, value: str) -> None:
    answer = desk.client.post(reverse("protection-new"), sent(**{field: value}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert NAME in answer.content.decode()
    assert not ProtectionRequest.objects.exists()


def test_with_closed_keys_nothing_is_kept_and_the_words_come_back(desk: Desk) -> None:
    close_keys(desk)

    answer = desk.client.post(reverse("protection-new"), sent())

    assert answer.status_code == 422
    assert "your keys are closed" in answer.content.decode()
    assert NAME in answer.content.decode()
    assert not ProtectionRequest.objects.exists()


def test_another_country_shows_its_areas_and_keeps_nothing_yet(desk: Desk) -> None:
    answer = desk.client.post(reverse("protection-new"), sent(country="XDM") | {"show-areas": "1"})

    assert answer.status_code == 200
    assert 'value="XDM-N"' in answer.content.decode()
    assert NAME in answer.content.decode()
    assert not ProtectionRequest.objects.exists()


def test_from_a_case_what_is_known_is_filled_in(desk: Desk) -> None:
    case = make_incident(desk.founded, name=NAME, sex="female", profile="land")
    address = f"{reverse('protection-new')}?case={case.pk}"

    form = desk.client.get(address).context["form"]
    desk.client.post(address, sent())

    assert (form["name"].value(), form["sex"].value(), form["profiles"].value()) == (NAME, "female", ["land"])
    assert ProtectionRequest.objects.get().incident == case
    of_case = desk.client.get(reverse("case-protection", args=[case.pk])).content.decode()
    assert reverse("protection-request", args=[ProtectionRequest.objects.get().pk]) in of_case


def test_from_a_report_what_it_says_is_filled_in(desk: Desk) -> None:
    report = make_report(
        desk.founded, {"what": "Invented words.", "victim_name": NAME, "sex": "female"}, urgency="danger-now"
    )
    address = f"{reverse('protection-new')}?report={report.pk}"

    form = desk.client.get(address).context["form"]
    desk.client.post(address, sent())

    assert (form["name"].value(), form["urgency"].value()) == (NAME, "danger-now")
    assert form["received_by"].value() == "safe-channel"
    assert ProtectionRequest.objects.get().report == report
    assert address in desk.client.get(reverse("inbox-report", args=[report.pk])).content.decode()


def test_anothers_case_or_report_is_not_found(desk: Desk) -> None:
    other = make_desk()
    case, report = make_incident(other.founded), make_report(other.founded)

    for asked in (f"case={case.pk}", f"report={report.pk}", "case=x", "case=²", "report=x"):
        assert desk.client.get(f"{reverse('protection-new')}?{asked}").status_code == 404


def test_a_request_is_changed(desk: Desk) -> None:
    request = make_request(desk)

    desk.client.post(
        reverse("protection-change", args=[request.pk]),
        sent(name="Invented Other Name", version=request.version, profiles=["land"], owner=str(desk.user.pk)),
    )

    content = page_of(desk, request)
    assert "Invented Other Name" in content
    assert NAME not in content


def test_of_two_who_change_it_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    request = make_request(desk)
    read = request.version
    address = reverse("protection-change", args=[request.pk])
    desk.client.post(address, sent(name="Invented First", version=read))

    answer = desk.client.post(address, sent(name="Invented Second", version=read))

    assert answer.status_code == 422
    assert "Somebody else changed this" in answer.content.decode()
    assert "Invented Second" in answer.content.decode()
    assert "Invented First" in page_of(desk, request)


def test_refused_with_a_reason_and_taken_up_again(desk: Desk) -> None:
    request = make_request(desk)
    address = reverse("protection-refuse", args=[request.pk])

    without = desk.client.post(address, {"version": request.version, "reason": "", "words": "Invented answer."})
    desk.client.post(address, {"version": request.version, "reason": "outside-mandate", "words": "Invented answer."})
    refused = page_of(desk, request)
    desk.client.post(reverse("protection-reopen", args=[request.pk]))

    assert without.status_code == 422
    assert "Outside the mandate" in refused
    assert "Invented answer." in refused
    request.refresh_from_db()
    assert (request.status, request.refusal, request.closed_on) == ("requested", "", None)


def test_what_has_a_plan_is_closed_not_refused(desk: Desk) -> None:
    request = make_plan(desk)

    answer = desk.client.post(
        reverse("protection-refuse", args=[request.pk]),
        {"version": request.version, "reason": "no-means", "words": ""},
    )

    assert answer.status_code == 422
    request.refresh_from_db()
    assert request.status == "in-force"


def test_an_emergency_takes_one_form(desk: Desk) -> None:
    assert reverse("protection-emergency") in desk.client.get(reverse("case-list")).content.decode()

    answer = desk.client.post(
        reverse("protection-emergency"),
        {"token": str(uuid.uuid4()), "name": NAME, "contact": "", "measures": ["contact", "relocation"]},
    )

    request = ProtectionRequest.objects.get()
    assert answer["Location"] == reverse("protection-request", args=[request.pk])
    assert (request.is_emergency, request.status, request.owner) == (True, "in-force", desk.user)
    measures = list(request.plan.measures.all())
    assert {each.kind for each in measures} == {"contact", "relocation"}
    assert all(each.due_on == today() and each.owner == desk.user for each in measures)
    assert NAME in page_of(desk, request)


def test_an_emergency_works_with_nothing_said_and_with_closed_keys(desk: Desk) -> None:
    close_keys(desk)

    desk.client.post(reverse("protection-emergency"), {"token": str(uuid.uuid4())})
    named = desk.client.post(reverse("protection-emergency"), {"token": str(uuid.uuid4()), "name": NAME})

    assert [each.plan.measures.get().kind for each in ProtectionRequest.objects.all()] == ["contact", "contact"]
    assert NAME not in desk.client.get(named["Location"]).content.decode()


def test_an_emergency_sent_twice_is_one(desk: Desk) -> None:
    twice = {"token": str(uuid.uuid4()), "name": NAME}

    for _ in range(2):
        desk.client.post(reverse("protection-emergency"), twice)

    assert ProtectionRequest.objects.count() == 1


def test_an_emergency_of_a_case_takes_over_what_is_coded(desk: Desk) -> None:
    case = make_incident(desk.founded, name=NAME, sex="female", profile="land")

    desk.client.post(f"{reverse('protection-emergency')}?case={case.pk}", {"token": str(uuid.uuid4())})

    request = ProtectionRequest.objects.get()
    assert (request.incident, request.sex, request.country) == (case, "female", "COL")
    assert [each.profile for each in request.profiles.all()] == ["land"]


@pytest.mark.parametrize(
    "page",
    [
        "protection-request",
        "protection-change",
        "protection-refuse",
        "protection-assess",
        "protection-assessments",
        "protection-plan",
        "protection-print",
        "protection-review",
        "protection-close",
        "protection-measure-new",
    ],
)
def test_anothers_request_is_not_found_by_a_guessed_address(desk: Desk, page: str) -> None:
    theirs = make_plan(make_desk())

    assert desk.client.get(reverse(page, args=[theirs.pk])).status_code == 404
    assert desk.client.post(reverse("protection-reopen", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("role", ["analyst", "editor", "administrator", "auditor"])
def test_only_those_who_protect_read_it(role: str) -> None:
    other = make_desk()
    request = make_plan(other)
    desk = make_desk(other.founded, role)

    for address in (
        reverse("protection"),
        reverse("protection-due"),
        reverse("protection-new"),
        reverse("protection-emergency"),
        reverse("protection-indicators"),
        reverse("protection-request", args=[request.pk]),
    ):
        assert desk.client.get(address).status_code == 403


def test_with_closed_keys_the_codes_are_read_and_the_words_are_not(desk: Desk) -> None:
    request = make_request(desk)
    close_keys(desk)

    content = page_of(desk, request)

    assert NAME not in content
    assert "your keys are not open" in content


def test_words_in_any_script_come_back_as_they_were(desk: Desk) -> None:
    name = "اسم مُختلَق \u202e \U0001f600 <b>"

    desk.client.post(reverse("protection-new"), sent(name=name))

    content = page_of(desk, ProtectionRequest.objects.get())
    assert "اسم مُختلَق \u202e \U0001f600 &lt;b&gt;" in content
