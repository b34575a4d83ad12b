"""Real deletion: rows, sealed sections with their keys, files and their bytes; only counts are left."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from amparo.channel.drafts import drop_old_drafts
from amparo.channel.mailboxes import close_forgotten
from amparo.channel.models import DestroyedReports, Mailbox, Report, ReportFile
from amparo.channel.tokens import drop_old_tokens
from amparo.files.models import SealedFile
from amparo.files.services import destroy_files, remove_abandoned
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, SectionKey


@transaction.atomic
def destroy_report(report: Report) -> None:
    """Destroy a report with everything that hangs on it, also at the institutions that it was referred to.

    Of one that was referred here, only this institution's part goes: its row and its keys. A file that is evidence of
    a case stays with the case.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("institution").get(pk=report.pk)
    if report.referred_from is not None:
        _destroy_referral(report)
        return
    for referral in report.referrals.select_related("institution"):
        _destroy_referral(referral)
    destroy_conversation(report)
    _destroy_files(SealedFile.objects.filter(report_file__report=report))
    report.consents.all().delete()
    section = report.section_id
    _remove(report)
    vault.destroy_sections([section])


@transaction.atomic
def destroy_conversation(report: Report) -> None:
    """Destroy the messages between reporter and institution with their files, and the mailbox with its key pair."""
    messages = list(report.messages.all())
    _destroy_files(SealedFile.objects.filter(report_file__message__in=messages))
    sections = [each.section_id for each in messages]
    report.messages.all().delete()
    vault.destroy_sections(sections)
    key_pairs = list(Mailbox.objects.filter(report=report).values_list("key_pair_id", flat=True))
    Mailbox.objects.filter(report=report).delete()
    KeyPair.objects.filter(pk__in=key_pairs).delete()


def destroy_due_reports() -> int:
    """Destroy the reports whose day has come. How many. One that another institution still has waits for that."""
    due = Q(destroy_on__lte=timezone.now().date())
    found = 0
    for referral in Report.objects.filter(due, referred_from__isnull=False):
        destroy_report(referral)
        found += 1
    for report in Report.objects.filter(due, referred_from=None, referrals=None):
        destroy_report(report)
        found += 1
    return found


DUTIES: tuple[Callable[[], int], ...] = (
    destroy_due_reports,
    drop_old_drafts,
    close_forgotten,
    drop_old_tokens,
    remove_abandoned,
)


def destroy_due() -> int:
    """Destroy all whose time is over: reports, drafts, open mailboxes, used tokens, bytes without a row. How many."""
    return sum(duty() for duty in DUTIES)


def _destroy_referral(report: Report) -> None:
    first = report.referred_from
    assert first is not None  # noqa: S101  (asked for referrals only)
    files = SealedFile.objects.filter(report_file__report=first)
    held = (
        Q(section__reports=first)
        | Q(section__message__report=first)
        | Q(section__file__in=files)
        | Q(section__file__original__in=files)
    )
    keys = SectionKey.objects.filter(held, holder=report.institution.key_pair_id).values_list("pk", flat=True)
    SectionKey.objects.filter(pk__in=list(keys)).delete()
    _remove(report)


def _destroy_files(files: QuerySet[SealedFile]) -> None:
    gone = list(files.filter(evidence=None))
    ReportFile.objects.filter(file__in=list(files)).delete()
    destroy_files(gone)


def _remove(report: Report) -> None:
    counted, _ = DestroyedReports.objects.get_or_create(
        institution=report.institution,
        month=report.received_at.date().replace(day=1),
        about=report.about,
        status=report.status,
        outcome=report.outcome,
    )
    DestroyedReports.objects.filter(pk=counted.pk).update(number=F("number") + 1)
    name, institution = f"report:{report.pk}", report.institution.code
    report.delete()
    log.record("report-destroyed", institution=institution, record=name)
