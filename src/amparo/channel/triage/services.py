"""What an institution does with a report. Each step is safe to be sent twice, and is in the log."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from amparo.channel.answers import MESSAGE
from amparo.channel.models import Channel, Mailbox, Message, Report
from amparo.channel.triage.inbox import OPEN_STATUS, reports_for
from amparo.channel.triage.opened import first_report, record_name
from amparo.files.models import SealedFile
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import KeyPair

LONGEST_MESSAGE = 10_000
SPAM = "spam"
# Why a report is destroyed on another day than by the rule.
REASONS = ("asked-by-reporter", "legal-proceedings", "still-needed", "no-longer-needed")


class TriageError(Exception):
    """What was asked for cannot be done with this report. `code` says why."""

    code = "triage-error"


class NoMailbox(TriageError):
    """The reporter has no mailbox: nobody would read an answer."""

    code = "no-mailbox"


class NotNow(TriageError):
    """The report's state does not allow this: it was closed meanwhile, or became a case."""

    code = "not-now"


def log_step(action: str, report: Report, user: User | None, facts: dict[str, str | int] | None = None) -> None:
    """Note in the log what was done with `report`. Call last in the transaction."""
    log.record(
        action,
        actor=user.pk if user else None,
        institution=report.institution.code,
        record=record_name(report),
        facts=facts,
    )


def take(user: User, report: UUID) -> Report:
    """The report, held for this transaction, of `user`'s own institution. Raises `Report.DoesNotExist`."""
    held: Report = reports_for(user).select_for_update(of=("self",)).select_related("institution").get(pk=report)
    return held


@transaction.atomic
def note_opening(user: User, report: Report, sections: int) -> None:
    """That `user` read `report`, of which her key opened `sections` sections; messages of the reporter are read now."""
    if not sections:
        return
    if Report.objects.filter(pk=report.pk, opened_at=None).update(opened_at=this_hour()):
        log_step("report-opened", report, user)
    first_report(report).messages.filter(from_reporter=True, read_at=None).update(read_at=this_hour())
    log_step("section-opened", report, user, {"sections": sections})


@transaction.atomic
def note_file(user: User, report: Report, file: SealedFile, which: str) -> None:
    """That `user` opened a file of `report`: its "copy" or its "original"."""
    log_step("file-opened", report, user, {"file": str(file.pk), "which": which})


@transaction.atomic
def acknowledge(user: User, report: UUID) -> Report:
    """Tell the reporter, in her mailbox, that her report has been read. Twice is once."""
    held = take(user, report)
    if held.status == "new":
        _acknowledge(held)
        log_step("report-acknowledged", held, user)
    return held


@transaction.atomic
def send_message(user: User, report: UUID, text: str, unlocked: vault.Unlocked) -> Message:
    """A message to the reporter, sealed to her mailbox and to the institutions that have the report.

    The same words twice in a row are one message: a form sent twice. An answer acknowledges. Raises `NoMailbox`.
    """
    held = take(user, report)
    first = first_report(held)
    mailbox = Mailbox.objects.select_related("key_pair").filter(report=first).first()
    if mailbox is None:
        raise NoMailbox
    last = first.messages.select_related("section").last()
    if last is not None and not last.from_reporter:
        said = vault.open_sections([last.section], unlocked).get(last.section_id)
        if said == {"text": text}:
            return last
    section = vault.keep_section({"text": text}, MESSAGE, [*holders_of(first), mailbox.key_pair], like=first.section)
    message = Message.objects.create(report=first, section=section, from_reporter=False, sent_at=this_hour())
    if held.status == "new":
        _acknowledge(held)
    log_step("message-sent", held, user)
    return message


@transaction.atomic
def reject(user: User, report: UUID, outcome: str) -> Report:
    """Close the report as not taken up, for a reason of report-outcomes. Raises `NotNow` for what became a case."""
    held = take(user, report)
    if held.status == "rejected" and held.outcome == outcome:
        return held
    if held.incident_id is not None:
        raise NotNow
    close(held, "rejected", outcome)
    log_step("report-rejected", held, user, {"outcome": outcome})
    return held


@transaction.atomic
def mark_spam(user: User, reports: Iterable[UUID]) -> list[UUID]:
    """Close all of `reports` that are open as spam; which were. Others, and other institutions', are left out."""
    held = list(
        reports_for(user)
        .filter(pk__in=list(reports), status__in=OPEN_STATUS)
        .select_for_update(of=("self",))
        .select_related("institution")
        .order_by("pk")
    )
    for each in held:
        close(each, "rejected", SPAM)
    for each in held:
        log_step("report-rejected", each, user, {"outcome": SPAM})
    return [each.pk for each in held]


@transaction.atomic
def reopen(user: User, reports: Iterable[UUID]) -> int:
    """Undo the closing of `reports`; how many. A case stays a case."""
    held = list(
        reports_for(user)
        .filter(pk__in=list(reports), status__in=("rejected", "referred"))
        .select_for_update(of=("self",))
        .select_related("institution")
        .order_by("pk")
    )
    for each in held:
        each.status = "acknowledged" if each.acknowledged_at else "new"
        each.outcome, each.closed_at, each.destroy_on = "", None, None
        each.save(update_fields=["status", "outcome", "closed_at", "destroy_on"])
    for each in held:
        log_step("report-reopened", each, user)
    return len(held)


@transaction.atomic
def set_destruction(user: User, report: UUID, day: date, reason: str) -> Report:
    """Set on which day the report will be destroyed, for a reason of REASONS. Raises `NotNow` while it is open."""
    held = take(user, report)
    if held.status in OPEN_STATUS:
        raise NotNow
    held.destroy_on = day
    held.save(update_fields=["destroy_on"])
    log_step("destruction-set", held, user, {"days": (day - timezone.now().date()).days, "reason": reason})
    return held


def close(report: Report, status: str, outcome: str = "") -> None:
    """Close `report`, with the day on which it will be destroyed by its channel's rule."""
    report.status, report.outcome, report.closed_at = status, outcome, this_hour()
    report.destroy_on = timezone.now().date() + timedelta(days=kept_days(report.institution))
    report.save(update_fields=["status", "outcome", "closed_at", "destroy_on"])


def kept_days(institution: Institution) -> int:
    """How long a closed report is kept."""
    found = Channel.objects.filter(institution=institution).values_list("kept_days", flat=True).first()
    return Channel._meta.get_field("kept_days").default if found is None else found


def holders_of(first: Report) -> list[KeyPair]:
    """The key pairs of the institutions that have this report: who received it, and whom it is shared with now.

    What the reporter writes is sealed to these, so that it can be read wherever the report is.
    """
    shared = KeyPair.objects.filter(
        section_keys__section_id=first.section_id, institution__reports__referred_from=first
    )
    own = KeyPair.objects.filter(institution__reports=first)
    return list((own | shared).distinct().order_by("pk"))


def _acknowledge(report: Report) -> None:
    report.status, report.acknowledged_at = "acknowledged", this_hour()
    report.opened_at = report.opened_at or this_hour()
    report.save(update_fields=["status", "acknowledged_at", "opened_at"])
