"""A yes, and the yes taken back: noted by a case worker, used, read by the network, and withdrawn."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.services import Founded
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import Section, SectionKey
from tests.factories import PASSWORD, make_incident, make_institution, make_member
from tests.journeys.barriers import check_page
from tests.journeys.test_report_to_case import browser_of
from tests.leaks import find_leaks, find_leaks_in_database
from tests.searching import find_plain

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STORY = "Invented zanzomarvik men waited behind the mill of Quorvendale."
VICTIM = "Invented Ysolvana Trebuquet"
NETWORK = "invented-network"


def sign_in(page: Page, language: str, username: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_consent_is_given_used_and_withdrawn(
    live_server: LiveServer, chromium: str, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    nhri, network = make_institution("invented-nhri"), make_institution(NETWORK, kind="network")
    make_member(nhri, "invented-case-worker", role="case-worker")
    make_member(nhri, "invented-focal-point")
    make_member(network, "invented-reader", role="case-worker")
    incident = make_incident(nhri, name=VICTIM, narrative=STORY)
    address = f"/{language}/desk/cases/{incident.pk}"

    with browser_of(live_server, chromium) as open_window:
        worker, focal_point = open_window(width=360, scripts=False), open_window(width=1280, scripts=True)
        reader = open_window(width=1280, scripts=True)
        sign_in(worker, language, "invented-case-worker")
        note_consent(worker, address)
        sign_in(focal_point, language, "invented-focal-point")
        for page in ("consent/", "consent/record/", "consent/withdraw/?recipient=network", "consent/history/"):
            focal_point.goto(f"{address}/{page}")
            check_page(focal_point)
        share(focal_point, address)
        sign_in(reader, language, "invented-reader")
        read_there = open_shared_case(reader, language)
        check_page(reader)
        kept = keep_what_a_thief_would(network)
        withdraw(worker, address)
        answer = reader.reload()
        gone, listed = answer.status if answer else 0, listed_there(reader, language)
        check_page(reader)
        told = worker.inner_text("main")
        focal_point.set_viewport_size({"width": 360, "height": 800})
        for page in ("history/", "consent/", "sharing/"):
            focal_point.goto(f"{address}/{page}")
            check_page(focal_point)

    assert STORY in read_there
    assert VICTIM in read_there
    assert gone == 404
    assert listed == 0
    assert STORY not in told
    assert_nothing_opens(network, kept)
    assert_nothing_leaked(caplog)


def note_consent(page: Page, address: str) -> None:
    page.goto(f"{address}/consent/")
    page.click("a[href$='/consent/record/']")
    page.check("input[name=everything]")
    page.check("input[name=recipients][value=network]")
    page.check("input[name=purposes][value=support-protection]")
    page.select_option("select[name=how]", "in-person")
    page.click(".steps button[type=submit]")
    page.wait_for_selector("table.consents .consent-holds")


def share(page: Page, address: str) -> None:
    page.goto(f"{address}/sharing/")
    page.select_option("select[name=to]", NETWORK)
    page.select_option("select[name=purpose]", "support-protection")
    page.click("form.choices button[type=submit]")
    page.wait_for_selector("input[name=parts]")
    check_page(page)
    page.click(".steps button[type=submit]")
    page.wait_for_selector("a[href$='/stop/']")


def open_shared_case(page: Page, language: str) -> str:
    page.goto(f"/{language}/desk/shared/")
    page.click("main tbody a[href*='/desk/shared/']")
    page.wait_for_url("**/desk/shared/*/")
    return page.inner_text("main")


def listed_there(page: Page, language: str) -> int:
    page.goto(f"/{language}/desk/shared/")
    return page.locator("main tbody tr").count()


def withdraw(page: Page, address: str) -> None:
    page.goto(f"{address}/consent/")
    page.click("a[href$='/consent/withdraw/']")
    page.click("main a[href='?recipient=network']")
    page.click(".steps button.grave")
    page.wait_for_selector("table.consents .consent-ended")


def keep_what_a_thief_would(network: Founded) -> dict[UUID, bytes]:
    """The wrapped keys of the network, as somebody who took its server's database that day has them."""

    # The browser's loop is there: the database is asked past Django's check, in a thread of its own.
    def read() -> dict[UUID, bytes]:
        held = SectionKey.objects.filter(holder=network.institution.key_pair)
        return {key.section_id: bytes(key.wrapped_key) for key in held}

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(read).result()


def assert_nothing_opens(network: Founded, kept: dict[UUID, bytes]) -> None:
    """Neither through Amparo nor with the network's private key on the raw store, also with keys kept from before."""
    assert len(kept) == 2
    sections = list(Section.objects.filter(pk__in=kept))
    assert vault.open_sections(sections, network.unlocked) == {}
    assert not SectionKey.objects.filter(holder=network.institution.key_pair).exists()
    for section in sections:
        sealed = seal.Sealed(bytes(section.ciphertext), kept[section.pk])
        with pytest.raises(VaultError):
            seal.open_section(sealed, section.pk, section.kind, network.unlocked.private)


def assert_nothing_leaked(caplog: pytest.LogCaptureFixture) -> None:
    secrets = [STORY, VICTIM, "zanzomarvik", "Trebuquet"]
    said = caplog.text + "".join(f"{each.subject}{each.body}" for each in mail.outbox)
    assert find_leaks(Path(settings.DATA_DIR), secrets) == []
    assert find_leaks_in_database(secrets) == []
    assert find_plain(said.encode(), secrets) == []
