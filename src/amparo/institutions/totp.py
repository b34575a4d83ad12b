"""Codes of an authenticator app: time-based one-time passwords (RFC 6238, SHA-1, six digits, thirty seconds). Pure."""

import base64
import hmac
import struct
import unicodedata

STEP_SECONDS = 30
DIGITS = 6
TOLERANCE = 1


def code_at(secret: str, step: int) -> str:
    """The six digits of a base32 `secret` in the given step of thirty seconds (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret, casefold=True), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, now: float, after: int = -1) -> int | None:
    """The step whose code `code` is, one before or after `now` allowed; None where there is none later than `after`.

    `after` is the step of the last code that was used: a code that was looked over a shoulder is worth nothing.
    """
    current = int(now) // STEP_SECONDS
    found = None
    for step in range(current - TOLERANCE, current + TOLERANCE + 1):
        # All are compared, so that time doesn't tell which.
        if hmac.compare_digest(code_at(secret, step), code) and step > after:
            found = step
    return found


def plain_digits(typed: str) -> str:
    """What was typed, in Western digits and without spaces and hyphens: ١٢٣ ٤٥٦ is 123456."""
    digits = (str(unicodedata.decimal(letter, letter)) for letter in typed if not letter.isspace() and letter != "-")
    return "".join(letter if letter.isascii() else "?" for letter in digits)
