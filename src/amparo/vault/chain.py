"""The chain of the log: the code of an entry, the head that is kept beside it, and what is wrong with a chain. Pure.

The code of an entry is HMAC-SHA-256 (RFC 2104), under a key outside the database, of all its columns and of the code
of the entry before it (Schneier, Kelsey, "Secure Audit Logs to Support Computer Forensics", ACM TISSEC 1999). Who can
write to the database but has not the key can then change, remove, insert and reorder nothing unseen, save cutting off
the end: that is what the head is for, which names the newest entry and lies outside the database too.

An entry is encoded as "amparo/log/1", number and time (microseconds since 1970) in 8 bytes each, the actor in 9 (a zero
where there is none, else a one and the number), then institution, action, record and facts (JSON, keys sorted, no
spaces, ASCII), each after its length in 4 bytes, and the 32 bytes of the code before; all big-endian. A head is
`AL` 01, number (8 bytes), code (32), and HMAC-SHA-256 of "amparo/log-head/1" and what is before it (32).
"""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from amparo.vault.keys import UnknownFormat, WrongSecret

CODE_BYTES = 32
HEAD_V1 = b"AL\x01"
HEAD_BYTES = len(HEAD_V1) + 8 + CODE_BYTES + 32
MOST_PLACES = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# What was moved is looked for this far up and down, and among this many wrong entries: a chain of a million that was
# written over whole must not take hours to be told.
_MOST_SHIFT = 64
_MOST_TRACED = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log as it was read: `previous` and `code` are what it says, not what it should say."""

    number: int
    at: datetime
    actor: int | None
    institution: str
    action: str
    record: str
    facts: Mapping[str, object]
    previous: bytes
    code: bytes = b""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that holds what Amparo never writes: no time, no JSON, no number. `number` is where it was found."""

    number: int


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and code. Zero and zeros: nothing was written yet."""

    number: int = 0
    code: bytes = bytes(CODE_BYTES)


class Wrong(StrEnum):
    """What may be wrong at a place of the log."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    DOUBLED = "doubled"
    UNLINKED = "unlinked"
    CUT_OFF = "cut-off"
    REPLACED = "replaced"
    HEAD_MISSING = "head-missing"
    HEAD_DAMAGED = "head-damaged"


@dataclass(frozen=True, slots=True)
class Place:
    """What is wrong with the entries from `first` to `last`; `belongs_at`: the number that `first` was written with."""

    wrong: Wrong
    first: int
    last: int
    belongs_at: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how many rows there are, the newest of them, what is wrong, and how many places more."""

    entries: int
    newest: Head
    places: tuple[Place, ...]
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.places


def entry_code(entry: Entry, key: bytes) -> bytes:
    """The 32 bytes that `entry` should have as its code. Its own `code` does not go in."""
    return hmac.digest(key, _encode(entry), "sha256")


def seal_head(head: Head, key: bytes) -> bytes:
    """`head` as it is kept: `HEAD_BYTES`, 75."""
    body = HEAD_V1 + head.number.to_bytes(8, "big") + head.code
    return body + _head_code(body, key)


def read_head(kept: bytes, key: bytes) -> Head:
    """What `seal_head` gave. Raises `UnknownFormat`, and `WrongSecret` where it was changed or the key is another."""
    if kept[: len(HEAD_V1)] != HEAD_V1 or len(kept) != HEAD_BYTES:
        raise UnknownFormat("The head of the log is in a format not known here.")
    body, code = kept[:-32], kept[-32:]
    if not hmac.compare_digest(_head_code(body, key), code):
        raise WrongSecret("The head of the log was changed, or belongs to another key.")
    number_end = len(HEAD_V1) + 8
    return Head(int.from_bytes(body[len(HEAD_V1) : number_end], "big"), body[number_end:])


def check_chain(read: Callable[[], Iterable[Entry | Unreadable]], key: bytes, head: Head | None) -> Checked:
    """What is wrong with the entries that `read` gives, oldest first, against the `head` that was kept before them.

    Memory is bounded whatever their number. `read` is called a second time only where something is wrong, to tell what
    was moved or copied from what was changed.
    """
    check = _Check(key, head)
    for entry in read():
        check.take(entry)
    if check.traced:
        check.trace(read())
    return check.result()


@dataclass(slots=True)
class _Check:
    key: bytes
    head: Head | None
    entries: int = 0
    newest: Head = field(default_factory=Head)
    # The entry before, while it is as it was written: a wrong one says nothing of what follows on it.
    before: Head | None = field(default_factory=Head)
    shift: int = 0
    at_head: bytes | None = None
    traced: dict[int, Entry] = field(default_factory=dict)
    gaps: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    more: int = 0

    def take(self, entry: Entry | Unreadable) -> None:
        self.entries += 1
        if entry.number <= self.newest.number and (self.entries > 1 or entry.number < 1):
            known = entry.number == self.newest.number and entry.number > 0
            self._add(Wrong.DOUBLED if known else Wrong.REORDERED if entry.number > 0 else Wrong.CHANGED, entry.number)
            return
        if entry.number > self.newest.number + 1:
            self._add(Wrong.MISSING, self.newest.number + 1, entry.number - 1)
            room = max(_MOST_TRACED - len(self.gaps), 0)
            self.gaps += range(self.newest.number + 1, min(entry.number, self.newest.number + 1 + room))
            self.before = None
        self.newest = Head(entry.number, entry.code if isinstance(entry, Entry) else bytes(CODE_BYTES))
        self._judge(entry)

    def _judge(self, entry: Entry | Unreadable) -> None:
        if isinstance(entry, Unreadable):
            self.before = None
            self._add(Wrong.CHANGED, entry.number)
        elif self._is_written(entry, entry.number):
            if self.before is not None and not hmac.compare_digest(self.before.code, entry.previous):
                self._add(Wrong.UNLINKED, entry.number)
            self.before = self.newest
            if self.head and self.head.number == entry.number:
                self.at_head = entry.code
        else:
            self.before = None
            self._find_shift(entry)

    def _find_shift(self, entry: Entry) -> None:
        """Where everything after a removed or inserted entry was numbered anew, it is off by the same number."""
        near = range(1, _MOST_SHIFT + 1) if len(self.traced) < _MOST_TRACED else ()
        for shift in (self.shift, *(sign * each for each in near for sign in (1, -1))):
            if shift and self._is_written(entry, entry.number - shift):
                self.shift = shift
                self._add(Wrong.REORDERED, entry.number, belongs_at=entry.number - shift)
                return
        if len(self.traced) < _MOST_TRACED:
            self.traced[entry.number] = entry
        else:
            self._add(Wrong.CHANGED, entry.number)

    def trace(self, again: Iterable[Entry | Unreadable]) -> None:
        """Tell what was copied or moved far from what was changed."""
        codes = {entry.code for entry in self.traced.values()}
        copied = {
            each.code: each.number
            for each in again
            if isinstance(each, Entry) and each.code in codes and each.number not in self.traced
        }
        for number, entry in self.traced.items():
            places = (copied.get(entry.code, 0), *self.traced, *self.gaps)
            origin = next((each for each in places if self._is_written(entry, each)), None)
            self._add(Wrong.CHANGED if origin is None else Wrong.REORDERED, number, belongs_at=origin)

    def result(self) -> Checked:
        if self.head is None:
            if self.entries:
                self._add(Wrong.HEAD_MISSING, self.newest.number)
        elif self.head.number > self.newest.number:
            self._add(Wrong.CUT_OFF, self.newest.number + 1, self.head.number)
        elif self.at_head is not None and not hmac.compare_digest(self.at_head, self.head.code):
            self._add(Wrong.REPLACED, self.head.number)
        places = sorted(self.places, key=lambda place: (place.first, place.wrong))
        return Checked(self.entries, self.newest, tuple(map(self._name_copy, _join(places))), self.more)

    def _name_copy(self, place: Place) -> Place:
        """What seems moved is a copy where the entry is still at the number that it was written with."""
        if place.belongs_at is None:
            return place
        first, last = place.belongs_at, place.belongs_at + place.last - place.first
        sound = not any(each.first <= last and first <= each.last for each in self.places)
        return replace(place, wrong=Wrong.DOUBLED) if sound else place

    def _is_written(self, entry: Entry, number: int) -> bool:
        if number < 1:
            return False
        return hmac.compare_digest(entry_code(replace(entry, number=number), self.key), entry.code)

    def _add(self, wrong: Wrong, first: int, last: int | None = None, belongs_at: int | None = None) -> None:
        place = Place(wrong, first, last if last is not None else first, belongs_at)
        joined = _joined(self.places[-1], place) if self.places else None
        if joined:
            self.places[-1] = joined
        elif len(self.places) < MOST_PLACES:
            self.places.append(place)
        else:
            self.more += 1


def _join(places: Iterable[Place]) -> list[Place]:
    joined: list[Place] = []
    for place in places:
        if joined and (both := _joined(joined[-1], place)):
            joined[-1] = both
        else:
            joined.append(place)
    return joined


def _joined(before: Place, after: Place) -> Place | None:
    """The two as one, where they follow each other and the same happened to them."""
    if before.wrong != after.wrong or after.first != before.last + 1:
        return None
    moved = (place.belongs_at - place.first for place in (before, after) if place.belongs_at is not None)
    if (before.belongs_at is None) != (after.belongs_at is None) or len(set(moved)) > 1:
        return None
    return replace(before, last=after.last)


def _encode(entry: Entry) -> bytes:
    parts = [b"amparo/log/1", _number(entry.number), _number((entry.at - _EPOCH) // _MICROSECOND)]
    parts.append(bytes(9) if entry.actor is None else b"\x01" + _number(entry.actor))
    facts = json.dumps(entry.facts, sort_keys=True, separators=(",", ":"))
    for text in (entry.institution, entry.action, entry.record, facts):
        encoded = text.encode(errors="surrogatepass")
        parts += [len(encoded).to_bytes(4, "big"), encoded]
    return b"".join([*parts, entry.previous])


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def _head_code(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"amparo/log-head/1" + body, sha256).digest()
