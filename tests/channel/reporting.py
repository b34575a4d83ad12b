"""What tests of the channel share: writing, sending and coming back, as a browser without scripts does."""

import re
import time
from collections.abc import Mapping
from html import unescape

from django.core import signing
from django.http import HttpResponse
from django.test import Client
from lxml import html

from amparo.channel.models import Channel

START, WRITE, MAILBOX, LEAVE = "/en/report/", "/en/report/write/", "/en/report/mailbox/", "/en/report/leave/"
STORY = "Two invented men waited before my invented door."


def begin(client: Client, channel: Channel, about: str = "defender") -> dict[str, str]:
    """Choose a receiver; the hidden fields of the form that comes."""
    page = client.post(WRITE, {"action": "begin", "about": about, "institution": channel.institution.code})
    assert page.status_code == 200, page.content
    return hidden_fields(page)


def send(client: Client, channel: Channel, about: str = "defender", **said: object) -> HttpResponse:
    """Begin and send a report that says `said`."""
    return client.post(WRITE, {**begin(client, channel, about), "action": "send", "what": STORY, **said})


def send_and_copy(client: Client, channel: Channel, about: str = "defender", **said: object) -> str:
    """Begin and send a report; the sixteen digits of its receipt."""
    return read_receipt(send(client, channel, about, **said))


def read_receipt(page: HttpResponse) -> str:
    """The digits on the page that comes after sending."""
    found = re.search(r"<strong>([0-9 ]{19})</strong>", page.content.decode())
    assert found, (page.status_code, text_of(page)[:600])
    return found[1].replace(" ", "")


def open_mailbox(client: Client, receipt: str) -> HttpResponse:
    """Type a receipt; the page that comes."""
    return client.post(MAILBOX, {"action": "open", "receipt": receipt}, follow=True)


def hidden_fields(page: HttpResponse) -> dict[str, str]:
    """The hidden fields of the page's form for reports, but the one against cross-site requests."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found if name in HIDDEN}


HIDDEN = frozenset({"submission", "challenge", "proof", "about", "institution", "token"})


def text_of(page: HttpResponse) -> str:
    """What stands on the page, without its markup and its weight."""
    body = re.sub(r"<!--.*?-->", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split()).replace(" : ", ": ")


def parsed(page: HttpResponse) -> html.HtmlElement:
    """The page as a document."""
    return html.document_fromstring(page.content.decode())


class _OldSigner(signing.TimestampSigner):
    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - 25 * 60 * 60)


def old_token() -> str:
    """A token as the server made one more than a day ago."""
    return _OldSigner(salt="amparo.channel.token").sign("invented")


def cookies_of(client: Client) -> Mapping[str, str]:
    """The cookies that this browser holds now, by name."""
    return {name: cookie.value for name, cookie in client.cookies.items() if cookie.value}
