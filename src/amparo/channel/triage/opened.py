"""A report as somebody with the keys reads it: what it says, its consents, messages, and what was done with it."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from amparo.cases.shown_files import ShownFile, shown_files
from amparo.channel.answers import Answers, clean_answers
from amparo.channel.models import ConsentGiven, Mailbox, Message, Report
from amparo.channel.triage.labels import AnswerLine, answer_lines
from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import LogEntry, Section


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message; `text` is None where it is closed to this institution, or was damaged."""

    message: Message
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did with the report. `who` is a user name, "" where nobody was signed in or who it was has left."""

    action: str
    who: str
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report with what this session's key opens. `answers` is None where it is closed."""

    report: Report
    first: Report
    answers: Answers | None = field(repr=False)
    lines: tuple[AnswerLine, ...] = field(repr=False)
    messages: tuple[OpenedMessage, ...]
    files: tuple[ShownFile, ...]
    consents: tuple[ConsentGiven, ...]
    history: tuple[Done, ...]
    has_mailbox: bool
    sections: int


def first_report(report: Report) -> Report:
    """The report that came in: `report` itself, or the one that it was referred from. On it hangs all that was said."""
    return report.referred_from or report


def open_report(report: Report, unlocked: vault.Unlocked | None) -> OpenedReport:
    """`report` with what `unlocked` opens, in a constant number of queries."""
    first = first_report(report)
    sent = tuple(first.messages.select_related("section"))
    files = [each.file for each in first.files.select_related("file__section")]
    opened = _open([report.section, *(each.section for each in sent)], unlocked) if unlocked else {}
    said = opened.get(report.section_id)
    answers = None if said is None else clean_answers(said)
    return OpenedReport(
        report=report,
        first=first,
        answers=answers,
        lines=tuple(answer_lines(answers)) if answers is not None else (),
        messages=tuple(OpenedMessage(each, _text(opened.get(each.section_id))) for each in sent),
        files=tuple(shown_files(files, unlocked)),
        consents=tuple(first.consents.order_by("recipient")),
        history=_history(report),
        has_mailbox=Mailbox.objects.filter(report=first).exists(),
        sections=len(opened),
    )


def record_name(report: Report) -> str:
    """What the log calls `report`."""
    return f"report:{report.pk}"


def _open(sections: list[Section], unlocked: vault.Unlocked) -> dict[UUID, dict[str, object]]:
    try:
        return vault.open_sections(sections, unlocked)
    except VaultError:
        # One that was damaged, or sealed by somebody who only wanted to do harm, must not close the others.
        return {section.pk: said for section in sections if (said := _open_one(section, unlocked)) is not None}


def _open_one(section: Section, unlocked: vault.Unlocked) -> dict[str, object] | None:
    try:
        return vault.open_sections([section], unlocked).get(section.pk)
    except VaultError:
        return None


def _text(said: dict[str, object] | None) -> str | None:
    if said is None:
        return None
    text = said.get("text")
    return text if isinstance(text, str) else ""


def _history(report: Report) -> tuple[Done, ...]:
    entries: QuerySet[LogEntry] = LogEntry.objects.filter(record=record_name(report)).order_by("number")
    found = list(entries[:500])
    names = dict(User.objects.filter(pk__in={each.actor for each in found}).values_list("pk", "username"))
    return tuple(Done(each.action, names.get(each.actor or 0, ""), each) for each in found)
