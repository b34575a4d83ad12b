"""From the assessment to the end: assessments compared, measures ticked off, reviews, closing, printing."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.protection.desk import today
from amparo.protection.held import ChangedMeanwhile, NotNow
from amparo.protection.models import Measure, ProtectionRequest, RiskAssessment
from amparo.protection.planning import review_plan, set_measure_status
from amparo.protection.risk import QUESTIONS
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_incident, make_member
from tests.protection.conftest import NAME, assess, make_measure, make_plan, make_request

pytestmark = pytest.mark.django_db

TOMORROW = today() + timedelta(days=1)
YESTERDAY = today() - timedelta(days=1)


def assessment(**other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "threat:death-threats": "on",
        "why:threat:death-threats": "Invented calls at night.",
        "vulnerability:alone": "on",
        "capacity:community": "on",
        **dict.fromkeys(QUESTIONS, "no"),
        "care_duties": "yes",
        "why:care_duties": "Invented: two children and her mother.",
        "likelihood": "4",
        "why:likelihood": "Invented reasons.",
        "impact": "5",
        "why:impact": "Invented reasons too.",
        "likelihood_after": "2",
        "impact_after": "5",
        "assessed_on": today().isoformat(),
        "next_review_on": "",
    } | other


def measure(desk: Desk, **other: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "kind": "relocation",
        "what": "Invented hideaway behind the dunes.",
        "for_whom": "person",
        "agreed": "yes",
        "owner": str(desk.user.pk),
        "due_on": TOMORROW.isoformat(),
        "cost": "1 200,50",
        "currency": "KES",
    } | other


def kept(desk: Desk, measure_: Measure, **other: object) -> dict[str, object]:
    return measure(desk, status="pending", obstacle="", version=measure_.version, **other)


def content_of(desk: Desk, page: str, request: ProtectionRequest) -> str:
    response = desk.client.get(reverse(page, args=[request.pk]))
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_it_works(desk: Desk) -> None:
    request = make_request(desk)

    answer = desk.client.post(reverse("protection-assess", args=[request.pk]), assessment())

    made = RiskAssessment.objects.get()
    assert answer.status_code == 302
    assert (made.level, made.level_after, made.has_gender_analysis) == ("extreme", "high", True)
    assert made.answered == made.asked
    assert made.next_review_on == today() + timedelta(days=7)
    request.refresh_from_db()
    assert (request.status, request.level, request.first_assessed_on) == ("assessing", "extreme", today())
    content = content_of(desk, "protection-request", request)
    assert "two children and her mother" in content
    assert "calls at night" in content
    assert "Complete: everything was asked." in content


def test_what_was_not_asked_is_still_to_ask(desk: Desk) -> None:
    request = make_request(desk)

    desk.client.post(
        reverse("protection-assess", args=[request.pk]), assessment(online_exposure="unknown", likelihood="")
    )

    made = RiskAssessment.objects.get()
    assert (made.level, made.has_gender_analysis) == ("unknown", False)
    content = content_of(desk, "protection-request", request)
    assert "Still to ask" in content
    assert "<li>Exposure online</li>" in content


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("likelihood", {"likelihood": "6"}),
        ("assessed_on", {"assessed_on": TOMORROW.isoformat()}),
        ("next_review_on", {"next_review_on": YESTERDAY.isoformat()}),
        ("threat:smear", {"why:threat:smear": "Invented words without a tick."}),
        ("grounds_apply", {"grounds": ["indigenous"], "grounds_apply": "no"}),
        ("impact_after", {"impact_after": ""}),
    ],
)
def test_bad_answers_are_said_at_their_field(desk: Desk, field: str, other: dict[str, object]) -> None:
    request = make_request(desk)

    answer = desk.client.post(reverse("protection-assess", args=[request.pk]), assessment(**other))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "calls at night" in answer.content.decode()
    assert not RiskAssessment.objects.exists()


def test_the_next_assessment_starts_from_the_last_and_is_compared_with_it(desk: Desk) -> None:
    request = make_request(desk)
    address = reverse("protection-assess", args=[request.pk])
    desk.client.post(address, assessment())

    form = desk.client.get(address).context["form"]
    assert form["threat:death-threats"].value() is True
    assert form["why:care_duties"].value() == "Invented: two children and her mother."
    again = {name: value for name, value in assessment(impact="2").items() if name != "threat:death-threats"}
    desk.client.post(address, again | {"why:threat:death-threats": "", "threat:smear": "on"})

    request.refresh_from_db()
    assert request.level == "medium"
    content = content_of(desk, "protection-assessments", request)
    assert "+ Smear campaign" in content
    assert "− Threats to kill" in content
    assert RiskAssessment.objects.first().level == "extreme"  # type: ignore[union-attr]


def test_an_assessment_sent_twice_is_one(desk: Desk) -> None:
    request, twice = make_request(desk), assessment()

    for _ in range(2):
        desk.client.post(reverse("protection-assess", args=[request.pk]), twice)

    assert RiskAssessment.objects.count() == 1


def test_a_plan_is_opened_with_an_owner_and_a_day_to_come(desk: Desk) -> None:
    request = make_request(desk)
    address = reverse("protection-plan", args=[request.pk])

    bad = desk.client.post(address, {"owner": str(desk.user.pk), "review_on": YESTERDAY.isoformat()})
    desk.client.post(address, {"owner": str(desk.user.pk), "review_on": TOMORROW.isoformat()})

    assert "review_on" in bad.context["form"].errors
    request.refresh_from_db()
    assert (request.status, request.plan.review_on) == ("in-force", TOMORROW)


def test_a_measure_is_added(desk: Desk) -> None:
    request = make_plan(desk)

    desk.client.post(reverse("protection-measure-new", args=[request.pk]), measure(desk))

    made = Measure.objects.get()
    assert (made.cost, made.currency, made.status, made.agreed) == (Decimal("1200.50"), "KES", "pending", "yes")
    content = content_of(desk, "protection-request", request)
    assert "behind the dunes" in content
    assert "1,200.50" in content


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("due_on", {"due_on": YESTERDAY.isoformat()}),
        ("due_on", {"due_on": "2999-01-01"}),
        ("cost", {"cost": "-5"}),
        ("cost", {"cost": "1.2.3"}),
        ("cost", {"cost": "NaN"}),
        ("currency", {"currency": ""}),
        ("currency", {"currency": "XXZ"}),
        ("owner", {"owner": ""}),
    ],
)
def test_a_bad_measure_is_refused_at_its_field(desk: Desk, field: str, other: dict[str, object]) -> None:
    request = make_plan(desk)

    answer = desk.client.post(reverse("protection-measure-new", args=[request.pk]), measure(desk, **other))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "behind the dunes" in answer.content.decode()
    assert not Measure.objects.exists()


def test_what_nobody_answered_is_not_known_and_no_yes(desk: Desk) -> None:
    request = make_plan(desk)

    form = desk.client.get(reverse("protection-measure-new", args=[request.pk])).context["form"]

    assert (form["kind"].value(), form["agreed"].value()) == ("", "unknown")
    ending = desk.client.get(reverse("protection-close", args=[request.pk])).context["form"]
    assert (ending["outcome"].value(), ending["attacked_again"].value()) == ("", "unknown")


def test_a_measure_sent_twice_is_one(desk: Desk) -> None:
    request, twice = make_plan(desk), measure(desk)

    for _ in range(2):
        desk.client.post(reverse("protection-measure-new", args=[request.pk]), twice)

    assert Measure.objects.count() == 1


def test_nobody_of_another_institution_can_own_a_measure(desk: Desk) -> None:
    request, stranger = make_plan(desk), make_desk().user

    answer = desk.client.post(
        reverse("protection-measure-new", args=[request.pk]), measure(desk, owner=str(stranger.pk))
    )

    assert "owner" in answer.context["form"].errors


def test_what_cannot_be_done_says_why(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    address = reverse("protection-measure", args=[request.pk, found.pk])

    without = desk.client.post(address, kept(desk, found) | {"status": "not-executable"})
    desk.client.post(address, kept(desk, found) | {"status": "not-executable", "obstacle": "Invented: no bed."})

    assert "obstacle" in without.context["form"].errors
    found.refresh_from_db()
    assert (found.status, found.ended_on) == ("not-executable", today())
    assert "Invented: no bed." in content_of(desk, "protection-request", request)


def test_what_is_overdue_may_stay_so_while_something_else_is_changed(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request, due_on=YESTERDAY)

    answer = desk.client.post(
        reverse("protection-measure", args=[request.pk, found.pk]),
        kept(desk, found) | {"due_on": YESTERDAY.isoformat(), "agreed": "no"},
    )

    assert answer.status_code == 302


def test_two_who_tick_the_same_measure_agree(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    address = reverse("protection-measure-tick", args=[request.pk, found.pk])

    first = desk.client.post(address, {"status": "done", "version": found.version}, follow=True)
    second = desk.client.post(address, {"status": "done", "version": found.version}, follow=True)

    found.refresh_from_db()
    assert (found.status, found.ended_on) == ("done", today())
    assert "Kept." in first.content.decode()
    assert "somebody else did the same" in second.content.decode()
    assert LogEntry.objects.filter(action="measure-changed").count() == 1


def test_a_tick_on_what_somebody_left_otherwise_meanwhile_is_not_taken(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    set_measure_status(desk.user, request.pk, found.pk, found.version, "done")

    with pytest.raises(ChangedMeanwhile):
        set_measure_status(desk.user, request.pk, found.pk, found.version, "in-progress")


def test_of_two_who_change_a_measure_the_second_is_told(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    address = reverse("protection-measure", args=[request.pk, found.pk])
    desk.client.post(address, kept(desk, found) | {"status": "in-progress"})

    answer = desk.client.post(address, kept(desk, found) | {"what": "Invented second words."})

    assert answer.status_code == 422
    assert "Invented second words." in answer.content.decode()
    assert "It says now: Being done" in answer.content.decode()


def test_a_measure_whose_owner_left_asks_for_another(desk: Desk) -> None:
    request, leaver = make_plan(desk), make_member(desk.founded)
    found = make_measure(desk, request, owner=leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    address = reverse("protection-measure", args=[request.pk, found.pk])

    assert "has left" in content_of(desk, "protection-request", request)
    assert "has left" in desk.client.get(address).content.decode()
    bad = desk.client.post(address, kept(desk, found) | {"owner": str(leaver.pk)})
    good = desk.client.post(address, kept(desk, found))

    assert "owner" in bad.context["form"].errors
    assert good.status_code == 302


def test_a_review_moves_the_next_one(desk: Desk) -> None:
    request = make_plan(desk)

    desk.client.post(
        reverse("protection-review", args=[request.pk]),
        {
            "token": str(uuid.uuid4()),
            "decision": "keep",
            "reasons": "Invented: calmer now.",
            "next_review_on": TOMORROW.isoformat(),
        },
    )

    request.refresh_from_db()
    assert (request.status, request.plan.review_on) == ("reviewed", TOMORROW)
    assert "Invented: calmer now." in content_of(desk, "protection-request", request)


def test_closed_with_an_outcome_lessons_and_whether_she_was_attacked_again(desk: Desk) -> None:
    request, again = make_plan(desk), make_incident(desk.founded)

    desk.client.post(
        reverse("protection-close", args=[request.pk]),
        {
            "version": request.version,
            "outcome": "risk-lowered",
            "attacked_again": "yes",
            "attacked_in": str(again.pk),
            "lessons": "Invented lesson.",
        },
    )

    request.refresh_from_db()
    assert (request.status, request.outcome, request.attacked_in) == ("closed", "risk-lowered", again)
    content = content_of(desk, "protection-request", request)
    assert "Invented lesson." in content
    assert reverse("case", args=[again.pk]) in content


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("outcome", {"outcome": ""}),
        ("attacked_in", {"attacked_in": "987654"}),
        ("attacked_in", {"attacked_in": "x"}),
    ],
)
def test_closing_asks_for_the_outcome_and_a_case_that_is_there(desk: Desk, field: str, other: dict[str, str]) -> None:
    request = make_plan(desk)
    said = {"version": request.version, "outcome": "harmed", "attacked_again": "yes", "attacked_in": "", "lessons": ""}

    answer = desk.client.post(reverse("protection-close", args=[request.pk]), said | other)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_anothers_case_is_no_attack_of_ours(desk: Desk) -> None:
    request, theirs = make_plan(desk), make_incident(make_desk().founded)

    answer = desk.client.post(
        reverse("protection-close", args=[request.pk]),
        {
            "version": request.version,
            "outcome": "harmed",
            "attacked_again": "yes",
            "attacked_in": str(theirs.pk),
            "lessons": "",
        },
    )

    assert "attacked_in" in answer.context["form"].errors


def test_after_closing_nothing_is_reviewed_ticked_or_added(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    ProtectionRequest.objects.filter(pk=request.pk).update(status="closed", outcome="danger-over", closed_on=today())

    with pytest.raises(NotNow):
        review_plan(desk.user, request.pk, "keep", TOMORROW, "", uuid.uuid4(), desk.founded.unlocked)
    with pytest.raises(NotNow):
        set_measure_status(desk.user, request.pk, found.pk, found.version, "done")
    for page in ("protection-review", "protection-measure-new", "protection-close", "protection-assess"):
        answer = desk.client.get(reverse(page, args=[request.pk]), follow=True)
        assert "the request was closed or refused" in answer.content.decode()
    desk.client.post(reverse("protection-reopen", args=[request.pk]))
    request.refresh_from_db()
    assert (request.status, request.outcome) == ("in-force", "")


def test_the_plan_is_printed_without_names_and_with_them(desk: Desk) -> None:
    request = make_plan(desk)
    make_measure(desk, request)

    without = content_of(desk, "protection-print", request)
    with_them = desk.client.get(f"{reverse('protection-print', args=[request.pk])}?names=yes").content.decode()

    main = without[without.index("<main") :]
    assert NAME not in without
    assert "Invented hideaway" not in without
    assert "Relocation within the country" in main
    assert NAME in with_them
    assert "Invented hideaway" in with_them
    printed = LogEntry.objects.filter(action="plan-printed").order_by("number").values_list("facts", flat=True)
    assert [each["names"] for each in printed] == ["no", "yes"]


def test_with_closed_keys_words_are_not_overwritten(desk: Desk) -> None:
    request = make_plan(desk)
    found = make_measure(desk, request)
    close_keys(desk)

    answer = desk.client.post(reverse("protection-measure", args=[request.pk, found.pk]), kept(desk, found))

    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.version == 1


def test_a_page_with_many_records_takes_as_many_queries_as_with_few(desk: Desk) -> None:
    numbers = []
    for many in (2, 12):
        request = make_plan(desk)
        for _ in range(many):
            make_measure(desk, request)
            assess(desk, request)
            review_plan(desk.user, request.pk, "keep", TOMORROW, "Invented.", uuid.uuid4(), desk.founded.unlocked)
        with CaptureQueriesContext(connection) as caught:
            content_of(desk, "protection-request", request)
        numbers.append(len(caught))

    assert numbers[0] == numbers[1]
