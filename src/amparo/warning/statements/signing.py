"""Signing a version of a statement, taking the signature back, and the approval of whom it is about."""

from dataclasses import dataclass

from django.db import transaction

from amparo.institutions.models import User
from amparo.notices.kinds import RESPONSE_DUE
from amparo.notices.services import tell
from amparo.warning.models import Statement, StatementParty
from amparo.warning.statements.held import log_statement, part_of, parties_of, take_draft
from amparo.warning.times import this_quarter


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is: who signed the text as it is now, who has not, and what is missing before it is issued."""

    signed: tuple[StatementParty, ...]
    waiting: tuple[StatementParty, ...]
    needs_approval: bool
    is_approved: bool
    missing: tuple[str, ...]


def find_standing(statement: Statement, parties: list[StatementParty]) -> Standing:
    """How far `statement` is. A statement is joint: two institutions at least stand for its words.

    As with tasks, what another institution drafts about a threatened NHRI needs that one's approval; it need not sign.
    """
    threatened = statement.alert.threatened_id
    needs_approval = threatened is not None and threatened != statement.institution_id
    is_approved = needs_approval and statement.approved_version == statement.version
    signed = [each for each in parties if each.signed_version == statement.version]
    waiting = [each for each in parties if each.signed_version != statement.version]
    must_sign = [each for each in waiting if not (needs_approval and each.institution_id == threatened)]
    stand_for_it = {each.institution_id for each in signed} | ({threatened} if is_approved else set())
    missing = []
    if must_sign:
        missing.append("not-all-signed")
    if needs_approval and not is_approved:
        missing.append("statement-not-approved")
    if not missing and len(stand_for_it) < 2:
        missing.append("not-joint")
    return Standing(tuple(signed), tuple(waiting), needs_approval, is_approved, tuple(missing))


@transaction.atomic
def sign(user: User, statement: int, *, version: int) -> Statement:
    """Sign this version of the text for one's institution; a threatened NHRI approves it with that. Twice is once.

    Raises `Statement.DoesNotExist`, `NotNow`, `ChangedMeanwhile` where the text is another by now.
    """
    held = take_draft(user, statement, version=version)
    part = part_of(user, parties_of(held))
    if part.signed_version == version:
        return held
    part.signed_version, part.signed_at, part.signed_by = version, this_quarter(), user
    part.save()
    if held.alert.threatened_id == user.institution_id != held.institution_id:
        _approve(held, user)
    _tell_drafter(held, user)
    log_statement("statement-signed", held, user, {"version": version})
    return held


@transaction.atomic
def take_back_signature(user: User, statement: int) -> Statement:
    """Take one's institution's signature back, and stay in the draft. Raises `Statement.DoesNotExist`, `NotNow`."""
    held = take_draft(user, statement)
    part = part_of(user, parties_of(held))
    if part.signed_version is None:
        return held
    part.signed_version = part.signed_at = part.signed_by = None
    part.save()
    _tell_drafter(held, user)
    log_statement("statement-not-signed", held, user)
    return held


@transaction.atomic
def approve(user: User, statement: int, *, approved: bool, version: int) -> Statement:
    """Approve what others say about one's own threatened institution, or take that back; either can be said anew.

    Raises `Statement.DoesNotExist` for whom it is not about, `NotNow`, `ChangedMeanwhile`.
    """
    held = take_draft(user, statement, version=version)
    if held.alert.threatened_id != user.institution_id or held.institution_id == user.institution_id:
        raise Statement.DoesNotExist
    if approved == (held.approved_version == version):
        return held
    if approved:
        _approve(held, user)
    else:
        held.approved_version = held.approved_at = held.approved_by = None
        held.save()
    _tell_drafter(held, user)
    log_statement("statement-approved" if approved else "statement-not-approved", held, user, {"version": version})
    return held


def _approve(held: Statement, user: User) -> None:
    held.approved_version, held.approved_at, held.approved_by = held.version, this_quarter(), user
    held.save()


def _tell_drafter(held: Statement, user: User) -> None:
    if held.institution_id != user.institution_id:
        tell(held.institution, RESPONSE_DUE)
