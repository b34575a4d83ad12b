"""From a report with a photo to a documented case: four languages, with and without scripts, and nothing leaks."""

import io
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from amparo.channel.models import Report
from tests.factories import PASSWORD, make_channel, make_institution, make_member
from tests.journeys.barriers import follow
from tests.leaks import find_leaks, find_leaks_in_database
from tests.searching import find_plain

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STORIES = {
    "en": "Invented zanzomarvik men waited behind the mill of Quorvendale.",
    "fr": "Des hommes inventés, zanzomarvik, attendaient derrière le moulin de Quorvendale.",
    "es": "Unos hombres inventados, zanzomarvik, esperaban detrás del molino de Quorvendale.",
    "ar": "رجال متخيَّلون من زنزومارفيك انتظروا خلف طاحونة كورفندال.",
}
VICTIM = "Invented Ysolvana Trebuquet"
ANSWER = "Invented answer: keep the tramvolique papers apart."
REPLY = "Invented reply about the skarnobel notebook."
FILE_NAME = "vexilomora-photo.jpg"
LATER_FILE = "drumblekast-note.txt"
LATER_TEXT = b"Invented note: hyxaporine at the ferry."
CAMERA = "Invented camera Plimwardo"
LATITUDE, LONGITUDE = (12.0, 34.0, 56.78), (98.0, 7.0, 6.54)
ROOT = Path(__file__).resolve().parents[2]
OpenWindow = Callable[..., Page]


def photo_with_place() -> bytes:
    """A JPEG that tells where and by which camera it was made."""
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    exif.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE})
    picture = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(picture, "JPEG", exif=exif)
    return picture.getvalue()


def place_in(picture: bytes) -> dict[int, object]:
    return dict(Image.open(io.BytesIO(picture)).getexif().get_ifd(0x8825))


@pytest.fixture
def institution(live_server: LiveServer) -> str:
    make_channel(make_institution("invented-other"))
    founded = make_institution("invented-receiver")
    make_member(founded, "invented-focal-point")
    return make_channel(founded).institution.code


@contextmanager
def browser_of(server: LiveServer, chromium: str) -> Iterator[OpenWindow]:
    """Opens windows, each of one person with her own cookies. Inside, the database is out of reach: it has a loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_window(*, width: int, scripts: bool) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                java_script_enabled=scripts,
                base_url=server.url,
                accept_downloads=True,
            )
            return context.new_page()

        yield open_window
        browser.close()


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_report_with_a_photo_becomes_a_case(
    live_server: LiveServer,
    chromium: str,
    institution: str,
    language: str,
    scripts: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    photo, started = photo_with_place(), time.time()
    assert place_in(photo)

    with browser_of(live_server, chromium) as open_window:
        reporter, focal_point = open_window(width=360, scripts=scripts), open_window(width=1280, scripts=True)
        receipt = send_report(reporter, language, institution, photo, scripts=scripts)
        sign_in(focal_point, language)
        answer_report(focal_point, language)
        read_and_add_a_file(reporter, language, receipt)
        copy, original = fetch_photo(focal_point, language)
        case = make_case(focal_point, language)

    assert original == photo
    assert place_in(copy) == {}
    assert CAMERA.encode() not in copy
    assert Image.open(io.BytesIO(copy)).size == (64, 48)
    assert VICTIM in case
    assert STORIES[language] in case
    assert FILE_NAME in case
    assert Report.objects.get().sealed_by == ("browser" if scripts else "server")
    assert_nothing_leaked(language, receipt, caplog, started)


def send_report(page: Page, language: str, institution: str, photo: bytes, *, scripts: bool) -> str:
    page.goto(f"/{language}/report/")
    page.select_option("#institution", institution)
    page.click("button[name=about][value=defender]")
    file = {"name": FILE_NAME, "mimeType": "image/jpeg", "buffer": photo}
    if scripts:
        page.wait_for_selector("#steps:not([hidden])")
        page.wait_for_selector("#sealed-here:not([hidden])")
    page.fill("#what", STORIES[language])
    for field, text in (("#victim_name", VICTIM), ("#files", None)):
        while scripts and not page.is_visible(field):
            page.click("[data-go=next]")
        page.fill(field, text) if text else page.set_input_files(field, [file])
    follow(page.locator("#send button[value=send]"))
    return page.inner_text(".receipt strong")


def sign_in(page: Page, language: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("input[name=username]", "invented-focal-point")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")


def answer_report(page: Page, language: str) -> None:
    page.goto(f"/{language}/desk/inbox/")
    follow(page.locator("main tbody a[href*='/desk/inbox/']"))
    assert STORIES[language] in page.inner_text("main")
    follow(page.locator("form[action$='/acknowledge/'] button"))
    page.fill("#message textarea", ANSWER)
    follow(page.locator("#message button[type=submit]"))
    assert ANSWER in page.inner_text("main")


def read_and_add_a_file(page: Page, language: str, receipt: str) -> None:
    page.goto(f"/{language}/report/mailbox/")
    page.fill("#receipt", receipt)
    follow(page.locator("button[value=open]"))
    assert ANSWER in page.inner_text(".message")
    page.fill("#text", REPLY)
    page.set_input_files("#files", [{"name": LATER_FILE, "mimeType": "text/plain", "buffer": LATER_TEXT}])
    page.click("#message button[value=send]")
    page.wait_for_selector(".message.own")
    assert REPLY in page.inner_text(".message.own")


def fetch_photo(page: Page, language: str) -> tuple[bytes, bytes]:
    """The clean copy and the original, as the focal point saves them."""
    page.goto(f"/{language}/desk/inbox/")
    follow(page.locator("main tbody a[href*='/desk/inbox/']"))
    assert LATER_FILE in page.inner_text("main")
    assert REPLY in page.inner_text("main")
    page.click(f"text={FILE_NAME}")
    page.locator("img.preview").evaluate("image => image.decode()")
    with page.expect_download() as copied:
        page.click("a[href$='/copy/']")
    with page.expect_download() as fetched:
        page.click("form[action$='/original/'] button")
    both = tuple(Path(download.value.path()).read_bytes() for download in (copied, fetched))
    for download in (copied, fetched):
        download.value.delete()
    return both[0], both[1]


def make_case(page: Page, language: str) -> str:
    """What the page of the new case says."""
    page.goto(f"/{language}/desk/inbox/")
    page.click("main tbody a[href*='/desk/inbox/']")
    page.click("a[href$='/accept/']")
    page.locator("input[name=acts][value=threat]").check()
    page.click("main form .steps button[type=submit]:not([name])")
    page.wait_for_url("**/desk/cases/**")
    return page.inner_text("main")


def assert_nothing_leaked(language: str, receipt: str, caplog: pytest.LogCaptureFixture, since: float) -> None:
    """Neither in the store, the database, the queue in it, logs, mail, nor below the temporary folder."""
    secrets = [
        STORIES[language],
        VICTIM,
        ANSWER,
        REPLY,
        FILE_NAME,
        LATER_FILE,
        LATER_TEXT.decode(),
        CAMERA,
        receipt.replace(" ", ""),
        receipt,
    ]
    said = caplog.text + "".join(f"{each.subject}{each.body}" for each in mail.outbox)
    assert find_leaks(Path(settings.DATA_DIR), secrets) == []
    assert find_leaks_in_database(secrets) == []
    assert find_plain(said.encode(), secrets) == []
    assert [(path, found) for path, left in temporary_files(since) if (found := find_plain(left, secrets))] == []


def temporary_files(since: float) -> Iterator[tuple[Path, bytes]]:
    """What a server of ours could have left below the temporary folder: not the browser's, nor this checkout there."""
    # Not by pathlib: a folder that the browser takes away meanwhile would end it.
    for folder, _, names in os.walk(tempfile.gettempdir()):
        for path in (Path(folder, name) for name in names):
            others = any(word in str(path).casefold() for word in ("playwright", "chromium", "pytest-of"))
            if others or path.is_relative_to(ROOT) or path.is_symlink():
                continue
            # What another program takes away meanwhile was not left.
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime >= since and path.stat().st_size < 50_000_000:
                    yield path, path.read_bytes()
