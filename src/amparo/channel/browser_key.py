"""The key that a reporter's browser holds: it closes her draft, and her mailbox while it is open.

It lies in a cookie of the session, which scripts can't read and which goes when the browser is closed. What the server
keeps opens nothing without it.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amparo.vault.receipts import RECEIPT_DIGITS

COOKIE = "amparo-channel"


def read_browser_key(request: HttpRequest) -> bytes | None:
    """The 32 bytes that this browser holds; None where it has none yet, or sent something else."""
    try:
        key = bytes.fromhex(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None
    return key if len(key) == 32 else None


def give_browser_key(response: HttpResponse, key: bytes) -> None:
    """Have this browser hold `key` until it is closed."""
    response.set_cookie(
        COOKIE,
        key.hex(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def take_browser_key_away(response: HttpResponse) -> None:
    """Let the browser forget its key: drafts and the open mailbox are closed for good."""
    response.delete_cookie(COOKIE, samesite="Strict")


def derive(key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, from which neither `key` nor those of another purpose can be told."""
    return HKDFExpand(SHA256(), 32, b"amparo/channel/1/" + purpose.encode()).derive(key)


def receipt_for(key: bytes, submission: bytes) -> str:
    """The receipt of a report that this browser sends with the token `submission`: the same however often it is sent.

    So a second click, or a page that is loaded again, shows the one receipt, and it is kept nowhere.
    """
    number = int.from_bytes(derive(key, f"receipt/{submission.hex()}"), "big")
    return f"{number % 10**RECEIPT_DIGITS:0{RECEIPT_DIGITS}}"
