"""Signals and alerts held for one change: of the person's own institution, counted by version, noted in the log."""

from collections.abc import Mapping

from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.warning.models import Alert, Signal
from amparo.warning.scope import own_alerts, signals_for


class AlertError(Exception):
    """What was asked for cannot be done. `code` says why; the message repeats nothing that was typed."""

    code = "alert-error"


class NotNow(AlertError):
    """The state of the record does not allow this: the alert was closed, the signal decided."""

    code = "not-now"


class ChangedMeanwhile(AlertError):
    """Somebody else changed the same record since it was read."""

    code = "changed-meanwhile"


class IsDrill(AlertError):
    """A drill stands by itself: it is neither merged nor shared, and no signal belongs to it."""

    code = "is-drill"


class KeysClosed(AlertError):
    """Words were given for a section that is there already, and the person's keys are not open."""

    code = "keys-closed"


def take_signal(user: User, signal: int, *, version: int | None = None) -> Signal:
    """The signal, held for this transaction. Raises `Signal.DoesNotExist`, `ChangedMeanwhile`."""
    held: Signal = (
        signals_for(user)
        .select_for_update(of=("self",))
        .select_related("institution__key_pair", "section", "alert")
        .get(pk=signal)
    )
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held


def take_alert(user: User, alert: int, *, version: int | None = None, open_only: bool = True) -> Alert:
    """The alert of one's own institution, held for this transaction.

    Raises `Alert.DoesNotExist`, `ChangedMeanwhile`, and `NotNow` where `open_only` and it is closed or merged.
    """
    held: Alert = (
        own_alerts(user)
        .select_for_update(of=("self",))
        .select_related("institution__key_pair", "section", "ending")
        .get(pk=alert)
    )
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    if open_only and held.state not in {"open", "muted"}:
        raise NotNow
    return held


def note_change(
    action: str, record: Signal | Alert, user: User | None, facts: Mapping[str, str | int] | None = None
) -> None:
    """Raise the version of `record`, save it, and note the change in the log. Call last in the transaction."""
    record.version += 1
    record.save()
    log_step(action, record, user, facts)


def log_step(
    action: str,
    record: Signal | Alert,
    user: User | None,
    facts: Mapping[str, str | int] | None = None,
    institution: Institution | None = None,
) -> None:
    """Note what was done with `record`, by its own institution or by another. Call last in the transaction."""
    log.record(
        action,
        actor=user.pk if user else None,
        institution=(institution or record.institution).code,
        record=f"{'signal' if isinstance(record, Signal) else 'alert'}:{record.pk}",
        facts=dict(facts or {}),
    )


def write_words(
    section: Section | None,
    words: Mapping[str, str],
    kind: str,
    institution: Institution,
    unlocked: vault.Unlocked | None = None,
) -> Section | None:
    """`words` in the sealed section of a record; a new one, where there is none and something to seal, needs no key.

    Empty words are left out. Raises `KeysClosed` where a section that is there would be written anew without a key.
    """
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    if section is not None:
        if unlocked is None:
            raise KeysClosed
        vault.rewrite_section(section, unlocked, said)
        return section
    return vault.keep_section(said, kind, [institution.key_pair]) if said else None
