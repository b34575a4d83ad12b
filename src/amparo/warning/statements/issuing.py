"""Issuing a statement, which makes its words public, and what may follow: a correction, a withdrawal.

Issuing is one transaction: the public words, their signatories, and the end of the sealed copies. Killed anywhere on
the way it was not issued; sent twice it is issued once. Public pages that were kept are made anew after the commit.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from amparo.civic_space.facts import has_contact
from amparo.civic_space.services import empty_public_pages
from amparo.institutions.models import User
from amparo.notices.kinds import RESPONSE_DUE
from amparo.notices.services import tell
from amparo.vault import services as vault
from amparo.warning.held import NotNow
from amparo.warning.models import PublicStatement, Signatory, Statement, StatementNote, StatementParty
from amparo.warning.statements.held import (
    NotReady,
    destroy_copies,
    log_statement,
    part_of,
    parties_of,
    read_copy,
    take_draft,
)
from amparo.warning.statements.signing import find_standing
from amparo.warning.statements.texts import LONGEST_NOTE, Text, find_wrong, to_json


@transaction.atomic
def issue(user: User, statement: int, *, version: int, unlocked: vault.Unlocked | None) -> PublicStatement:
    """Make the words public as they are signed. Once done it stays; sent twice gives the same. For who drafted it.

    The caller has asked, by a tick, whether the text names anybody who has not agreed: the log says that it was set.
    Raises `Statement.DoesNotExist`, `NotNow`, `ChangedMeanwhile`, `KeysClosed`, and `NotReady` for what is missing.
    """
    # Held before it is looked for: of two that are sent at once the second finds what the first issued.
    Statement.objects.select_for_update().filter(pk=statement).first()
    if (found := _issued(user).filter(statement=statement).first()) is not None:
        return found
    held = take_draft(user, statement, version=version, own=True)
    parties = parties_of(held)
    standing = find_standing(held, parties)
    for code in standing.missing:
        raise NotReady(code)
    text = read_copy(part_of(user, parties), unlocked)
    _check(text)
    today = timezone.now().date()
    public = PublicStatement.objects.create(
        statement=held, language=text.language, texts=to_json(text), issued_on=today, issued_by=user
    )
    Signatory.objects.bulk_create(
        Signatory(
            public=public,
            institution=each.institution,
            names=each.institution.names,
            signed_on=each.signed_at.date() if each.signed_at else today,
        )
        for each in standing.signed
    )
    destroy_copies(parties)
    _tell_others(parties, user)
    transaction.on_commit(empty_public_pages)
    log_statement("statement-issued", held, user, {"version": version, "public": public.pk, "names-looked-for": 1})
    return public


@transaction.atomic
def correct(user: User, public: int, texts: Mapping[str, str], token: UUID) -> StatementNote:
    """Put a dated correction above a public statement; what was said stays below it. Sent twice it is one.

    Raises `PublicStatement.DoesNotExist` for another's, `NotNow` once withdrawn, `NotReady` for words that cannot be.
    """
    held = _take(user, public)
    if (found := StatementNote.objects.filter(token=token, public=held).first()) is not None:
        return found
    if held.withdrawn_on is not None:
        raise NotNow
    note = _add_note(held, user, texts, token, is_withdrawal=False)
    transaction.on_commit(empty_public_pages)
    log_statement("statement-corrected", held.statement, user, {"public": held.pk})
    return note


@transaction.atomic
def withdraw(user: User, public: int, texts: Mapping[str, str], token: UUID) -> StatementNote:
    """Take the words off and leave a dated notice with the reason in their place. Twice is once; there is no way back.

    Raises as `correct`.
    """
    held = _take(user, public)
    if held.withdrawn_on is not None:
        return StatementNote.objects.filter(public=held, is_withdrawal=True).latest("pk")
    note = _add_note(held, user, texts, token, is_withdrawal=True)
    held.withdrawn_on, held.texts = note.noted_on, {}
    held.save(update_fields=["withdrawn_on", "texts"])
    # A correction repeats what it corrects.
    held.notes.filter(is_withdrawal=False).delete()
    _tell_others(list(held.statement.parties.filter(left_at=None).select_related("institution")), user)
    transaction.on_commit(empty_public_pages)
    log_statement("statement-withdrawn", held.statement, user, {"public": held.pk})
    return note


def _issued(user: User) -> QuerySet[PublicStatement]:
    return PublicStatement.objects.filter(statement__institution=user.institution_id)


def _take(user: User, public: int) -> PublicStatement:
    held: PublicStatement = (
        _issued(user)
        .select_for_update(of=("self",))
        .select_related("statement__alert__institution", "statement__institution")
        .get(pk=public)
    )
    return held


def _check(text: Text) -> None:
    for words in text.versions.values():
        for part, code in find_wrong(words):
            raise NotReady(f"{part}-{code}" if code in {"too-long", "has-contact"} else code)


def _add_note(
    held: PublicStatement, user: User, texts: Mapping[str, str], token: UUID, *, is_withdrawal: bool
) -> StatementNote:
    said = {code: text.strip() for code, text in texts.items() if text.strip()}
    if held.language not in said:
        raise NotReady("no-note")
    if any(len(text) > LONGEST_NOTE for text in said.values()):
        raise NotReady("body-too-long")
    if any(has_contact(text) for text in said.values()):
        raise NotReady("body-has-contact")
    return StatementNote.objects.create(
        public=held,
        token=token,
        is_withdrawal=is_withdrawal,
        texts=said,
        noted_on=timezone.now().date(),
        noted_by=user,
    )


def _tell_others(parties: list[StatementParty], user: User) -> None:
    for each in parties:
        if each.institution_id != user.institution_id:
            tell(each.institution, RESPONSE_DUE)
