"""The log: who did what to which record, and when. Written in the transaction of what it tells of; never changed.

Each entry's code covers the entry before it (`chain.py`), under a key in the key folder. After each commit the number
and code of the newest entry go to a head file beside the key, so that an end that was cut off, or an older database
that was put back, is found too. `./amparo verify-log` checks all of it.

Writers wait for each other from their entry to their commit: on SQLite all writers do, on PostgreSQL by an advisory
lock. Call `record` as the last thing in a transaction: two that lock the same rows before and after it would wait for
each other, and PostgreSQL would end one of them (`OperationalError`, nothing of it written). Every transaction with an
entry commits by itself, so that the log takes as many a second as the disk takes commits.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from amparo.vault.chain import (
    CODE_BYTES,
    Checked,
    Entry,
    Head,
    Place,
    Unreadable,
    Wrong,
    check_chain,
    entry_code,
    read_head,
    seal_head,
)
from amparo.vault.key_files import load_or_make_key, write_whole
from amparo.vault.keys import VaultError
from amparo.vault.models import LogEntry

_LOG = logging.getLogger(__name__)
_LOCK = 0x616D706C6F67
_CHUNK = 2000
_MOST_NUMBER = 2**63 - 1
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_INSTITUTION = re.compile(r"[A-Za-z0-9_-]{0,40}")
_RECORD = re.compile(r"(?:[a-z][a-z-]{0,30}:[a-z0-9-]{1,48})?")
# A code of a vocabulary or a UUID, a country; a digest may be longer.
_FACT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|[A-Z]{2,3}")
_DIGEST = re.compile(r"[0-9a-f]{32,128}")
_LONGEST_CODE = 40


class NotForTheLog(VaultError):
    """What was to be logged is no code and no number. The message names the place, and never what was there."""

    code = "not-for-the-log"


def record(
    action: str,
    *,
    actor: int | None = None,
    institution: str = "",
    record: str = "",
    facts: Mapping[str, str | int] | None = None,
) -> None:
    """Add an entry to the log, in the caller's transaction: it is kept if that commits. Call it last in there.

    `actor` is the identifier of a person, None where nobody is signed in; `institution` its code; `record` kind and
    identifier, such as "report:UUID"; `facts` codes and numbers only. The time is cut to the hour: a minute could be
    matched with what somebody sees on a reporter's line. Raises `NotForTheLog` for anything that is no code.
    """
    facts = dict(facts or {})
    _check_codes(action, institution, record, facts)
    with transaction.atomic():
        _wait_for_turn()
        newest = _newest()
        if newest.number == 0:
            _begin_head()
        entry = Entry(
            newest.number + 1,
            timezone.now().replace(minute=0, second=0, microsecond=0),
            actor,
            institution,
            action,
            record,
            facts,
            newest.code,
        )
        LogEntry.objects.create(
            number=entry.number,
            at=entry.at,
            actor=actor,
            institution=institution,
            action=action,
            record=record,
            facts=facts,
            previous=entry.previous,
            code=entry_code(entry, _key()),
        )
        # What was done stays done when the head cannot be written: that is said on standard error, and found later.
        transaction.on_commit(_move_head, robust=True)


def verify() -> Checked:
    """What is wrong with the log, if anything. Reads it in pieces, while others may write."""
    damaged: list[Place] = []
    try:
        # Before the entries: read after them it could know of one that came meanwhile.
        head = _kept_head()
    except VaultError:
        head, damaged = Head(), [Place(Wrong.HEAD_DAMAGED, 0, 0)]
    checked = check_chain(read_entries, _key(), head)
    return Checked(checked.entries, checked.newest, (*damaged, *checked.places), checked.more)


@transaction.atomic
def accept_restored(actor: int | None = None) -> Checked:
    """Go on from an older database that was put back on purpose: an entry says which entries are lost.

    Does nothing where anything else is wrong with the log than that its end is not there, or that it has no readable
    head. Gives what was found.
    """
    _wait_for_turn()
    checked = verify()
    allowed = {Wrong.CUT_OFF, Wrong.REPLACED, Wrong.HEAD_MISSING, Wrong.HEAD_DAMAGED}
    if checked.whole or checked.more or any(place.wrong not in allowed for place in checked.places):
        return checked
    facts: dict[str, str | int] = {"newest": checked.newest.number}
    if all(place.wrong in {Wrong.CUT_OFF, Wrong.REPLACED} for place in checked.places) and (lost := _kept_head()):
        facts |= {"lost-head": lost.number, "lost-code": lost.code.hex()}
    transaction.on_commit(_reset_head)
    record("log-restored", actor=actor, facts=facts)
    return checked


def read_entries() -> Iterator[Entry | Unreadable]:
    """All entries by number, a few thousand at a time. What is no entry is given as `Unreadable`, and stops nothing."""
    # Texts, so that no driver stumbles over a time or a JSON that somebody wrote into the table past Amparo.
    columns = "number, CAST(at AS text), actor, institution, action, record, CAST(facts AS text), previous, code"
    table = connection.ops.quote_name(LogEntry._meta.db_table)
    after: list[Any] = []
    number = 0
    while True:
        where = "WHERE number > %s" if after else ""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} {where} ORDER BY number LIMIT {_CHUNK}", after)  # noqa: S608
            rows = cursor.fetchall()
        for row in rows:
            entry = _read_row(row, number)
            number = entry.number
            yield entry
        if len(rows) < _CHUNK:
            return
        after = [rows[-1][0]]


def _read_row(row: tuple[Any, ...], number_before: int) -> Entry | Unreadable:
    number, at, actor, institution, action, record, facts, previous, code = row
    if not isinstance(number, int) or abs(number) > _MOST_NUMBER:
        return Unreadable(number_before + 1)
    try:
        time = parse_datetime(at)
        if time is None or not isinstance(actor, int | None) or len(bytes(code)) != CODE_BYTES:
            return Unreadable(number)
        if not all(isinstance(text, str) for text in (institution, action, record)):
            return Unreadable(number)
        read = json.loads(facts)
        at_utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time
        return Entry(number, at_utc, actor, institution, action, record, read, bytes(previous), bytes(code))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Unreadable(number)


def _check_codes(action: str, institution: str, record: str, facts: Mapping[str, str | int]) -> None:
    if not _CODE.fullmatch(action) or len(action) > _LONGEST_CODE:
        raise NotForTheLog("The action of a log entry is a code.")
    if not _INSTITUTION.fullmatch(institution):
        raise NotForTheLog("The institution of a log entry is its code.")
    if not _RECORD.fullmatch(record):
        raise NotForTheLog("The record of a log entry is a kind and an identifier.")
    for name, fact in facts.items():
        if not _CODE.fullmatch(name) or len(name) > _LONGEST_CODE:
            raise NotForTheLog("The name of a fact in a log entry is a code.")
        if not _is_fact(fact):
            raise NotForTheLog("A fact in a log entry is a code or a number.")


def _is_fact(fact: object) -> bool:
    if isinstance(fact, str):
        return bool(_DIGEST.fullmatch(fact) or (_FACT.fullmatch(fact) and len(fact) <= _LONGEST_CODE))
    return isinstance(fact, int) and not isinstance(fact, bool) and abs(fact) <= _MOST_NUMBER


def _wait_for_turn() -> None:
    # On SQLite a transaction is the only writer from its beginning. Elsewhere the newest entry is read only once
    # whoever wrote before has committed or given up.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _newest() -> Head:
    found = LogEntry.objects.order_by("-number").values_list("number", "code").first()
    return Head(found[0], bytes(found[1])) if found else Head()


def _key() -> bytes:
    return load_or_make_key(settings.KEY_DIR, "log.key")


def _head_file() -> Path:
    return Path(settings.KEY_DIR) / "log.head"


def _kept_head() -> Head | None:
    try:
        return read_head(_head_file().read_bytes(), _key())
    except FileNotFoundError:
        return None


def _begin_head() -> None:
    """Before the first entry there is a head that says so: a head that is not there was taken away."""
    with _only_writer_of_head():
        if not _head_file().exists():
            write_whole(_head_file(), seal_head(Head(), _key()))


def _move_head() -> None:
    """Bring the head up to the newest entry, where the log goes on from it: a log that does not is left to be found."""
    with _only_writer_of_head():
        try:
            kept = _kept_head()
        except VaultError:
            kept = None
        newest = _newest()
        if kept is not None and (kept == newest or _is_in_log(kept)):
            if kept.number < newest.number:
                write_whole(_head_file(), seal_head(newest, _key()))
            return
    _LOG.error("The log does not go on from its head file. Run ./amparo verify-log.")


def _reset_head() -> None:
    with _only_writer_of_head():
        write_whole(_head_file(), seal_head(_newest(), _key()))


def _is_in_log(head: Head) -> bool:
    if head.number == 0:
        return head.code == bytes(CODE_BYTES)
    found = LogEntry.objects.filter(number=head.number).values_list("code", flat=True).first()
    return found is not None and bytes(found) == head.code


@contextmanager
def _only_writer_of_head() -> Iterator[None]:
    _key()
    descriptor = os.open(Path(settings.KEY_DIR) / "log.key", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
