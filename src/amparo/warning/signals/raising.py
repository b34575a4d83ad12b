"""Raising signals and checking them: each step in one transaction, and in the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from amparo.cases.dates import EventDate
from amparo.cases.desk import incidents_for
from amparo.institutions.models import Institution, User
from amparo.notices.kinds import NEW_SIGNAL
from amparo.notices.services import tell
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.warning.held import NotNow, log_step, note_change, take_signal, write_words
from amparo.warning.models import MediaItem, Signal
from amparo.warning.times import this_quarter

SECTION = "signal"


@dataclass(frozen=True, slots=True)
class Said:
    """A signal as somebody says it: codes, and words that go sealed."""

    origin: str
    kind: str
    country: str
    area: str = "unknown"
    happened: EventDate | None = None
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    incident: int | None = None
    token: UUID = field(default_factory=uuid4)


def raise_signal(user: User, said: Said) -> Signal:
    """Keep a signal that `user` raises, and tell her colleagues that there is one. Sent twice it is one.

    Raises `Incident.DoesNotExist` where it names a case of another institution.
    """
    there = Signal.objects.filter(token=said.token, institution=user.institution_id)
    if (found := there.first()) is not None:
        return found
    try:
        return _keep_signal(user, said)
    except IntegrityError:
        # Sent twice at the same moment: the other one was quicker.
        return there.get()


@transaction.atomic
def _keep_signal(user: User, said: Said) -> Signal:
    assert user.institution is not None  # noqa: S101  (a page for members only)
    incident = None if said.incident is None else incidents_for(user).get(pk=said.incident)
    kept = Signal.objects.create(
        institution=user.institution, raised_by=user, incident=incident, **_columns(said, user.institution)
    )
    tell(user.institution, NEW_SIGNAL)
    log_step("signal-raised", kept, user, {"origin": said.origin, "kind": said.kind})
    return kept


@transaction.atomic
def raise_found(
    institution: Institution, source: str, said: Said, facts: Mapping[str, Any] | None = None
) -> Signal | None:
    """Keep a signal that a detector, a rule or the system raises; None where `source` raised it before.

    One run beside another raises IntegrityError: its transaction is undone whole. `source` names
    what found it and for which time; `facts` are codes and numbers, never words.
    """
    if Signal.objects.filter(institution=institution, source=source).exists():
        return None
    columns = _columns(said, institution) | {"token": uuid4(), "incident_id": said.incident, "facts": dict(facts or {})}
    kept = Signal.objects.create(institution=institution, source=source, **columns)
    tell(institution, NEW_SIGNAL)
    log_step("signal-raised", kept, None, {"origin": said.origin, "kind": said.kind})
    return kept


def _columns(said: Said, institution: Institution) -> dict[str, Any]:
    return {
        "token": said.token,
        "origin": said.origin,
        "kind": said.kind,
        "country": said.country,
        "area": said.area,
        "happened": said.happened,
        "raised_at": this_quarter(),
        "section": write_words(None, said.words, SECTION, institution),
    }


@transaction.atomic
def check_signal(
    user: User,
    signal: int,
    state: str,
    *,
    version: int,
    note: str = "",
    unlocked: vault.Unlocked | None = None,
) -> Signal:
    """Say what a check of a signal found: "possible", "confirmed" or "not-an-event"; and undo it by saying another.

    Raises `Signal.DoesNotExist`, `ChangedMeanwhile`, `NotNow` where it belongs to an alert already, and `KeysClosed`
    where `note` is to be added to words that are sealed.
    """
    held = take_signal(user, signal, version=version)
    if held.alert_id is not None and state != "confirmed":
        raise NotNow
    if note.strip():
        words = _words_of(held.section, unlocked)
        # What an earlier check found stays above it.
        notes = [text for text in (words.get("note", ""), note.strip()) if text]
        said = words | {"note": "\n\n".join(notes)}
        held.section = write_words(held.section, said, SECTION, held.institution, unlocked)
    held.state, held.checked_at, held.checked_by = state, this_quarter(), user
    note_change("signal-checked", held, user, {"state": state})
    return held


def _words_of(section: Section | None, unlocked: vault.Unlocked | None) -> dict[str, str]:
    if section is None or unlocked is None:
        return {}
    return {name: str(text) for name, text in vault.open_sections([section], unlocked)[section.pk].items()}


@transaction.atomic
def code_media_item(user: User, item: int, said: Said) -> Signal:
    """Make a signal of a media item that somebody read. The item once coded gives the same signal again.

    Raises `MediaItem.DoesNotExist`.
    """
    held = MediaItem.objects.select_for_update().get(pk=item, institution=user.institution_id)
    if held.signal is not None:
        return held.signal
    held.signal = raise_signal(user, said)
    held.save(update_fields=["signal"])
    return held.signal
