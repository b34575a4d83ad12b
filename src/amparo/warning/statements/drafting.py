"""Drafting a statement together: begun, edited, others invited, left. Each in one transaction, and in the log.

Nobody reads a draft but the institutions that take part: each has a sealed copy of its own, made at each change, and
destroyed when it leaves. A person's consent is not asked for that, since the words are the institutions' own; what
they may say of a person is asked before they become public.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.notices.kinds import RESPONSE_DUE
from amparo.notices.services import tell
from amparo.vault import services as vault
from amparo.warning.held import NotNow
from amparo.warning.models import Alert, Statement, StatementParty
from amparo.warning.response.acting import NotInIt, institutions_in
from amparo.warning.scope import alerts_for
from amparo.warning.statements.held import (
    NotReady,
    destroy_copies,
    log_statement,
    note_version,
    part_of,
    parties_of,
    read_copy,
    seal_copy,
    take_draft,
    write_copies,
)
from amparo.warning.statements.texts import MOST_LANGUAGES, Text, Words, find_wrong, tidy
from amparo.warning.times import this_quarter


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as somebody begins it: its first words, and the institutions that she invites, by number."""

    language: str
    words: Words
    invited: Collection[int] = ()
    token: UUID = field(default_factory=uuid4)


def who_could_join(alert: Alert, statement: Statement | None = None) -> list[Institution]:
    """The institutions that take part in `alert` and not in `statement` yet."""
    found = institutions_in(alert).filter(locked_at=None).select_related("key_pair")
    if statement is not None:
        there = StatementParty.objects.filter(statement=statement, left_at=None)
        found = found.exclude(pk__in=there.values("institution"))
    return list(found)


@transaction.atomic
def begin_statement(user: User, alert: int, draft: Draft) -> Statement:
    """Begin a statement about an alert that `user`'s institution may read. Sent twice it is one.

    A threatened NHRI is always invited: it has to approve. Raises `Alert.DoesNotExist`, `NotNow` where the alert is
    closed or a drill, `NotInIt` for an institution that has no part in it, `NotReady` for words that cannot be kept.
    """
    assert user.institution is not None  # noqa: S101  (a page for members only)
    held = alerts_for(user).select_for_update(of=("self",)).select_related("institution").get(pk=alert)
    if (found := Statement.objects.filter(token=draft.token, institution=user.institution).first()) is not None:
        return found
    if held.state not in {"open", "muted"} or held.is_drill:
        raise NotNow
    words = _checked(draft.words)
    joining = {each.pk: each for each in who_could_join(held)}
    wanted = {user.institution.pk, *draft.invited}
    if not wanted <= joining.keys():
        raise NotInIt
    # Locked, it could not read it: then nothing is issued either.
    wanted |= {held.threatened_id} & joining.keys() if held.threatened_id else set()
    invited = [joining[number] for number in sorted(wanted, key=lambda pk: (pk != user.institution_id, pk))]
    made = Statement.objects.create(
        alert=held, institution=user.institution, token=draft.token, begun_at=this_quarter()
    )
    text = Text(draft.language, {draft.language: words})
    for each in invited:
        _let_in(made, each, text)
    note_version(made, user)
    _tell(each for each in invited if each.pk != made.institution_id)
    log_statement("statement-begun", made, user, {"parties": len(invited)})
    return made


@transaction.atomic
def change_text(
    user: User, statement: int, language: str, words: Words, *, version: int, unlocked: vault.Unlocked | None
) -> Statement:
    """Write other words in one language; empty ones take that language out, save the last. Nothing new writes nothing.

    Signatures and the approval of the version before hold no more: those who gave them are told. Raises
    `Statement.DoesNotExist`, `NotNow`, `ChangedMeanwhile`, `KeysClosed`, `NotReady` for words that cannot be kept.
    """
    held = take_draft(user, statement, version=version)
    parties = parties_of(held)
    before = read_copy(part_of(user, parties), unlocked)
    after = _changed(before, language, words)
    if after == before:
        return held
    fell = [each for each in parties if each.signed_version == held.version]
    write_copies(parties, after)
    held.version += 1
    held.save(update_fields=["version"])
    note_version(held, user)
    # Who edited knows it.
    _tell(each.institution for each in fell if each.institution_id != user.institution_id)
    log_statement("statement-changed", held, user, {"version": held.version})
    return held


@transaction.atomic
def invite(user: User, statement: int, institution: int, *, unlocked: vault.Unlocked | None) -> Statement:
    """Let one more institution of the alert read, edit and sign. Twice is once. For who drafted it only.

    Raises `Statement.DoesNotExist`, `NotNow`, `NotInIt`, `KeysClosed`.
    """
    held = take_draft(user, statement, own=True)
    parties = parties_of(held)
    if any(each.institution_id == institution for each in parties):
        return held
    chosen = next((each for each in who_could_join(held.alert, held) if each.pk == institution), None)
    if chosen is None:
        raise NotInIt
    _let_in(held, chosen, read_copy(part_of(user, parties), unlocked))
    _tell([chosen])
    log_statement("statement-shared", held, user, {"with": chosen.code})
    return held


@transaction.atomic
def take_off(user: User, statement: int, institution: int) -> Statement:
    """Take an institution off, which then has no text any more. Twice is once; the drafter itself is not taken off.

    Raises `Statement.DoesNotExist`, `NotNow`.
    """
    held = take_draft(user, statement, own=True)
    parties = parties_of(held)
    gone = [each for each in parties if each.institution_id == institution and institution != held.institution_id]
    if not gone:
        return held
    _let_go(held, gone[0], was_taken_off=True)
    _tell([gone[0].institution])
    log_statement("statement-not-shared", held, user, {"with": gone[0].institution.code})
    return held


@transaction.atomic
def leave(user: User, statement: int) -> Statement:
    """Decline, or withdraw, before it is issued: the institution's copy is destroyed. Twice is once.

    Where the drafter leaves, the statement is given up and everybody's copy destroyed. Raises `Statement.DoesNotExist`
    for who was never in it, `NotNow` once it is issued.
    """
    mine = StatementParty.objects.filter(statement=statement, institution=user.institution_id)
    if (left := mine.exclude(left_at=None).select_related("statement").first()) is not None:
        return left.statement
    held = Statement.objects.filter(pk=statement, institution=user.institution_id).exclude(dropped_at=None).first()
    if held is not None:
        return held
    held = take_draft(user, statement)
    parties = parties_of(held)
    if held.institution_id == user.institution_id:
        destroy_copies(parties)
        held.dropped_at = this_quarter()
        held.save(update_fields=["dropped_at"])
        _tell(each.institution for each in parties if each.institution_id != held.institution_id)
        log_statement("statement-dropped", held, user)
        return held
    _let_go(held, part_of(user, parties), was_taken_off=False)
    _tell([held.institution])
    log_statement("statement-declined", held, user)
    return held


def _checked(words: Words) -> Words:
    words = tidy(words)
    for part, code in find_wrong(words):
        raise NotReady(f"{part}-{code}" if code in {"too-long", "has-contact"} else code)
    return words


def _changed(before: Text, language: str, words: Words) -> Text:
    said = tidy(words)
    if (said.title or said.body) or language == before.language:
        _checked(said)
    after = before.with_words(language, said)
    if len(after.versions) > MOST_LANGUAGES:
        raise NotReady("too-many-languages")
    return after


def _let_in(statement: Statement, institution: Institution, text: Text) -> None:
    part = StatementParty.objects.filter(statement=statement, institution=institution).first()
    part = part or StatementParty(statement=statement, institution=institution)
    part.invited_at, part.left_at, part.was_taken_off = this_quarter(), None, False
    part.section = seal_copy(institution, text)
    part.save()


def _let_go(statement: Statement, part: StatementParty, *, was_taken_off: bool) -> None:
    destroy_copies([part])
    part.left_at, part.was_taken_off = this_quarter(), was_taken_off
    part.signed_version = part.signed_at = part.signed_by = None
    part.save()
    if part.institution_id == statement.alert.threatened_id:
        statement.approved_version = statement.approved_at = statement.approved_by = None
        statement.save()


def _tell(institutions: Iterable[Institution]) -> None:
    for each in institutions:
        tell(each, RESPONSE_DUE)
