"""Searches any bytes for secrets as whoever steals them would: plain, in UTF-16, Base64, hexadecimal, URL-encoded."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus


def find_plain(content: bytes, secrets: Iterable[str]) -> list[str]:
    """Which of `secrets` stand in `content`, in any of the forms; quick enough for gigabytes, and exact in case."""
    return [secret for secret in secrets if any(form in content for form in forms_of(secret))]


def forms_of(secret: str) -> Iterator[bytes]:
    """The bytes by which `secret` could be written down."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        written = secret.encode(encoding)
        yield written
        yield written.hex().encode()
        # Wherever in a longer text it begins, these letters of its Base64 are there.
        for start in range(3):
            whole = b64encode(b"\0" * start + written).rstrip(b"=")
            yield whole[4 if start else 0 : -2]
    yield quote(secret).encode()
    yield quote_plus(secret).encode()
