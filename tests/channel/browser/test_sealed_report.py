"""Stories of a reporter whose browser runs scripts: it seals, keeps, sends, leaves. The server sees ciphertext only."""

import hashlib
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import quote_plus

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings

from amparo.channel.models import Draft, Mailbox, Message, Report
from amparo.files.services import open_file, read_facts
from amparo.vault import services as vault
from tests.channel.browser.conftest import OpenForm
from tests.channel.browser.tap import Tap
from tests.factories import make_channel, make_institution
from tests.journeys.barriers import check_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORY = "Zwei erfundene Männer warteten vor Yvonnes erfundener Tür."
NAME, CONTACT = "Yvonne Erfunden", "yvonne@erfunden.example"
PHOTO_NAME = "erfundenes-tor.jpg"
BROKEN_CRYPTO = "Object.defineProperty(crypto, 'getRandomValues', { value() { throw new Error('invented') } })"


def make_photo() -> bytes:
    """A photo whose bytes look like nothing else."""
    noise = Image.frombytes("RGB", (120, 90), os.urandom(120 * 90 * 3))
    written = BytesIO()
    noise.save(written, "JPEG")
    return written.getvalue()


def go_to_end(page: Page) -> None:
    page.click("[data-go=end]")


def send(page: Page) -> str:
    """Press “Send” on the last step; the sixteen digits of the receipt."""
    go_to_end(page)
    page.click("button[value=send]")
    return receipt_on(page)


def receipt_on(page: Page) -> str:
    page.wait_for_selector("p.receipt")
    return re.sub(r"\D", "", page.inner_text("p.receipt"))


def photo_payload(photo: bytes, name: str = PHOTO_NAME) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo}


def test_a_report_with_a_photo_leaves_the_browser_sealed_and_opens_at_the_institution(
    open_form: OpenForm, tap: Tap
) -> None:
    founded, photo = make_institution(), make_photo()
    page = open_form(make_channel(founded))

    page.fill("[name=what]", STORY)
    page.click("[data-go=next]")
    page.locator("#step-acts summary").first.click()
    page.locator("#step-acts input[type=checkbox]").first.check()
    act = page.locator("#step-acts input[type=checkbox]").first.get_attribute("value")
    page.click("[data-go=next]")
    page.fill("[name=victim_name]", NAME)
    for _ in range(4):
        page.click("[data-go=next]")
    page.check("[name=urgency] >> nth=0")
    urgency = page.locator("[name=urgency]").first.get_attribute("value")
    page.click("[data-go=next]")
    page.fill("[name=contact]", CONTACT)
    page.click("[data-go=next]")
    page.locator("[name=consents]").first.check()
    consent = page.locator("[name=consents]").first.get_attribute("value")
    page.click("[data-go=next]")
    page.set_input_files("[name=files]", photo_payload(photo))
    page.click("button[value=send]")
    receipt = receipt_on(page)

    assert len(receipt) == 16
    report = Report.objects.get()
    assert (report.sealed_by, report.urgency, report.naming, report.language) == (
        "browser",
        urgency,
        "confidential",
        "en",
    )
    assert [each.recipient for each in report.consents.all()] == [consent]
    answers = vault.open_sections([report.section], founded.unlocked)[report.section_id]
    assert answers == {"what": STORY, "acts": [act], "victim_name": NAME, "contact": CONTACT}
    file = report.files.get().file
    facts = read_facts(file, founded.unlocked)
    assert (facts.name, facts.length, facts.sha256) == (PHOTO_NAME, len(photo), hashlib.sha256(photo).hexdigest())
    assert b"".join(open_file(file, founded.unlocked)) == photo
    left = tap.heard
    assert b"sealed_files" in left
    assert_absent(left, [STORY, NAME, CONTACT, PHOTO_NAME], photo)


def assert_absent(left: bytes, secrets: list[str], photo: bytes) -> None:
    """None of `secrets`, in any usual writing, and no 12 bytes in a row of `photo` are in `left`."""
    decoded = b"\n".join(map(_decode, re.findall(rb"[A-Za-z0-9+/_-]{16,}", left)))
    for place in (left, decoded):
        for secret in secrets:
            for form in (
                secret.encode(),
                secret.encode("utf-16-le"),
                b64encode(secret.encode())[:-4],
                quote_plus(secret).encode(),
                secret.encode().hex().encode(),
            ):
                assert form not in place, secret
            for word in re.findall(r"\w{6,}", secret):
                assert word.encode() not in place, word
        for start in range(0, len(photo) - 12, 4):
            assert photo[start : start + 12] not in place, start


def _decode(text: bytes) -> bytes:
    letters = text.translate(bytes.maketrans(b"-_", b"+/"), b"=")
    whole = letters[: len(letters) // 4 * 4]
    return b64decode(whole)


def test_what_leaves_would_be_found_if_it_were_in_clear(open_form: OpenForm, tap: Tap) -> None:
    """The search above finds what the plain form sends: it is not blind."""
    page, photo = open_form(make_channel(), broken=BROKEN_CRYPTO), make_photo()

    page.fill("[name=what]", STORY)
    page.set_input_files("[name=files]", photo_payload(photo))
    page.click("button[value=send]")
    receipt_on(page)

    for secrets, picture in (([STORY], b""), ([PHOTO_NAME], b""), ([], photo)):
        with pytest.raises(AssertionError):
            assert_absent(tap.heard, secrets, picture)


def test_a_browser_that_cannot_seal_gets_the_plain_form_and_is_told(open_form: OpenForm) -> None:
    founded = make_institution()
    page = open_form(make_channel(founded), broken=BROKEN_CRYPTO)

    assert page.is_visible("#not-sealed-here")
    assert page.is_hidden("#sealed-here")
    assert page.locator("fieldset.step:visible").count() == 10
    page.fill("[name=what]", STORY)
    page.click("button[value=send]")
    receipt_on(page)

    report = Report.objects.get()
    assert report.sealed_by == "server"
    assert vault.open_sections([report.section], founded.unlocked)[report.section_id]["what"] == STORY


def test_steps_lead_on_and_back_and_the_heading_has_the_focus(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    headings = []

    assert page.inner_text("[data-progress]") == "Step 1 of 10"
    for number in range(2, 11):
        page.keyboard.press("Tab")
        page.click("[data-go=next]")
        assert page.locator("fieldset.step:visible").count() == 1
        assert page.inner_text("[data-progress]") == f"Step {number} of 10"
        headings.append(page.evaluate("document.activeElement.textContent.trim()"))
    page.click("[data-go=back]")

    assert len(set(headings)) == 9
    assert page.inner_text("[data-progress]") == "Step 9 of 10"
    assert page.is_hidden("#send")


def test_only_what_happened_must_be_said(open_form: OpenForm) -> None:
    page = open_form(make_channel())

    go_to_end(page)
    page.click("button[value=send]")

    expect(page.locator("#seal-state")).to_contain_text("Please say in a few words what happened")
    assert page.evaluate("document.activeElement.name") == "what"
    assert not Report.objects.exists()
    page.fill("[name=what]", STORY)
    send(page)
    assert Report.objects.count() == 1


def test_a_line_that_breaks_loses_nothing_and_the_report_goes_when_it_is_back(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    go_to_end(page)

    page.context.set_offline(True)
    page.click("button[value=send]")
    expect(page.locator("#seal-state")).to_contain_text("Not sent yet: no connection. Nothing is lost.")
    assert page.input_value("[name=what]") == STORY
    assert not Report.objects.exists()
    page.context.set_offline(False)

    assert len(receipt_on(page)) == 16
    assert Report.objects.count() == 1


def test_who_stops_trying_can_write_on_and_send_later(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    go_to_end(page)
    page.context.set_offline(True)
    page.click("button[value=send]")
    page.wait_for_selector("[data-go=stop]:visible")

    page.click("[data-go=stop]")
    expect(page.locator("#seal-state")).to_contain_text("you stopped it")
    page.context.set_offline(False)
    page.click("[data-go=back]")
    page.click("[data-go=next]")
    page.click("button[value=send]")

    receipt_on(page)
    assert Report.objects.count() == 1


def test_an_answer_that_is_lost_on_the_way_makes_no_second_report(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    lost = []

    def lose_the_first(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/report/sealed/", lose_the_first)
    receipt = send(page)

    assert lost == [200]
    assert Report.objects.count() == Mailbox.objects.count() == 1
    page.goto("/en/report/mailbox/")
    page.fill("[name=receipt]", receipt)
    page.click("button[value=open]")
    expect(page.locator("h1")).to_have_text("Your mailbox")


def test_a_double_click_sends_once(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    go_to_end(page)

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))

    page.dblclick("button[value=send]")
    receipt_on(page)

    assert Report.objects.count() == 1
    assert len([each for each in sent if each.endswith("/report/sealed/")]) == 1


def keep(page: Page) -> None:
    go_to_end(page)
    page.click("#send button[value=keep]")
    expect(page.locator("#kept")).to_contain_text("Kept, sealed")


def test_a_tab_that_is_loaded_again_has_its_draft(open_form: OpenForm, tap: Tap) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    page.click("[data-go=next]")
    page.click("[data-go=next]")
    page.fill("[name=victim_name]", NAME)
    page.select_option("[name=sex]", index=1)
    sex = page.input_value("[name=sex]")
    expect(page.locator("#kept")).to_contain_text("Kept, sealed", timeout=15_000)

    page.reload()

    expect(page.locator("#sealed-here")).to_be_visible()
    expect(page.locator("[name=victim_name]")).to_have_value(NAME)
    assert page.input_value("[name=what]") == STORY
    assert page.input_value("[name=sex]") == sex
    assert page.inner_text("[data-progress]") == "Step 3 of 10"
    assert_absent(tap.heard, [STORY, NAME], b"")
    for draft in Draft.objects.all():
        assert STORY.encode() not in bytes(draft.sealed)
    send(page)
    assert Report.objects.get().sealed_by == "browser"


def test_after_a_crash_files_are_asked_for_again_by_their_names(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    page.set_input_files("[name=files]", photo_payload(make_photo()))
    keep(page)

    page.reload()

    expect(page.locator("#seal-state")).to_contain_text(PHOTO_NAME)


def test_the_back_button_of_the_browser_loses_nothing(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    page.click("[data-go=next]")

    page.go_back()
    page.wait_for_timeout(1000)
    page.reload()
    page.click("a:has-text('Go on writing')")

    expect(page.locator("[name=what]")).to_have_value(STORY)


def test_the_language_can_be_changed_in_between(open_form: OpenForm, tap: Tap) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)

    page.click("button[value='language:ar']")
    page.wait_for_url("**/ar/report/write/")

    expect(page.locator("[name=what]")).to_have_value(STORY)
    assert_absent(tap.heard, [STORY], b"")
    send(page)
    assert Report.objects.get().language == "ar"


def test_the_language_can_be_changed_before_anything_is_written(open_form: OpenForm) -> None:
    page = open_form(make_channel())

    page.click("button[value='language:fr']")
    page.wait_for_url("**/fr/report/write/")

    expect(page.locator("#sealed-here")).to_be_visible()
    assert page.is_hidden("#seal-state")


def test_another_tab_is_told_that_the_draft_does_not_open_there(open_form: OpenForm) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    keep(page)

    other = page.context.new_page()
    other.goto("/en/report/write/")

    expect(other.locator("#seal-state")).to_contain_text("does not open here")
    assert other.input_value("[name=what]") == ""


def test_throwing_away_sends_nothing_of_what_was_written(open_form: OpenForm, tap: Tap) -> None:
    page = open_form(make_channel())
    page.fill("[name=what]", STORY)
    keep(page)

    page.click("#send button[value=forget]")
    page.wait_for_url("**/report/")

    assert_absent(tap.heard, [STORY], b"")
    assert not Draft.objects.exists()
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("way", ["escape", "button"])
def test_the_way_out_leaves_no_form_behind(open_form: OpenForm, settings: Settings, way: str) -> None:
    settings.QUICK_EXIT = "https://weather.invented.example/"
    page = open_form(make_channel())
    page.context.route("https://weather.invented.example/**", lambda route: route.fulfill(body="Sunny."))
    page.fill("[name=what]", STORY)
    keep(page)
    length = page.evaluate("history.length")

    if way == "escape":
        for _ in range(2):
            page.keyboard.press("Escape")
        assert "/report/write/" in page.url
        page.keyboard.press("Escape")
    else:
        page.click("#quick-exit")
    page.wait_for_url("https://weather.invented.example/")

    assert page.evaluate("history.length") == length
    page.wait_for_timeout(500)
    assert not Draft.objects.exists()
    assert [each for each in page.context.cookies() if each["name"] == "amparo-channel"] == []
    page.go_back()
    assert page.url.endswith("/en/report/")
    assert "You have begun" not in page.content()


def test_slow_presses_of_escape_do_not_lead_away(open_form: OpenForm) -> None:
    page = open_form(make_channel())

    for _ in range(3):
        page.keyboard.press("Escape")
        page.wait_for_timeout(1600)

    assert "/report/write/" in page.url


def test_a_browser_works_to_get_through_when_the_channel_is_full(open_form: OpenForm, settings: Settings) -> None:
    page = open_form(make_channel())
    settings.CHANNEL_RATE = 0.4
    page.fill("[name=what]", STORY)
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if answer.url.endswith("/sealed/") else None)

    send(page)

    assert answers == [429, 200]


def test_a_key_that_changed_meanwhile_is_sealed_to_anew(open_form: OpenForm) -> None:
    founded = make_institution()
    page = open_form(make_channel(founded))
    key_pair, unlocked = vault.make_institutional_key_pair()
    founded.institution.key_pair = key_pair
    founded.institution.save()
    page.fill("[name=what]", STORY)

    send(page)

    report = Report.objects.get()
    assert vault.open_sections([report.section], unlocked)[report.section_id] == {"what": STORY}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_form_is_without_barriers_on_a_small_screen(open_form: OpenForm, language: str) -> None:
    page = open_form(make_channel(), language=language, width=360)

    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    for _ in range(10):
        check_page(page)
        if page.is_visible("[data-go=next]"):
            page.click("[data-go=next]")
    page.context.set_offline(True)
    page.click("button[value=send]")
    page.wait_for_selector("#seal-state:visible")
    check_page(page)


def test_the_bundle_is_refused_where_a_byte_is_another(browsing: Callable[..., BrowserContext]) -> None:
    make_channel()
    page = browsing().new_page()

    def change(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body() + b" ")

    page.route("**/seal.js", change)
    page.goto("/en/report/")
    page.click("button[name=about][value=defender]")
    page.wait_for_load_state("networkidle")

    assert page.is_visible("#not-sealed-here")
    assert page.evaluate("typeof amparoSeal") == "undefined"


def test_a_message_leaves_the_browser_sealed_and_both_can_read_it(open_form: OpenForm, tap: Tap) -> None:
    founded, photo = make_institution(), make_photo()
    page = open_form(make_channel(founded))
    page.fill("[name=what]", "Erfunden.")
    receipt = send(page)
    page.click("a:has-text('Open the mailbox')")
    page.fill("[name=receipt]", receipt)
    page.click("button[value=open]")
    page.wait_for_selector("#sealed-here:visible")
    check_page(page)

    page.fill("[name=text]", STORY)
    page.set_input_files("[name=files]", photo_payload(photo))
    page.click("#message button[value=send]")
    expect(page.locator("article.message")).to_contain_text(STORY)

    assert_absent(tap.heard, [STORY, PHOTO_NAME], photo)
    message = Message.objects.get()
    assert vault.open_sections([message.section], founded.unlocked)[message.section_id] == {"text": STORY}
    assert b"".join(open_file(message.files.get().file, founded.unlocked)) == photo
