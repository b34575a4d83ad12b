"""Asking a time-stamp authority (RFC 3161), and checking what it answers. Pure: no Django, nothing is kept.

What is stamped is a statement of four lines: "amparo/time-stamp/1", a salt of 32 random bytes, the SHA-256 of the file
and that of its sealed bytes. The authority sees only the statement's SHA-256: with 256 bits of salt in it, nothing can
be tried against it, not even by who has the very file. Whoever is given statement, token and file checks all three.
"""

import http.client
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client._rust import parse_timestamp_request
from rfc3161_client.tsp import TimeStampRequest

SECONDS = 20.0
MOST_ANSWER_BYTES = 128 * 1024
_GRANTED = 0
_CLOCKS_MAY_DIFFER_SECONDS = 24 * 3600


class NotStamped(Exception):
    """The authority gave no time stamp that holds. `code` says why; `for_good`: asking the same again won't help."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Stamped:
    """What an answer says: when the statement was there, and whether its signer leads to a certificate we trust."""

    at: datetime
    signer_checked: bool


def make_statement(sha256: str, sealed_sha256: bytes) -> bytes:
    """The statement about a file with that SHA-256 (hexadecimal), and of its sealed bytes (32 bytes)."""
    return (
        f"amparo/time-stamp/1\nsalt {secrets.token_hex(32)}\nsha256 {sha256}\nsealed-sha256 {sealed_sha256.hex()}\n"
    ).encode("ascii")


def build_request(statement: bytes) -> bytes:
    """What goes to the authority: the statement's SHA-256, and a nonce."""
    request = TimestampRequestBuilder().data(statement).hash_algorithm(HashAlgorithm.SHA256).build()
    return bytes(request.as_bytes())


def ask(url: str, request: bytes, seconds: float = SECONDS) -> bytes:
    """The authority's answer to `request` (RFC 3161, section 3.4). Raises `NotStamped`."""
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "amparo"}
    asked = Request(url, data=request, headers=headers)  # noqa: S310  (the address was checked with the environment)
    until = time.monotonic() + seconds
    try:
        with _opener().open(asked, timeout=seconds) as answer:
            return _read(answer, until)
    except (OSError, URLError, http.client.HTTPException, ValueError):
        raise NotStamped("no-answer") from None


def check_answer(request: bytes, answer: bytes, trusted: Sequence[Certificate], now: datetime) -> Stamped:
    """What `answer` to `request` says. Without `trusted` certificates its signature is not checked.

    Raises `NotStamped`: "refused" where the authority gave none, "unreadable", "wrong-nonce", "wrong-hash",
    "wrong-time", "untrusted".
    """
    asked, said = _read_request(request), _read_answer(answer)
    if said.status != _GRANTED:
        raise NotStamped("refused")
    stamped = said.tst_info
    if stamped.nonce != asked.nonce:
        raise NotStamped("wrong-nonce")
    if stamped.message_imprint.message != asked.message_imprint.message:
        raise NotStamped("wrong-hash")
    if abs((stamped.gen_time - now).total_seconds()) > _CLOCKS_MAY_DIFFER_SECONDS:
        raise NotStamped("wrong-time")
    if trusted:
        _check_signer(asked, said, trusted)
    return Stamped(stamped.gen_time, bool(trusted))


def check_statement(statement: bytes, answer: bytes, trusted: Sequence[Certificate]) -> Stamped:
    """What a kept `answer` says of `statement`, years later perhaps. Raises `NotStamped` as `check_answer` does."""
    said = _read_answer(answer)
    if said.status != _GRANTED:
        raise NotStamped("refused")
    asked = _read_request(build_request(statement))
    if said.tst_info.message_imprint.message != asked.message_imprint.message:
        raise NotStamped("wrong-hash")
    if trusted:
        _check_signer(None, said, trusted)
    return Stamped(said.tst_info.gen_time, bool(trusted))


def read_certificates(pem: bytes) -> list[Certificate]:
    """The certificates in a PEM file. Raises ValueError for a file that has none."""
    return load_pem_x509_certificates(pem)


def _check_signer(asked: TimeStampRequest | None, said: TimeStampResponse, trusted: Sequence[Certificate]) -> None:
    roots = [each for each in trusted if each.subject == each.issuer] or list(trusted)
    between = [each for each in trusted if each not in roots]
    builder = VerifierBuilder(roots=roots, intermediates=between, nonce=asked.nonce if asked else None)
    imprint = said.tst_info.message_imprint.message
    try:
        builder.build().verify(said, imprint)
    except (VerificationError, ValueError):
        raise NotStamped("untrusted") from None


def _read_request(request: bytes) -> TimeStampRequest:
    parsed: TimeStampRequest = parse_timestamp_request(request)
    return parsed


def _read_answer(answer: bytes) -> TimeStampResponse:
    try:
        said = decode_timestamp_response(answer)
        if said.status == _GRANTED:
            # Read here, so that what is none is found here.
            _ = (said.tst_info.nonce, said.tst_info.gen_time, said.tst_info.message_imprint.message)
    except Exception:
        # The library raises several of its own for what is no answer.
        raise NotStamped("unreadable") from None
    return said


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _NoRedirects())


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    content = bytearray()
    # One look at the line at a time: a trickle would outlast any limit on each of them.
    while some := answer.read1(4096):
        content += some
        if len(content) > MOST_ANSWER_BYTES or time.monotonic() > until:
            raise NotStamped("no-answer")
    return bytes(content)
