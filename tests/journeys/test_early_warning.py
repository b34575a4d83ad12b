"""A series jumps, a signal is confirmed, the focal point is silent, the network and GANHRI are told, tasks are done.

The clock is moved, the worker is killed on the way, and a real mail server counts who was told how often.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.cases.datasets import own_dataset
from amparo.cases.models import Incident
from amparo.config.background import run_queue
from amparo.institutions.services import Founded
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import Wishes, keep_wishes
from amparo.warning.alerts import calling
from amparo.warning.alerts.calling import pass_on_late
from amparo.warning.models import Alert, Call, FocalPoint
from amparo.warning.response.acting import tell_due_tasks
from amparo.warning.running.nightly import run_all
from tests.factories import PASSWORD, make_channel, make_incident, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.test_protection_plan import browser_of, send
from tests.leaks import find_leaks_in_database
from tests.notices.conftest import Postbox, postbox
from tests.searching import find_plain
from tests.warning.alerting import clock_at

__all__ = ["postbox"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WHAT = "Invented: the drelmaquist barracks, three nights in a row."
NOTE = "Invented witness Quandrovelle was spoken with."
TASK = "Invented: call the lawyer Tressimolde."
LESSONS = "Invented lesson: ring the night porter Ombrevale."
SECRETS = (WHAT, NOTE, TASK, LESSONS)
NAMES = {"nhri": "invented-nhri", "network": "rindhca", "ganhri": "ganhri"}


@pytest.fixture
def chain(live_server: LiveServer, postbox: Postbox) -> dict[str, Founded]:
    """An NHRI in Colombia, its network and GANHRI, each with a focal point who is told by e-mail."""
    made = {kind: make_institution(code, kind) for kind, code in NAMES.items()}
    made["nhri"].institution.country = "COL"
    made["nhri"].institution.save()
    make_channel(made["nhri"])
    for kind, founded in made.items():
        user = make_member(founded, f"invented-person-of-{kind}")
        FocalPoint.objects.create(institution=founded.institution, user=user)
        keep_wishes(user, Wishes(f"{kind}@institution.invalid", "", "en", (), "day"))
    return made


def make_wave(founded: Founded) -> None:
    """Threats every third month for four years, then nine in the last month that is over; each recorded on its day."""
    dataset = own_dataset(founded.institution)
    last = timezone.now().date().replace(day=1) - timedelta(days=1)
    days = [last.replace(day=5) - timedelta(days=30 * number) for number in range(3, 55, 3)]
    days += [last.replace(day=number) for number in range(10, 19)]
    for day in days:
        incident = make_incident(founded, date=day.isoformat(), acts=("threat",))
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        Incident.objects.filter(pk=incident.pk).update(dataset=dataset, created_at=at)


def sign_in(page: Page, language: str, kind: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("input[name=username]", f"invented-person-of-{kind}")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")


def told(postbox: Postbox) -> list[str]:
    """Who got a letter since the last time this was asked."""
    # What is told again within the hour waits: here each call is looked at by itself.
    NoticeRecipient.objects.update(sent_at=None)
    run_queue()
    found = sorted(each.rcpt_tos[0].partition("@")[0] for each in postbox.envelopes)
    assert not find_plain(b"".join(each.content for each in postbox.envelopes), SECRETS)
    postbox.envelopes.clear()
    return found


def die_once_then_do(do: Callable[[], int], where: str) -> int:
    """`do`, killed at its call of `where` first; then whole."""
    with mock.patch.object(calling, where, side_effect=SystemExit), pytest.raises(SystemExit):
        do()
    return do()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_a_jump_in_the_data_to_the_look_back(
    live_server: LiveServer,
    chromium: str,
    chain: dict[str, Founded],
    postbox: Postbox,
    language: str,
    width: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    make_wave(chain["nhri"])
    today = timezone.now().date()
    assert run_all(today) > 0
    assert run_all(today) == 0
    assert told(postbox) == []

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "nhri")
        confirm(page, language)
        open_emergency(page)
    alert = Alert.objects.get()
    assert told(postbox) == ["nhri"]

    hours = alert.opened_at
    for later, kinds in ((2, ["network"]), (4, ["ganhri"]), (6, [])):
        with clock_at(hours + timedelta(hours=later)):
            die_once_then_do(pass_on_late, "log_step")
            assert pass_on_late() == 0
        assert told(postbox) == kinds
    assert [call.institution.kind for call in Call.objects.order_by("pk")] == list(NAMES)

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "ganhri")
        take_up(page, language, alert.pk)
    assert Call.objects.get(answered_by__username="invented-person-of-ganhri")

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "nhri")
        plan_and_do(page, language, alert.pk)
    with clock_at(hours + timedelta(days=2)):
        assert (pass_on_late(), tell_due_tasks()) == (0, 0)
    assert told(postbox) == []

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "nhri")
        close_and_look_back(page, language, alert.pk)
        seen = page.inner_text("main")

    assert LESSONS in seen
    alert.refresh_from_db()
    assert (alert.state, alert.outcome, alert.answered_at is not None) == ("closed", "harm-averted", True)
    assert find_leaks_in_database(SECRETS) == []
    assert find_plain(caplog.text.encode(), SECRETS) == []


def confirm(page: Page, language: str) -> None:
    page.goto(f"/{language}/desk/warning/")
    check_page(page)
    page.goto(f"/{language}/desk/warning/signals/?origin=data")
    check_page(page)
    follow(page.locator("main tbody th a").last)
    check_page(page)
    page.check("[name=state][value=confirmed]")
    page.fill("[name=note]", NOTE)
    send(page)
    page.wait_for_url(re.compile(r"/signals/\d+/$"))
    assert NOTE in page.inner_text("main")


def open_emergency(page: Page) -> None:
    follow(page.locator("main a[href$='/alert/']"))
    check_page(page)
    page.fill("[name=what]", WHAT)
    page.check("[name=level][value=emergency]")
    page.check("[name=reasons][value=threat-to-life]")
    send(page)
    page.wait_for_url(re.compile(r"/alerts/\d+/$"))
    assert WHAT in page.inner_text("main")
    check_page(page)


def take_up(page: Page, language: str, alert: int) -> None:
    page.goto(f"/{language}/desk/warning/alerts/{alert}/")
    assert WHAT not in page.inner_text("main")
    check_page(page)
    page.click("main form[action*='/calls/'] button")
    page.wait_for_url(re.compile(r"/alerts/\d+/$"))
    assert page.locator("main form[action*='/calls/']").count() == 0


def plan_and_do(page: Page, language: str, alert: int) -> None:
    page.goto(f"/{language}/desk/warning/alerts/{alert}/tasks/new/")
    page.select_option("[name=kind]", "protect")
    page.fill("[name=what]", TASK)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/alerts/\d+/$"))
    row = page.locator(".tasks li", has_text=TASK)
    follow(row.locator("button[value=done]"))
    assert page.locator(".tasks li", has_text=TASK).locator("button[value=pending]").count() == 1
    check_page(page)


def close_and_look_back(page: Page, language: str, alert: int) -> None:
    page.goto(f"/{language}/desk/warning/alerts/{alert}/close/")
    page.select_option("[name=outcome_code]", "harm-averted")
    page.fill("[name=lessons]", LESSONS)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/alerts/\d+/$"))
    page.goto(f"/{language}/desk/warning/alerts/{alert}/review/")
    page.check("[name=notification_hindered][value=duty]")
    page.fill("[name=lessons]", LESSONS)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/alerts/\d+/$"))
    page.goto(f"/{language}/desk/warning/record/")
    check_page(page)
    page.goto(f"/{language}/desk/warning/rules/")
    check_page(page)
    page.goto(f"/{language}/desk/warning/alerts/{alert}/")
    check_page(page)
