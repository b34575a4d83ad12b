"""What an answer of the channel gives away to who sees it pass, or finds what was kept of it."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from amparo.channel.browser_key import COOKIE
from amparo.channel.weight import LARGEST_BODY, WEIGHT
from amparo.config.environment import read_environment
from tests.channel.reporting import (
    LEAVE,
    MAILBOX,
    START,
    STORY,
    WRITE,
    begin,
    cookies_of,
    hidden_fields,
    open_mailbox,
    send,
    send_and_copy,
)
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

ONION = "a" * 55 + "d.onion"


def _form(client: Client) -> HttpResponse:
    return client.post(WRITE, {"action": "begin", "about": "nhri", "institution": make_channel().institution.code})


def _mailbox(client: Client) -> HttpResponse:
    return open_mailbox(client, send_and_copy(client, make_channel()))


def _deleted(client: Client) -> HttpResponse:
    _mailbox(client)
    return client.post(MAILBOX, {"action": "delete", "confirmation": "delete"})


def _already_sent(client: Client) -> HttpResponse:
    sent = {**begin(client, make_channel()), "action": "send", "what": STORY}
    client.post(WRITE, sent)
    return Client().post(WRITE, sent)


def _kept(client: Client) -> HttpResponse:
    return client.post(WRITE, {**begin(client, make_channel()), "action": "keep", "what": STORY})


def _file_refused(client: Client) -> HttpResponse:
    photo = SimpleUploadedFile("invented.jpg", b"\xff\xd8\xff" * 900)
    return send(client, make_channel(most_file_bytes=100), files=photo)


ANSWERS: dict[str, tuple[Callable[[Client], HttpResponse], int]] = {
    "start": (lambda client: client.get(START), 200),
    "start in Arabic": (lambda client: client.get("/ar/report/"), 200),
    "form": (_form, 200),
    "kept": (_kept, 200),
    "asked again": (lambda client: send(client, make_channel(), what=""), 422),
    "file refused": (_file_refused, 422),
    "receipt": (lambda client: send(client, make_channel()), 200),
    "already sent": (_already_sent, 409),
    "asking for a receipt": (lambda client: client.get(MAILBOX), 200),
    "wrong receipt": (lambda client: open_mailbox(client, "1" * 16), 422),
    "mailbox": (_mailbox, 200),
    "deleted": (_deleted, 200),
    "redirection": (lambda client: client.get(WRITE), 302),
    "leaving": (lambda client: client.get(LEAVE), 302),
    "no such page": (lambda client: client.get("/en/report/invented/"), 404),
    "no such language": (lambda client: client.get("/report/"), 302),
    "method refused": (lambda client: client.put(WRITE), 405),
    "too large": (lambda client: client.post(WRITE, CONTENT_LENGTH=str(LARGEST_BODY + 1)), 413),
    "cross-site": (lambda client: Client(enforce_csrf_checks=True).post(WRITE, {"action": "send"}), 403),
    "too many fields": (lambda client: client.post(WRITE, {f"field-{n}": "" for n in range(2000)}), 400),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_all_answers_weigh_the_same_and_are_kept_nowhere(client: Client, what: str) -> None:
    answer, status = ANSWERS[what]

    page = answer(client)

    assert page.status_code == status
    assert len(page.content) == (WEIGHT if page["Content-Type"].startswith("text/html") else 0)
    assert page.get("Content-Length", str(len(page.content))) == str(len(page.content))
    assert {"no-store", "private", "no-transform"} <= set(re.split(r",\s*", page["Cache-Control"]))
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Content-Encoding"] == "identity"
    assert "default-src 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("what", ANSWERS)
def test_pages_ask_nothing_of_others_and_run_nothing_inline(client: Client, what: str) -> None:
    body = ANSWERS[what][0](client).content.decode()

    assert not re.search(r"<(?:script|img|iframe|video|audio|object|embed)[^>]+(?:https?:)?//", body)
    assert not re.search(r"<link[^>]+href=\"(?:https?:)?//", body)
    assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", body)


def test_a_text_beyond_one_weight_takes_a_whole_one_more(client: Client) -> None:
    page = send(client, make_channel(), what="", place="x" * 19_000, by_whom="x" * 19_000, contact="x" * 19_000)

    assert len(page.content) == 2 * WEIGHT


def test_cookies_are_of_the_session_and_out_of_reach_of_scripts(client: Client) -> None:
    open_mailbox(client, send_and_copy(client, make_channel()))

    assert set(cookies_of(client)) == {COOKIE, "csrftoken"}
    for cookie in client.cookies.values():
        assert not cookie["expires"]
        assert not cookie["max-age"]
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Strict", "Lax"}


def test_the_first_page_gives_no_cookie_of_the_channel(client: Client) -> None:
    make_channel()

    client.get(START)

    assert set(cookies_of(client)) <= {"csrftoken"}


def test_no_address_carries_anything_of_a_report(client: Client) -> None:
    channel = make_channel()
    pages = [client.get(START), _form(client), send(client, channel), _mailbox(client)]

    addresses = {each for page in pages for each in re.findall(r'(?:href|action)="([^"]+)"', page.content.decode())}

    ours = {each for each in addresses if "/report/" in each}
    assert ours
    assert all(re.fullmatch(r"/(en|fr|es|ar)/report/(write/|mailbox/|leave/)?", each) for each in ours), ours


def test_the_way_out_tells_the_other_site_nothing(client: Client) -> None:
    page = client.get(START).content.decode()

    link = re.search(r'<a class="quick-exit"[^>]+>', page)
    assert link is not None
    assert 'href="/en/report/leave/"' in link[0]
    assert "noreferrer" in link[0]


def test_an_onion_service_is_told_of_on_public_and_report_pages_only(client: Client, settings: Settings) -> None:
    settings.ONION = ONION
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, ONION]

    assert client.get(START)["Onion-Location"] == f"http://{ONION}/en/report/"
    assert client.get("/en/vocabularies/?invented=1")["Onion-Location"] == f"http://{ONION}/en/vocabularies/?invented=1"
    assert client.get(START, headers={"host": ONION}).status_code == 200
    for private in ("/en/account/sign-in/", "/en/desk/"):
        assert "Onion-Location" not in client.get(private)
    make_channel()
    assert ONION in client.get(START).content.decode()


def test_without_an_onion_service_nothing_is_said_of_one(client: Client) -> None:
    page = client.get(START)

    assert "Onion-Location" not in page
    assert b".onion" not in page.content


@pytest.mark.parametrize("address", ["invented.onion", "http://" + "a" * 56, "a" * 56 + ".onion.example"])
def test_an_onion_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="AMPARO_ONION"):
        read_environment({"AMPARO_ONION": address})


def test_addresses_of_the_environment_are_read() -> None:
    read = read_environment({"AMPARO_ONION": f"http://{ONION}/", "AMPARO_QUICK_EXIT": "https://weather.example/"})

    assert (read.onion, read.quick_exit) == (ONION, "https://weather.example/")
    for address in ("javascript:alert(1)", "http://invented.example", "https://a\r\nSet-Cookie: x=1"):
        with pytest.raises(ValueError, match="AMPARO_QUICK_EXIT"):
            read_environment({"AMPARO_QUICK_EXIT": address})


def test_the_reader_is_led_to_her_language(client: Client) -> None:
    assert client.get("/report/", headers={"accept-language": "ar"})["Location"] == "/ar/report/"


def test_every_public_page_leads_to_the_channel(client: Client) -> None:
    assert 'href="/en/report/"' in client.get("/en/vocabularies/").content.decode()
    assert hidden_fields(client.get(START)) is not None
