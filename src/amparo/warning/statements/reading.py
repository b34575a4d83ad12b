"""Public statements as everybody reads them: in the reader's language where they have it, else in their own."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from amparo.warning.models import PublicStatement, Signatory, StatementNote
from amparo.warning.statements.texts import choose_language


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A public statement in one of its languages. Withdrawn, it has no words; `others` are its further languages."""

    number: int
    issued_on: date
    withdrawn_on: date | None
    first_language: str
    language: str
    title: str
    body: str
    others: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    corrections: tuple[StatementNote, ...]
    withdrawal: StatementNote | None
    is_invented: bool


def public_statements() -> QuerySet[PublicStatement]:
    """All that were ever issued, the newest first, with what a page shows of them: three queries."""
    signed = Signatory.objects.select_related("institution")
    return PublicStatement.objects.prefetch_related(Prefetch("signatories", signed), "notes")


def show_statement(public: PublicStatement, reader: str) -> ShownStatement:
    """`public` in the language `reader`, else in the one in which it was drafted."""
    language = choose_language(public.texts, reader, public.language)
    words = public.texts.get(language, {"title": "", "body": ""})
    signatories, notes = tuple(public.signatories.all()), tuple(public.notes.all())
    return ShownStatement(
        number=public.pk,
        issued_on=public.issued_on,
        withdrawn_on=public.withdrawn_on,
        first_language=public.language,
        language=language,
        title=words["title"],
        body=words["body"],
        others=tuple(sorted(code for code in public.texts if code != language)),
        signatories=signatories,
        corrections=tuple(each for each in notes if not each.is_withdrawal),
        withdrawal=next((each for each in notes if each.is_withdrawal), None),
        is_invented=any(each.institution.invented for each in signatories),
    )
