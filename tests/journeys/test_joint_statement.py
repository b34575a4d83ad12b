"""A statement drafted by an NHRI, edited by its network, signed by both, issued, read on the portal, put right.

Killed once in issuing. Until it is issued nothing of its words is in the store, in a log or in a letter.
"""

import logging
import re
from unittest import mock

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.config.background import run_queue
from amparo.institutions.services import Founded
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import Wishes, keep_wishes
from amparo.warning.models import PublicStatement, Statement
from amparo.warning.response.acting import share_alert
from amparo.warning.statements import issuing
from amparo.warning.statements.issuing import issue
from tests.factories import PASSWORD, make_channel, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.test_protection_plan import browser_of, send
from tests.leaks import find_leaks_in_database
from tests.notices.conftest import Postbox, postbox
from tests.searching import find_plain
from tests.warning.alerting import make_alert

__all__ = ["postbox"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TITLE = "Invented statement on Vellomarque"
BODY = "Invented: we ask for an inquiry into Trandoquel."
EDITED = "Invented: we ask for an inquiry and for the release of Ostrevande."
CORRECTION = "Invented: it was on the third of the month."
SECRETS = (TITLE, BODY, EDITED)


@pytest.fixture
def both(live_server: LiveServer, postbox: Postbox) -> dict[str, Founded]:
    """An NHRI and its network, and an alert that both read."""
    made = {kind: make_institution(f"invented-{kind}", kind) for kind in ("nhri", "network")}
    make_channel(made["nhri"])
    for kind, founded in made.items():
        user = make_member(founded, f"invented-person-of-{kind}")
        keep_wishes(user, Wishes(f"{kind}@institution.invalid", "", "en", ("response-due",), "at-once"))
    user = made["nhri"].institution.members.get()
    share_alert(user, make_alert(user, "warning").pk, made["network"].institution)
    run_queue()
    postbox.envelopes.clear()
    # Who was told within the hour waits for the next.
    NoticeRecipient.objects.update(sent_at=None)
    return made


def sign_in(page: Page, language: str, kind: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("input[name=username]", f"invented-person-of-{kind}")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_a_draft_to_the_portal(
    live_server: LiveServer,
    chromium: str,
    both: dict[str, Founded],
    postbox: Postbox,
    language: str,
    width: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    alert = both["nhri"].institution.alerts.get()

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "nhri")
        draft(page, language, alert.pk)
        other = open_window(width=width)
        sign_in(other, language, "network")
        edit_and_sign(other, language)
        sign_too(page)
    assert find_leaks_in_database(SECRETS) == []

    statement = Statement.objects.get()
    user, unlocked = both["nhri"].institution.members.get(), both["nhri"].unlocked
    with mock.patch.object(issuing, "destroy_copies", side_effect=SystemExit), pytest.raises(SystemExit):
        issue(user, statement.pk, version=2, unlocked=unlocked)
    assert not PublicStatement.objects.exists()
    run_queue()
    assert not find_plain(b"".join(each.content for each in postbox.envelopes), SECRETS)
    assert {each.rcpt_tos[0].partition("@")[0] for each in postbox.envelopes} == {"nhri", "network"}

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language, "nhri")
        make_public(page, language, statement.pk)
        reader = open_window(width=width)
        read_in_public(reader, language)
        put_right(page, language, statement.pk)
        reader.reload()
        assert CORRECTION in reader.inner_text("main")
        check_page(reader)
        assert reader.context.cookies() == []

    assert PublicStatement.objects.get().texts["en"] == {"title": TITLE, "body": EDITED}
    assert find_plain(caplog.text.encode(), SECRETS) == []


def draft(page: Page, language: str, alert: int) -> None:
    page.goto(f"/{language}/desk/warning/procedures/")
    check_page(page)
    page.goto(f"/{language}/desk/warning/alerts/{alert}/")
    check_page(page)
    follow(page.locator("main a[href$='/statements/new/']"))
    check_page(page)
    page.select_option("[name=language]", "en")
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    page.check("[name=invited]")
    send(page)
    page.wait_for_url(re.compile(r"/statements/\d+/$"))
    assert BODY in page.inner_text("main")
    check_page(page)


def edit_and_sign(page: Page, language: str) -> None:
    page.goto(f"/{language}/desk/warning/statements/")
    check_page(page)
    follow(page.locator("main tbody th a"))
    follow(page.locator("main a[href$='/text/en/']"))
    check_page(page)
    page.fill("[name=body]", EDITED)
    send(page)
    page.wait_for_url(re.compile(r"/statements/\d+/$"))
    follow(page.locator("form[action$='/sign/'] button"))
    assert page.locator("form[action$='/take-back/']").count() == 1
    check_page(page)


def sign_too(page: Page) -> None:
    page.reload()
    assert EDITED in page.inner_text("main")
    assert page.locator("main a[href$='/issue/']").count() == 0
    follow(page.locator("form[action$='/sign/'] button"))


def make_public(page: Page, language: str, statement: int) -> None:
    page.goto(f"/{language}/desk/warning/statements/{statement}/")
    follow(page.locator("main a[href$='/issue/']"))
    check_page(page)
    page.check("[name=no_names]")
    send(page)
    page.wait_for_url(re.compile(r"/statements/\d+/$"))
    check_page(page)


def read_in_public(page: Page, language: str) -> None:
    page.goto(f"/{language}/statements/")
    check_page(page)
    follow(page.locator("main dt a"))
    assert page.locator("article[lang=en][dir=ltr] h1").inner_text() == TITLE
    assert EDITED in page.inner_text("main")


def put_right(page: Page, language: str, statement: int) -> None:
    page.goto(f"/{language}/desk/warning/statements/{statement}/correct/")
    check_page(page)
    page.fill("[name=text_en]", CORRECTION)
    send(page)
    page.wait_for_url(re.compile(r"/statements/\d+/$"))
