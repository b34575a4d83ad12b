"""A request for protection held for one change: of the person's own institution, counted by its version, in the log."""

from collections.abc import Mapping

from amparo.institutions.models import Institution, User
from amparo.protection.desk import OPEN_STATUS, is_protector, requests_for
from amparo.protection.models import ProtectionRequest
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section


class ProtectionError(Exception):
    """What was asked for cannot be done. `code` says why; the message repeats nothing that was typed."""

    code = "protection-error"


class NotNow(ProtectionError):
    """The request's status does not allow this: it was closed, or refused."""

    code = "not-now"


class ChangedMeanwhile(ProtectionError):
    """Somebody else changed the same record since it was read."""

    code = "changed-meanwhile"


class KeysClosed(ProtectionError):
    """Words were given that go sealed, and the person's keys are not open."""

    code = "keys-closed"


class NotOurs(ProtectionError):
    """Whoever was chosen does not protect defenders at this institution, or no longer."""

    code = "not-ours"


def take_request(user: User, request: int, *, version: int | None = None) -> ProtectionRequest:
    """The request, held for this transaction, of `user`'s own institution.

    Raises `ProtectionRequest.DoesNotExist`, and `ChangedMeanwhile` where it is no longer of `version`.
    """
    held: ProtectionRequest = (
        requests_for(user)
        .select_for_update(of=("self",))
        .select_related("institution__key_pair", "section", "ending")
        .get(pk=request)
    )
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held


def take_open(user: User, request: int, *, version: int | None = None) -> ProtectionRequest:
    """`take_request` of one that is neither closed nor refused. Raises `NotNow` for another."""
    held = take_request(user, request, version=version)
    if held.status not in OPEN_STATUS:
        raise NotNow
    return held


def note_change(
    action: str, held: ProtectionRequest, user: User | None, facts: Mapping[str, str | int] | None = None
) -> None:
    """Raise the version of `held`, save it, and note the change in the log. Call last in the transaction."""
    held.version += 1
    held.save()
    log_step(action, held, user, facts)


def log_step(
    action: str, held: ProtectionRequest, user: User | None, facts: Mapping[str, str | int] | None = None
) -> None:
    """Note in the log what was done with a request. Call last in the transaction."""
    log.record(
        action,
        actor=user.pk if user else None,
        institution=held.institution.code,
        record=record_name(held),
        facts=dict(facts or {}),
    )


def record_name(request: ProtectionRequest) -> str:
    """What the log calls a request."""
    return f"protection:{request.pk}"


def write_words(
    section: Section | None,
    words: Mapping[str, str],
    kind: str,
    institution: Institution,
    unlocked: vault.Unlocked | None,
) -> Section | None:
    """`words` in the sealed section of a record: a new one where there is none yet and something to seal.

    Empty words are left out. Raises `KeysClosed` where there is something to write and no key.
    """
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    if section is None and not said:
        return None
    if unlocked is None:
        raise KeysClosed
    if section is not None:
        vault.rewrite_section(section, unlocked, said)
        return section
    return vault.keep_section(said, kind, [institution.key_pair])


def check_owner(owner: User | None, institution: Institution) -> None:
    """Raises `NotOurs` unless `owner` is somebody who protects defenders at `institution`."""
    if owner is not None and owner not in protectors(institution):
        raise NotOurs


def protectors(institution: Institution) -> list[User]:
    """The people of `institution` who may protect defenders, by their names."""
    return [each for each in institution.members.order_by("username") if is_protector(each)]
