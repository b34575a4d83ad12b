"""Owners are told what is due: once a day, without a word of what it is, and somebody always hears."""

import uuid
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from amparo.institutions.models import User
from amparo.notices.kinds import KINDS
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import Wishes, keep_wishes
from amparo.protection.desk import today
from amparo.protection.emergency import open_emergency
from amparo.protection.models import Measure, ProtectionPlan, ProtectionRequest
from amparo.protection.planning import MeasureFacts, change_measure
from amparo.protection.reminding import tell_due
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk
from tests.factories import make_member
from tests.notices.conftest import server_at
from tests.protection.conftest import make_measure, make_plan

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.MAIL_SERVER = server_at("smtp://127.0.0.1:25")


def wants(user: User) -> NoticeRecipient:
    return keep_wishes(user, Wishes("invented@institution.invalid", "", "en", KINDS, "day"))


def waits(recipient: NoticeRecipient) -> bool:
    recipient.refresh_from_db()
    return recipient.is_waiting


def test_it_works(desk: Desk) -> None:
    owner, other = wants(desk.user), wants(make_member(desk.founded))
    make_measure(desk, make_plan(desk), due_on=YESTERDAY)

    assert tell_due() == 1

    assert waits(owner)
    assert not waits(other)
    entry = LogEntry.objects.get(action="protection-due")
    assert entry.facts == {"measures": 1, "reviews": 0, "people": 1}


def test_once_a_day_at_most(desk: Desk) -> None:
    make_measure(desk, make_plan(desk), due_on=YESTERDAY)

    assert [tell_due(), tell_due()] == [1, 0]
    Measure.objects.update(told_on=YESTERDAY)
    assert tell_due() == 1


def test_what_is_not_due_done_or_closed_is_not_told(desk: Desk) -> None:
    plan, closed = make_plan(desk), make_plan(desk)
    make_measure(desk, plan, due_on=today() + timedelta(days=1))
    make_measure(desk, plan, due_on=YESTERDAY, status="done")
    make_measure(desk, closed, due_on=YESTERDAY)
    ProtectionRequest.objects.filter(pk=closed.pk).update(status="closed")

    assert tell_due() == 0


def test_a_review_that_is_due_is_told_to_who_owns_the_plan(desk: Desk) -> None:
    owner = wants(desk.user)
    make_plan(desk)
    ProtectionPlan.objects.update(review_on=today())

    assert tell_due() == 1
    assert waits(owner)


def test_for_who_has_left_the_focal_points_are_told(desk: Desk) -> None:
    focal_point, leaver = wants(desk.user), make_member(desk.founded, role="case-worker")
    make_measure(desk, make_plan(desk), due_on=YESTERDAY, owner=leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False)

    assert tell_due() == 1
    assert waits(focal_point)


def test_a_measure_given_to_somebody_else_is_told_to_her_the_same_day(desk: Desk) -> None:
    made = make_measure(desk, make_plan(desk), due_on=today())
    tell_due()
    other = make_member(desk.founded)
    recipient = wants(other)

    facts = MeasureFacts(kind=made.kind, due_on=made.due_on, owner=other)
    change_measure(desk.user, made.plan.request_id, made.pk, made.version, facts, desk.founded.unlocked)

    assert tell_due() == 1
    assert waits(recipient)


def test_of_an_emergency_the_focal_points_are_told(desk: Desk) -> None:
    case_worker = make_member(desk.founded, role="case-worker")
    focal_point, herself = wants(desk.user), wants(case_worker)

    open_emergency(case_worker, {}, ["police"], uuid.uuid4())

    assert waits(focal_point)
    assert not waits(herself)
