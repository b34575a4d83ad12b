"""People who protect defenders, signed in with their keys open; and requests in the states that tests start from."""

import uuid
from datetime import timedelta

import pytest

from amparo.protection.asking import RequestFacts, ask_for_protection
from amparo.protection.assessing import AssessmentFacts, record_assessment
from amparo.protection.desk import today
from amparo.protection.models import Measure, ProtectionRequest, RiskAssessment
from amparo.protection.planning import MeasureFacts, add_measure, open_plan
from amparo.protection.risk import QUESTIONS
from tests.channel.triage.conftest import Desk, make_desk

NAME = "Invented Yolandriva Quess"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def make_request(desk: Desk, *, name: str = NAME, **facts: object) -> ProtectionRequest:
    """A request that `desk` owns; received today unless it is said."""
    facts = {"received_on": today(), "owner": desk.user, "words": {"name": name}} | facts
    return ask_for_protection(desk.user, RequestFacts(**facts), uuid.uuid4(), desk.founded.unlocked)  # type: ignore[arg-type]


def assess(desk: Desk, request: ProtectionRequest, **facts: object) -> RiskAssessment:
    """A whole assessment: high risk, every question answered by no."""
    given: dict[str, object] = {
        "assessed_on": today(),
        "next_review_on": today() + timedelta(days=14),
        "factors": {"threat": ("death-threats",), "vulnerability": ("alone",), "capacity": ("organisation",)},
        "answers": dict.fromkeys(QUESTIONS, "no"),
        "likelihood": 4,
        "impact": 4,
        "words": {"likelihood": "Invented reason.", "impact": "Another invented reason."},
    }
    made = AssessmentFacts(**(given | facts))  # type: ignore[arg-type]
    return record_assessment(desk.user, request.pk, made, uuid.uuid4(), desk.founded.unlocked)


def make_plan(desk: Desk, request: ProtectionRequest | None = None) -> ProtectionRequest:
    """A request with a plan in force."""
    request = request or make_request(desk)
    open_plan(desk.user, request.pk, desk.user, today() + timedelta(days=14))
    request.refresh_from_db()
    return request


def make_measure(desk: Desk, request: ProtectionRequest, **facts: object) -> Measure:
    """A measure of its plan, due today unless it is said."""
    given: dict[str, object] = {
        "kind": "relocation",
        "due_on": today(),
        "owner": desk.user,
        "what": "Invented hideaway.",
    }
    return add_measure(
        desk.user,
        request.pk,
        MeasureFacts(**(given | facts)),
        uuid.uuid4(),
        desk.founded.unlocked,  # type: ignore[arg-type]
    )
