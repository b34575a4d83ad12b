"""Deciding on alerts: opening, level, muting, merging, closing. Each in one transaction, and in the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.notices.kinds import RESPONSE_DUE
from amparo.notices.services import tell
from amparo.vault import services as vault
from amparo.warning.alerts.calling import begin_round
from amparo.warning.alerts.deadlines import LEVELS
from amparo.warning.held import (
    AlertError,
    ChangedMeanwhile,
    IsDrill,
    NotNow,
    log_step,
    note_change,
    take_alert,
    take_signal,
    write_words,
)
from amparo.warning.models import Alert, AlertReason, LevelChange, SharedWith, Signal
from amparo.warning.response.acting import institutions_in, require_approval
from amparo.warning.times import this_quarter

SECTION, ENDING = "alert", "alert-ending"


class NoReason(AlertError):
    """A level needs a reason at least."""

    code = "no-reason"


class NoNhri(AlertError):
    """Only an NHRI approves what is done for it."""

    code = "no-nhri"


class TwoThreatened(AlertError):
    """Two alerts that threaten two institutions stay apart: each approves what is done for it."""

    code = "two-threatened"


class NotItself(AlertError):
    """An alert cannot be merged into itself, nor into one that is closed or was merged."""

    code = "not-itself"


@dataclass(frozen=True, slots=True)
class Opening:
    """An alert as somebody opens it: codes, and words that go sealed."""

    level: str
    reasons: tuple[str, ...]
    emerged_on: date | None = None
    threatened: Institution | None = None
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_drill: bool = False
    token: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an alert by now: words that go sealed, since when, and the NHRI that turned out threatened."""

    words: Mapping[str, str] = field(repr=False)
    emerged_on: date | None = None
    threatened: Institution | None = None


@transaction.atomic
def open_alert(user: User, signal: int, opening: Opening) -> Alert:
    """Make an alert of a signal that was confirmed, and call whoever has to answer. Sent twice it is one.

    An NHRI that it threatens reads it, and approves what others do for it.

    Raises `Signal.DoesNotExist`, `NotNow` where nobody confirmed the signal, `NoReason`, `NoNhri`, KeyError for no
    level.
    """
    held = take_signal(user, signal)
    if held.alert is not None and held.alert.token == opening.token:
        return held.alert
    if held.state != "confirmed" or held.alert_id is not None:
        raise NotNow
    if not opening.reasons:
        raise NoReason
    now = this_quarter()
    ours, threatened = held.institution, _check_nhri(opening.threatened)
    alert = Alert.objects.create(
        institution=ours,
        token=opening.token,
        country=held.country,
        area=held.area,
        kind=held.kind,
        is_drill=opening.is_drill,
        threatened=threatened,
        emerged_on=opening.emerged_on,
        detected_on=held.raised_at.date(),
        opened_at=now,
        opened_by=user,
        section=write_words(None, opening.words, SECTION, ours),
    )
    held.alert = alert
    note_change("signal-became-alert", held, user)
    _set_level(alert, user, opening.level, opening.reasons)
    _tell_threatened(alert)
    note_change("alert-opened", alert, user, {"level": opening.level})
    return alert


@transaction.atomic
def add_signal(user: User, alert: int, signal: int) -> Signal:
    """Put a confirmed signal to an alert that is there. Raises `NotNow` where it stands with another, `IsDrill`."""
    held, found = take_alert(user, alert), take_signal(user, signal)
    if found.alert_id == held.pk:
        return found
    if held.is_drill:
        raise IsDrill
    if found.state != "confirmed" or found.alert_id is not None:
        raise NotNow
    found.alert = held
    held.detected_on = min(held.detected_on, found.raised_at.date())
    note_change("signal-became-alert", found, user)
    note_change("alert-changed", held, user)
    return found


@transaction.atomic
def write_known(user: User, alert: int, known: Known, *, version: int, unlocked: vault.Unlocked | None = None) -> Alert:
    """Write anew what is known of an alert. An NHRI once named as threatened stays so; what others plan waits for it.

    Raises `NotNow`, `ChangedMeanwhile`, `NoNhri`, `KeysClosed`.
    """
    held = take_alert(user, alert, version=version)
    held.section = write_words(held.section, known.words, SECTION, held.institution, unlocked)
    held.emerged_on = known.emerged_on
    if held.threatened is None and known.threatened is not None:
        held.threatened = _check_nhri(known.threatened)
        require_approval(held)
        _tell_threatened(held)
    note_change("alert-changed", held, user)
    return held


def _check_nhri(institution: Institution | None) -> Institution | None:
    if institution is not None and institution.kind != "nhri":
        raise NoNhri
    return institution


def _tell_threatened(alert: Alert) -> None:
    if alert.threatened is not None and alert.threatened != alert.institution:
        tell(alert.threatened, RESPONSE_DUE)


@transaction.atomic
def set_level(user: User, alert: int, level: str, reasons: Collection[str], *, version: int) -> Alert:
    """Set the level, with its reasons. A graver one begins a new round of calls; a lesser one disturbs nobody.

    Raises `Alert.DoesNotExist`, `ChangedMeanwhile`, `NotNow`, `IsDrill`, `NoReason`, KeyError for no level.
    """
    if not reasons:
        raise NoReason
    held = take_alert(user, alert, version=version)
    if held.is_drill:
        raise IsDrill
    _set_level(held, user, level, reasons)
    note_change("alert-level-set", held, user, {"level": level})
    return held


def _set_level(alert: Alert, user: User, level: str, reasons: Collection[str]) -> None:
    before = alert.level if alert.level_changes.exists() else None
    graver = before is None or LEVELS.index(level) > LEVELS.index(before)
    alert.level, alert.state = level, "open"
    alert.muted_until, alert.muted_because = None, ""
    alert.reasons.exclude(reason__in=list(reasons)).delete()
    for reason in dict.fromkeys(reasons):
        AlertReason.objects.get_or_create(alert=alert, reason=reason)
    change = LevelChange.objects.create(alert=alert, level=level, set_at=this_quarter(), set_by=user)
    if graver:
        begin_round(alert, change)


@transaction.atomic
def mute(user: User, alert: int, until: date, because: str, *, version: int) -> Alert:
    """Let an alert call nobody until the end of a day. Raises `NotNow`, `ChangedMeanwhile`."""
    held = take_alert(user, alert, version=version)
    held.state, held.muted_until, held.muted_because = "muted", until, because
    note_change("alert-muted", held, user, {"reason": because})
    return held


@transaction.atomic
def unmute(user: User, alert: int, *, version: int) -> Alert:
    """Let an alert call again, now."""
    held = take_alert(user, alert, version=version)
    held.state, held.muted_until, held.muted_because = "open", None, ""
    note_change("alert-unmuted", held, user)
    return held


@transaction.atomic
def merge(user: User, alert: int, into: int, *, version: int) -> Alert:
    """Work on `alert` as part of `into` from now on: signals, tasks, recommendations, statements, and who read it.

    Where it threatens an NHRI, `into` does from now on. Raises `NotItself`, `NotNow`, `IsDrill`, `TwoThreatened`.
    """
    if alert == into:
        raise NotItself
    first, second = (take_alert(user, each) for each in sorted((alert, into)))
    held, kept = (first, second) if first.pk == alert else (second, first)
    if held.version != version:
        raise ChangedMeanwhile
    if held.is_drill or kept.is_drill:
        raise IsDrill
    if held.threatened is not None and kept.threatened not in (None, held.threatened):
        raise TwoThreatened
    for its in (held.signals, held.tasks, held.advice, held.statements):
        its.update(alert=kept)
    for reader in new_readers(held, kept):
        SharedWith.objects.create(alert=kept, institution=reader, shared_at=this_quarter(), shared_by=user)
        log_step("alert-shared", kept, user, {"with": reader.code})
    held.state, held.merged_into = "merged", kept
    _take_over(kept, held)
    note_change("alert-merged", held, user, {"into": kept.pk})
    note_change("alert-changed", kept, user)
    return kept


def new_readers(alert: Alert, into: Alert) -> list[Institution]:
    """The institutions that read `alert` and would read `into` only once the two are merged."""
    there = institutions_in(into).values("pk")
    return list(institutions_in(alert).exclude(pk__in=there))


def _take_over(kept: Alert, held: Alert) -> None:
    """What `kept` learns of the alert that goes up in it: since when, whether answered, which NHRI is threatened."""
    kept.detected_on = min(kept.detected_on, held.detected_on)
    kept.emerged_on = min(filter(None, (kept.emerged_on, held.emerged_on)), default=None)
    kept.answered_at = min(filter(None, (kept.answered_at, held.answered_at)), default=None)
    kept.threatened = kept.threatened or held.threatened
    require_approval(kept)


@transaction.atomic
def close(
    user: User,
    alert: int,
    outcome: str,
    words: Mapping[str, str],
    *,
    version: int,
    harmed_on: date | None = None,
    unlocked: vault.Unlocked | None = None,
) -> Alert:
    """Close an alert with its outcome and lessons, and the day on which harm came, where it did.

    Raises `NotNow`, `ChangedMeanwhile`, `KeysClosed`.
    """
    held = take_alert(user, alert, version=version)
    held.ending = write_words(held.ending, words, ENDING, held.institution, unlocked)
    held.state, held.outcome, held.closed_at = "closed", outcome, this_quarter()
    held.harmed_on = harmed_on
    note_change("alert-closed", held, user, {"outcome": outcome})
    return held


@transaction.atomic
def reopen(user: User, alert: int, *, version: int) -> Alert:
    """Open an alert again that was closed; its outcome is asked for anew. Raises `NotNow` for another."""
    held = take_alert(user, alert, version=version, open_only=False)
    if held.state != "closed":
        raise NotNow
    held.state, held.outcome, held.closed_at = "open", "", None
    note_change("alert-reopened", held, user)
    return held
