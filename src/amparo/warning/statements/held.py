"""Statements held for one change, whose they are, and the sealed copies of their text."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet

from amparo.institutions.models import Institution, User
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.warning.held import AlertError, ChangedMeanwhile, KeysClosed, NotNow, log_step
from amparo.warning.models import Statement, StatementEdit, StatementParty
from amparo.warning.statements.texts import Text, read_fields
from amparo.warning.times import this_quarter

KIND = "joint-statement"


class NotReady(AlertError):
    """A statement cannot be issued yet. `code` says what is missing."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def statements_for(user: User) -> QuerySet[Statement]:
    """The statements in which `user`'s institution takes part. Who declined, withdrew or was taken off has none."""
    parts = StatementParty.objects.filter(statement=OuterRef("pk"), institution=user.institution_id, left_at=None)
    return Statement.objects.filter(Exists(parts))


def waiting_for(user: User) -> QuerySet[Statement]:
    """The drafts whose text, as it is now, `user`'s institution has not signed."""
    parts = StatementParty.objects.filter(institution=user.institution_id, left_at=None)
    signed = parts.filter(statement=OuterRef("pk"), signed_version=OuterRef("version"))
    return statements_for(user).filter(~Exists(signed), dropped_at=None, public=None)


def parties_of(statement: Statement) -> list[StatementParty]:
    """Who takes part in `statement` now, the first to be invited first."""
    there = StatementParty.objects.filter(statement=statement, left_at=None)
    return list(there.select_related("institution__key_pair", "section", "signed_by").order_by("pk"))


def take_draft(user: User, statement: int, *, version: int | None = None, own: bool = False) -> Statement:
    """The draft, held for this transaction; with `own`, only where `user`'s institution drafted it.

    Raises `Statement.DoesNotExist`, `NotNow` where it was issued or given up, `ChangedMeanwhile`.
    """
    ours = statements_for(user)
    if own:
        ours = ours.filter(institution=user.institution_id)
    held: Statement = (
        ours.select_for_update(of=("self",)).select_related("alert__institution", "institution").get(pk=statement)
    )
    if held.dropped_at is not None or hasattr(held, "public"):
        raise NotNow
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held


def part_of(user: User, parties: list[StatementParty]) -> StatementParty:
    """The part of `user`'s institution among `parties`, which `statements_for` says is there."""
    return next(each for each in parties if each.institution_id == user.institution_id)


def read_copy(part: StatementParty, unlocked: vault.Unlocked | None) -> Text:
    """The text out of an institution's own copy. Raises `KeysClosed` where nobody's keys are open."""
    if unlocked is None or part.section is None:
        raise KeysClosed
    found = vault.open_sections([part.section], unlocked).get(part.section.pk)
    if found is None:
        raise KeysClosed
    return read_fields(found)


def write_copies(parties: list[StatementParty], text: Text) -> None:
    """Seal `text` to each of `parties` anew, each by itself: what one loses later, the others keep."""
    for part in parties:
        old, part.section = part.section, seal_copy(part.institution, text)
        part.save(update_fields=["section"])
        if old is not None:
            vault.destroy_sections([old.pk])


def seal_copy(institution: Institution, text: Text) -> Section:
    return vault.keep_section(text.to_fields(), KIND, [institution.key_pair])


def destroy_copies(parties: list[StatementParty]) -> None:
    """Destroy the copies of `parties` with their keys."""
    sections = [part.section_id for part in parties if part.section_id is not None]
    for part in parties:
        part.section = None
        part.save(update_fields=["section"])
    vault.destroy_sections(sections)


def note_version(statement: Statement, user: User) -> None:
    """Note who wrote the version that `statement` has now."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    StatementEdit.objects.create(
        statement=statement,
        version=statement.version,
        institution=user.institution,
        edited_at=this_quarter(),
        edited_by=user,
    )


def log_statement(action: str, statement: Statement, user: User, facts: Mapping[str, str | int] | None = None) -> None:
    """Note in the log of its alert what was done with `statement`. Call last in the transaction."""
    log_step(action, statement.alert, user, {"statement": statement.pk} | dict(facts or {}), user.institution)
