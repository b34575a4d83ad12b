"""The chain of custody of a piece of evidence: the code of an entry, and what is wrong with a chain. Pure.

The code of an entry is SHA-256 of its text, which ends with the code of the entry before it: without any key, so that
whoever holds a package can compute it. Who can write to the database could compute it anew as well; that is why the
code of each entry also stands in the log, whose own codes he cannot make (`vault.chain`).

The text of an entry is lines ended by a line feed, "-" where there is nothing: "amparo/custody/1", identifier of the
piece, number, hour (2026-11-25T10), identifier of the person, action, SHA-256 of the sealed bytes before and after,
facts (JSON, keys sorted, no spaces, ASCII), SHA-256 of the sealed details, code of the entry before (zeros for the
first).
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

BEGIN = bytes(32)
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class CustodyFacts:
    """One entry as it was read: `previous` and `code` are what it says, not what it should say."""

    piece: int
    number: int
    at: datetime
    actor: int | None
    action: str
    sealed_before: bytes | None = None
    sealed_after: bytes | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    details: bytes | None = None
    previous: bytes = BEGIN
    code: bytes = b""


class WrongCustody(StrEnum):
    """What may be wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    UNLINKED = "unlinked"
    NOT_IN_LOG = "not-in-log"


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """What is wrong with the entry of that number."""

    number: int
    wrong: WrongCustody


def entry_text(entry: CustodyFacts) -> str:
    """The text of `entry` that its code is computed of."""
    said = (
        "amparo/custody/1",
        str(entry.piece),
        str(entry.number),
        entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H"),
        _NOTHING if entry.actor is None else str(entry.actor),
        entry.action,
        _hex(entry.sealed_before),
        _hex(entry.sealed_after),
        canonical_json(entry.facts),
        _hex(entry.details),
        entry.previous.hex(),
    )
    return "".join(f"{line}\n" for line in said)


def entry_code(entry: CustodyFacts) -> bytes:
    """The 32 bytes that `entry` should have as its code. Its own `code` does not go in."""
    return sha256(entry_text(entry).encode("ascii")).digest()


def canonical_json(said: Mapping[str, object]) -> str:
    """JSON that is the same wherever it is written: keys sorted, no spaces, ASCII."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def salted(details: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """`details` with 32 random bytes beside them, to be sealed, and the SHA-256 of both: it tells nothing of them."""
    with_salt = dict(details) | {"salt": secrets.token_hex(32)}
    return with_salt, details_digest(with_salt)


def details_digest(with_salt: Mapping[str, object]) -> bytes:
    """The SHA-256 of details that were sealed with their salt."""
    return sha256(canonical_json(with_salt).encode("ascii")).digest()


def check_custody(entries: Iterable[CustodyFacts], in_log: Mapping[int, bytes] | None = None) -> list[WrongEntry]:
    """What is wrong with the entries of one piece, oldest first. `in_log`: the codes that the log has, by number."""
    wrong: list[WrongEntry] = []
    expected, before = 1, BEGIN
    for entry in entries:
        wrong += [WrongEntry(number, WrongCustody.MISSING) for number in range(expected, entry.number)]
        linked = entry.number == expected and entry.previous == before
        if entry_code(entry) != entry.code:
            wrong.append(WrongEntry(entry.number, WrongCustody.CHANGED))
        elif not linked and entry.number == expected:
            wrong.append(WrongEntry(entry.number, WrongCustody.UNLINKED))
        elif in_log is not None and in_log.get(entry.number) != entry.code:
            wrong.append(WrongEntry(entry.number, WrongCustody.NOT_IN_LOG))
        expected, before = entry.number + 1, entry.code
    if in_log is not None:
        wrong += [WrongEntry(number, WrongCustody.MISSING) for number in sorted(in_log) if number >= expected]
    return wrong


def _hex(digest: bytes | None) -> str:
    return _NOTHING if digest is None else digest.hex()
