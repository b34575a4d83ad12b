"""What the log says of a case and of what belongs to it, in the order in which it happened; and in words.

Packages above whose entries stand under records of their own name these in `records`, when they are ready.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.audit.records import records_of
from amparo.cases.models import Incident
from amparo.institutions.log_words import describe_action
from amparo.institutions.models import Institution, User
from amparo.institutions.names import public_name
from amparo.vault.models import LogEntry
from amparo.vocabularies.catalogue import get_vocabulary, vocabulary_codes

# Name of a fact in the log → what it is called, and the vocabulary of its codes.
_FACTS: Mapping[str, tuple[str, str]] = {
    "sections": (_("sealed parts"), ""),
    "recipient": (_("recipient"), "consent-recipients"),
    "purpose": (_("purpose"), "consent-purposes"),
    "how": (_("how"), "consent-ways"),
    "status": (_("status of the information"), "information-status"),
    "stage": (_("stage"), "case-stages"),
    "kind": (_("kind"), ""),
    "result": (_("result"), "intervention-results"),
    "outcome": (_("outcome"), "report-outcomes"),
    "which": (_("which"), ""),
    "files": (_("files"), ""),
    "number": (_("number"), ""),
    "incident": (_("case"), ""),
    "share": (_("share"), ""),
    "version": (_("version"), ""),
    "part": (_("part"), ""),
    "action": (_("step"), "custody-actions"),
}
_INSTITUTIONS = {"to": _("to"), "from": _("from")}
_WORDS = {"copy": _("copy without traces"), "original": _("original")}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: when (to the hour), who, what was done, and what is known of it.

    `who` is a user name, or the name of another institution, whose people are its own affair; "" where nobody was
    signed in, or she has left. `about` is what it was done to, where that is not the case itself.
    """

    number: int
    at: datetime
    who: str
    done: str
    facts: tuple[tuple[str, str], ...]
    about: str


def entries_of(incident: Incident) -> QuerySet[LogEntry]:
    """All entries on `incident` and what belongs to it, newest first."""
    return LogEntry.objects.filter(record__in=records_of(incident.pk)).order_by("-number")


def tell(entries: Iterable[LogEntry], incident: Incident) -> list[Line]:
    """`entries` in words of the active language. Two queries, however many they are."""
    entries = list(entries)
    people = {each.actor for each in entries if each.actor is not None}
    users = {user.pk: user for user in User.objects.filter(pk__in=people).select_related("institution")}
    named = {value for each in entries for name, value in each.facts.items() if _names_institution(name, value)}
    institutions = {each.pk: each for each in Institution.objects.filter(pk__in=named)}
    case = f"incident:{incident.pk}"
    return [
        Line(
            number=each.number,
            at=each.at,
            who=_who(users.get(each.actor or 0), incident),
            done=describe_action(each.action),
            facts=tuple(_fact(name, value, institutions) for name, value in each.facts.items()),
            about="" if each.record == case else each.record,
        )
        for each in entries
    ]


def _who(user: User | None, incident: Incident) -> str:
    if user is None:
        return ""
    if user.institution is not None and user.institution_id != incident.institution_id:
        return public_name(user.institution)
    return user.username


def _names_institution(name: str, value: object) -> bool:
    return name in _INSTITUTIONS and isinstance(value, int)


def _fact(name: str, value: str | int, institutions: Mapping[int, Institution]) -> tuple[str, str]:
    if name in _INSTITUTIONS:
        known = institutions.get(value) if isinstance(value, int) else None
        return gettext(_INSTITUTIONS[name]), public_name(known) if known else str(value)
    label, vocabulary = _FACTS.get(name, (name, ""))
    return gettext(label) if name in _FACTS else name, _value(value, vocabulary)


def _value(value: str | int, vocabulary: str) -> str:
    if isinstance(value, int):
        return str(value)
    if value in _WORDS:
        return gettext(_WORDS[value])
    term = get_vocabulary(vocabulary).terms.get(value) if vocabulary in vocabulary_codes() else None
    return term.label(get_language() or "en") if term else value
