"""The search of whole journeys finds a leak that was planted, in whatever form it was written down."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest

from tests.searching import find_plain

SECRETS = ["Invented zanzomarvik men waited.", "رجال متخيَّلون انتظروا", "1234 5678 9012 3456"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode().hex().encode(),
        lambda text: b64encode(f'{{"text": "{text}"}}'.encode()),
        lambda text: b64encode(f'x{{"text": "{text}"}}'.encode()),
        lambda text: b64encode(f'xy{{"text": "{text}"}}'.encode()),
        lambda text: urlsafe_b64encode(text.encode("utf-16-le")),
        lambda text: quote(text).encode(),
        lambda text: quote_plus(text).encode(),
    ],
)
def test_a_planted_leak_is_found(secret: str, write: object) -> None:
    content = b"\0before" + write(secret) + b"after\xff"  # type: ignore[operator]

    assert find_plain(content, SECRETS) == [secret]


def test_what_is_not_there_is_not_found() -> None:
    assert find_plain(b"Invented men waited. 1234 5678" * 10, SECRETS) == []
