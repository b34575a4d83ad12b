"""What holds a flood back without knowing who anybody is: allowances that all share, and proof of work past them.

No address is looked at. When an allowance is used up, a browser that spends some seconds of its processor on a proof
still gets through; without a script one waits, and loses nothing that was typed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from amparo.channel.models import Allowance
from amparo.channel.tokens import BadToken, spend_token

PROOF_BITS = 18
_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, and `per_minute` in the long run."""

    burst: float
    per_minute: float


class TooMany(Exception):
    """The allowance is used up; `seconds` until there is some again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Used up for {seconds} s.")
        self.seconds = seconds


def rates() -> dict[str, Rate]:
    """How much of each may be done. AMPARO_CHANNEL_RATE sets reports a minute; receipts may be tried twice as often."""
    a_minute = settings.CHANNEL_RATE
    return {
        "report": Rate(burst=2 * a_minute, per_minute=a_minute),
        "receipt": Rate(burst=4 * a_minute, per_minute=2 * a_minute),
        "message": Rate(burst=4 * a_minute, per_minute=2 * a_minute),
        "draft": Rate(burst=8 * a_minute, per_minute=4 * a_minute),
    }


def admit(code: str, challenge: str = "", proof: str = "") -> None:
    """Let one more of `code` be done: within the allowance of all, or past it for a proof of work on `challenge`.

    A challenge is a token of `tokens.py`, and counts once. Raises `TooMany`.
    """
    try:
        spend(code)
    except TooMany:
        if not (is_proof(challenge, proof) and _is_fresh(challenge)):
            raise


def _is_fresh(challenge: str) -> bool:
    try:
        return spend_token(challenge)
    except BadToken:
        return False


@transaction.atomic
def spend(code: str) -> None:
    """Take one of `code`'s allowance. Raises `TooMany`."""
    rate, now = rates()[code], timezone.now()
    allowance, _ = Allowance.objects.select_for_update().get_or_create(
        code=code, defaults={"left": rate.burst, "counted_at": now}
    )
    minutes = max((now - allowance.counted_at).total_seconds(), 0.0) / 60
    left = min(rate.burst, allowance.left + minutes * rate.per_minute)
    if left < 1:
        raise TooMany(max(1, round((1 - left) / rate.per_minute * 60)))
    allowance.left, allowance.counted_at = left - 1, now
    allowance.save()


def is_proof(challenge: str, counter: str, bits: int = PROOF_BITS) -> bool:
    """Whether SHA-256(challenge, counter in 8 bytes, big-endian) begins with `bits` zero bits.

    Hashcash (Back, 2002), with a challenge of ours that is good for one report only.
    """
    # Twenty digits are the most that eight bytes hold.
    if not challenge or not counter.isascii() or not counter.isdecimal() or len(counter) > 20:
        return False
    if int(counter) >= 1 << 64:
        return False
    digest = sha256(challenge.encode() + int(counter).to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


_gate = threading.Lock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one pass in this process: what is inside takes 64 MiB and all cores. Raises `TooMany` after a wait."""
    if not _gate.acquire(timeout=_WAIT_SECONDS):
        raise TooMany(30)
    try:
        yield
    finally:
        _gate.release()
