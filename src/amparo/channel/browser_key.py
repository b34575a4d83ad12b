"""The key that a reporter's browser holds: it closes her draft, and her mailbox while it is open.

It lies in a cookie of the session, which scripts can't read and which goes when the browser is closed. What the server
keeps opens nothing without it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amparo.vault.keys import make_secret

COOKIE = "amparo-channel"


def read_browser_key(request: HttpRequest) -> bytes | None:
    """The 32 bytes that this browser holds; None where it has none yet, or sent something else."""
    try:
        key = urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
    except (NotBase64, ValueError):
        return None
    return key if len(key) == 32 else None


def give_browser_key(response: HttpResponse) -> bytes:
    """A fresh key for this browser, set on `response`."""
    key = make_secret()
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(key).decode(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return key


def take_browser_key_away(response: HttpResponse) -> None:
    """Let the browser forget its key: drafts and the open mailbox are closed for good."""
    response.delete_cookie(COOKIE, samesite="Strict")


def derive(key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, from which neither `key` nor those of another purpose can be told."""
    return HKDFExpand(SHA256(), 32, b"amparo/channel/1/" + purpose.encode()).derive(key)
