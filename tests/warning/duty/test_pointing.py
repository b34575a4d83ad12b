"""Telling focal points by their channels: queued with the call, only a pointer, tried with patience, nobody twice."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from amparo.config.background import run_queue
from amparo.institutions.models import User
from amparo.notices.services import Wishes, keep_wishes
from amparo.vault.models import LogEntry
from amparo.warning.alerts.calling import pass_on_late
from amparo.warning.duty.directory import keep_contact
from amparo.warning.duty.pointing import MOST_TRIES, pointer_text, send_pointer
from amparo.warning.duty.reaching import reach
from amparo.warning.models import Contact, DutyShift, FocalPoint
from tests.factories import make_institution
from tests.leaks import find_leaks_in_database
from tests.notices.conftest import Postbox, postbox
from tests.warning.alerting import clock_at, make_alert, make_chain, make_focal_point
from tests.warning.duty.desks import Gateway, answer_with

__all__ = ["postbox"]

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2020, 5, 18, 9, 7, tzinfo=UTC)
NUMBER = "+10000000002"


def give_number(user: User, number: str = NUMBER, channel: str = "sms") -> Contact:
    return keep_contact(user, FocalPoint.objects.get(user=user).pk, channel, number)


def bodies(gateway: Gateway) -> list[dict[str, object]]:
    return [json.loads(each.partition(b"\r\n\r\n")[2]) for each in gateway.requests]


def run_due_tasks() -> None:
    """Do what waits, as if its time had come."""
    DBTaskResult.objects.update(run_after=timezone.now())
    run_queue()


def test_it_works(gateway: Gateway, signal: Gateway) -> None:
    founded = make_institution()
    user = make_focal_point(founded, languages=["qu", "es"])
    give_number(user)
    give_number(user, channel="signal")
    make_alert(user)
    assert gateway.requests == signal.requests == []
    run_queue()
    assert bodies(gateway)[0]["to"] == NUMBER
    assert len(gateway.requests) == len(signal.requests) == 1
    for request in gateway.requests + signal.requests:
        said = request.decode()
        for secret in (founded.institution.code, "Invented institution", user.username, "emergency", "alert", "COL"):
            assert secret not in said
    assert set(bodies(gateway)[0]) == {"to", "text"}
    assert bodies(gateway)[0]["text"] == pointer_text("es")
    assert not set(Contact.objects.values_list("tries", "last_problem")) - {(0, "")}


def test_each_is_told_in_a_language_of_theirs_that_pages_have(gateway: Gateway) -> None:
    user = make_focal_point(make_institution(), languages=["qu", "en", "fr"])
    give_number(user)
    make_alert(user)
    run_queue()
    assert bodies(gateway) == [{"to": NUMBER, "text": "There is something new in Amparo. Sign in to read it."}]


def test_deputies_are_told_half_way_whatever_the_rota_says_then(gateway: Gateway) -> None:
    chain = make_chain()
    first = chain["nhri"].institution.members.get()
    deputy = make_focal_point(chain["nhri"], rank=2)
    give_number(first)
    give_number(deputy, "+10000000003")
    with clock_at(MORNING):
        make_alert(first, "emergency")
    run_due_tasks()
    assert [each["to"] for each in bodies(gateway)] == [NUMBER]
    with clock_at(MORNING + timedelta(hours=1)):
        assert pass_on_late() == 1
        assert pass_on_late() == 0
    run_due_tasks()
    assert [each["to"] for each in bodies(gateway)] == [NUMBER, "+10000000003"]


def test_a_shift_that_began_since_tells_nobody_twice(gateway: Gateway) -> None:
    founded = make_institution()
    first, deputy = make_focal_point(founded), make_focal_point(founded, rank=2)
    give_number(first)
    give_number(deputy, "+10000000003")
    later = MORNING + timedelta(hours=1)
    point = FocalPoint.objects.get(user=deputy)
    DutyShift.objects.create(focal_point=point, starts_at=later, ends_at=later + timedelta(hours=8))
    reach(founded.institution, MORNING)
    reach(founded.institution, later, deputies=True, told_at=MORNING)
    run_queue()
    assert sorted(str(each["to"]) for each in bodies(gateway)) == [NUMBER, "+10000000003"]


def test_where_nobody_on_duty_can_be_reached_everybody_is_told_at_once(gateway: Gateway) -> None:
    founded = make_institution()
    make_focal_point(founded)
    give_number(make_focal_point(founded, rank=2))
    reach(founded.institution, MORNING)
    reach(founded.institution, MORNING, deputies=True)
    run_queue()
    assert len(gateway.requests) == 1


def test_an_office_where_nobody_signs_in_gets_an_e_mail(postbox: Postbox) -> None:
    keeper = make_focal_point(make_institution())
    office = make_institution("invented-office", "un-office").institution
    point = FocalPoint.objects.create(institution=office, languages=["fr"])
    keep_contact(keeper, point.pk, "email", "office@amparo.invalid")
    reach(office, MORNING)
    run_queue()
    assert [each["To"] for each in postbox.letters] == ["office@amparo.invalid"]
    assert postbox.letters[0]["Content-Language"] == "fr"


def test_a_person_with_notices_gets_one_e_mail_and_one_message(postbox: Postbox, gateway: Gateway) -> None:
    user = make_focal_point(make_institution())
    keep_wishes(user, Wishes("person@amparo.invalid", "", "en", (), "hour"))
    give_number(user)
    make_alert(user)
    run_queue()
    assert len(postbox.letters) == len(gateway.requests) == 1


def test_what_is_undone_is_told_to_nobody(gateway: Gateway) -> None:
    founded = make_institution()
    give_number(make_focal_point(founded))
    with transaction.atomic():
        reach(founded.institution, MORNING)
        transaction.set_rollback(True)
    run_queue()
    assert gateway.requests == []


def test_a_failure_is_tried_again_and_given_up_in_the_open(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.answer = answer_with("500 Internal Server Error", f"cannot send to {NUMBER}")
    user = make_focal_point(make_institution())
    contact = give_number(user)
    with caplog.at_level(logging.DEBUG):
        make_alert(user)
        run_queue()
        contact.refresh_from_db()
        assert (contact.tries, contact.last_problem) == (1, "message-refused")
        run_queue()
        assert len(gateway.requests) == 1
        for _ in range(MOST_TRIES + 2):
            run_due_tasks()
    contact.refresh_from_db()
    assert len(gateway.requests) == MOST_TRIES
    assert (contact.tries, contact.last_problem) == (MOST_TRIES, "message-refused")
    assert NUMBER not in caplog.text
    gateway.answer = answer_with("200 OK")
    make_alert(user)
    run_queue()
    contact.refresh_from_db()
    assert (contact.tries, contact.last_problem) == (0, "")


def test_once_one_came_through_what_waits_is_dropped(gateway: Gateway) -> None:
    user = make_focal_point(make_institution())
    give_number(user)
    gateway.answer = answer_with("503 Service Unavailable")
    make_alert(user)
    run_queue()
    gateway.answer = answer_with("200 OK")
    make_alert(user)
    run_queue()
    run_due_tasks()
    assert len(gateway.requests) == 2


def test_without_a_gateway_it_says_so(settings: Settings) -> None:
    assert django_settings.SMS_GATEWAY is None
    user = make_focal_point(make_institution())
    contact = give_number(user)
    make_alert(user)
    run_queue()
    contact.refresh_from_db()
    assert (contact.tries, contact.last_problem) == (MOST_TRIES, "no-gateway")


def test_who_left_or_was_shut_out_meanwhile_is_not_told(gateway: Gateway) -> None:
    founded = make_institution()
    gone, shut_out = make_focal_point(founded), make_focal_point(founded, rank=2)
    for user in (gone, shut_out):
        send_pointer.enqueue(give_number(user).pk, 0)
    FocalPoint.objects.filter(user=gone).update(left_on=timezone.now().date())
    User.objects.filter(pk=shut_out.pk).update(is_active=False)
    run_queue()
    assert gateway.requests == []


def test_no_number_lies_in_the_database_in_clear(gateway: Gateway) -> None:
    user = make_focal_point(make_institution())
    give_number(user)
    make_alert(user)
    assert find_leaks_in_database([NUMBER, NUMBER[1:]]) == []
    assert LogEntry.objects.filter(action="contact-kept", facts={"channel": "sms"}).exists()
