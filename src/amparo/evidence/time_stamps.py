"""Time stamps for evidence: asked for in the queue, tried again with patience, and kept sealed.

A task's arguments are one identifier. What the authority answered names the second in which it did; it is sealed to the
institution, and only the hour stands in a column.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.x509 import Certificate
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from amparo.cases.models import Evidence
from amparo.evidence.custody import Step, record_steps
from amparo.evidence.models import TimeStamp
from amparo.evidence.stamping import (
    NotStamped,
    Stamped,
    ask,
    build_request,
    check_answer,
    make_statement,
    read_certificates,
)
from amparo.institutions.models import this_hour
from amparo.vault import services as vault

TIME_STAMP = "time-stamp"
# Minutes until the next try: two days in all.
WAITS = (1, 5, 15, 60, 180, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class OpenedStamp:
    """A time stamp that is held: the statement that was stamped, and the authority's answer (DER)."""

    stamp: TimeStamp
    statement: bytes
    answer: bytes


def are_set_up() -> bool:
    """Whether this installation asks an authority."""
    return bool(settings.TSA_URL)


@transaction.atomic
def ask_for_time_stamp(evidence: Evidence, sha256: str, sealed_sha256: bytes) -> TimeStamp | None:
    """Have the authority sign that this file was there; None where there is no authority, or one is asked already.

    `sha256` (hexadecimal) is of the clear file, as it was computed here.
    """
    if not are_set_up() or evidence.time_stamps.filter(state=TimeStamp.State.WAITING).exists():
        return None
    statement = make_statement(sha256, sealed_sha256)
    section = vault.keep_section(
        {"statement": statement.decode("ascii")}, TIME_STAMP, [evidence.incident.institution.key_pair]
    )
    stamp = TimeStamp.objects.create(evidence=evidence, section=section, request=build_request(statement))
    _enqueue(stamp.pk, None)
    return stamp


@task()
def fetch_time_stamp(stamp: int) -> None:
    """Ask for one time stamp that waits. Whatever the authority says, nothing of it is raised or kept but a code."""
    waiting = TimeStamp.objects.filter(pk=stamp, state=TimeStamp.State.WAITING)
    found = waiting.select_related("evidence__incident__institution__key_pair", "evidence__file").first()
    if found is None:
        return
    try:
        if not settings.TSA_URL:
            raise NotStamped("not-set-up", for_good=True)
        request = bytes(found.request)
        answer = ask(settings.TSA_URL, request)
        stamped = check_answer(request, answer, trusted_certificates(), timezone.now())
    except NotStamped as refused:
        _after_failure(found, refused)
        return
    _keep(found, answer, stamped)


def open_stamps(stamps: Sequence[TimeStamp], unlocked: vault.Unlocked) -> list[OpenedStamp]:
    """Those of `stamps` that are held, opened. Give them with both sections selected."""
    held = [each for each in stamps if each.answer is not None]
    sections = [section for each in held for section in (each.section, each.answer) if section is not None]
    opened = vault.open_sections(sections, unlocked) if sections else {}
    return [
        OpenedStamp(
            each,
            str(opened[each.section_id]["statement"]).encode("ascii"),
            b64decode(str(opened[each.answer_id]["answer"])),
        )
        for each in held
        if each.answer_id is not None and each.section_id in opened and each.answer_id in opened
    ]


def trusted_certificates() -> list[Certificate]:
    """The certificates that a signature must lead to; none where no file is set up. Raises `NotStamped`."""
    path: Path | None = settings.TSA_CA
    if path is None:
        return []
    try:
        return read_certificates(path.read_bytes())
    except (OSError, ValueError):
        # Checked against nothing, it would be taken for checked.
        raise NotStamped("ca-unreadable") from None


@transaction.atomic
def _keep(found: TimeStamp, answer: bytes, stamped: Stamped) -> None:
    held = TimeStamp.objects.select_for_update().get(pk=found.pk)
    if held.state != TimeStamp.State.WAITING:
        return
    institution = found.evidence.incident.institution
    held.answer = vault.keep_section({"answer": b64encode(answer).decode()}, TIME_STAMP, [institution.key_pair])
    held.state, held.problem = TimeStamp.State.HELD, ""
    held.signer_checked = stamped.signer_checked
    held.stamped_at = stamped.at.replace(minute=0, second=0, microsecond=0)
    held.save()
    step = Step("time-stamped", facts={"stamp": held.pk, "signer-checked": int(stamped.signer_checked)})
    record_steps(None, [(found.evidence, step)])


def _after_failure(stamp: TimeStamp, refused: NotStamped) -> None:
    waiting = TimeStamp.objects.filter(pk=stamp.pk, state=TimeStamp.State.WAITING)
    if refused.for_good or stamp.tries >= len(WAITS):
        waiting.update(state=TimeStamp.State.GIVEN_UP, problem=refused.code)
        return
    waiting.update(tries=stamp.tries + 1, problem=refused.code)
    _enqueue(stamp.pk, timezone.now() + timedelta(minutes=WAITS[stamp.tries]))


def _enqueue(stamp: int, at: datetime | None) -> None:
    queued = fetch_time_stamp.using(run_after=at).enqueue(stamp)
    DBTaskResult.objects.filter(pk=queued.id).update(enqueued_at=this_hour())
