"""Letting another institution of this installation have a report: only as far as the reporter agreed, and back again.

`refusal` is the one place where a consent is looked at before a report goes on.
"""

from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from amparo.channel.answers import Answers, clean_answers
from amparo.channel.models import Report, this_hour
from amparo.channel.triage.inbox import OPEN_STATUS
from amparo.channel.triage.opened import first_report
from amparo.channel.triage.services import TriageError, close, holders_of, log_step, take
from amparo.files.models import SealedFile
from amparo.files.resealing import reseal
from amparo.files.services import FILE
from amparo.institutions.models import Institution, User
from amparo.notices.kinds import CONSENT_WITHDRAWN, REFERRED
from amparo.notices.services import tell
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, Section, SectionKey

NO_CONSENT = "no-consent"
# Kind of institution → code of consent-recipients.
CONSENT_FOR = {"nhri": "nhri", "network": "network", "ganhri": "ganhri"}


class Refusal(StrEnum):
    """Why a report may not go to an institution."""

    NO_CONSENT = "no-consent"
    OTHER_COUNTRY = "other-country"
    HAS_IT = "has-it"


class NotReferred(TriageError):
    """The report was not referred; `refusal` says why."""

    code = "not-referred"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def refusal(first: Report, answers: Answers, to: Institution) -> Refusal | None:
    """Why the report `first`, which says `answers`, may not go to `to`; None where the reporter agreed to it.

    A consent for the NHRI is one for that of the country in which it happened, and for no other.
    """
    if to.pk in _has_it(first):
        return Refusal.HAS_IT
    agreed = CONSENT_FOR.get(to.kind)
    if agreed is None or not first.consents.filter(recipient=agreed, withdrawn_at=None).exists():
        return Refusal.NO_CONSENT
    if to.kind == "nhri" and answers.get("country") != to.country:
        return Refusal.OTHER_COUNTRY
    return None


def candidates(report: Report) -> QuerySet[Institution]:
    """The other institutions of this installation that receive reports, by kind and code."""
    return Institution.objects.filter(channel__isnull=False).exclude(pk=report.institution_id).order_by("kind", "code")


@transaction.atomic
def refer(user: User, report: UUID, to: Institution, unlocked: vault.Unlocked) -> Report:
    """Share all that was said in the report with `to`; the report as it stands in the inbox there. Twice is once.

    Reporter, messages and files stay where they are, and what is said from now on is sealed to both. Raises
    `NotReferred`, and `SectionKey.DoesNotExist` where the report is closed to `unlocked`.
    """
    held = take(user, report)
    first = Report.objects.select_for_update(of=("self",)).get(pk=first_report(held).pk)
    already = first.referrals.filter(institution=to).exclude(outcome=NO_CONSENT).first()
    if already is not None:
        return already
    answers = clean_answers(vault.open_sections([held.section], unlocked)[held.section_id])
    why = refusal(first, answers, to)
    if why is not None:
        raise NotReferred(why)
    for section in sections_of(first):
        vault.share_section(section, unlocked, to.key_pair)
    referred = _put_into_inbox(first, to)
    if held.status in OPEN_STATUS:
        close(held, "referred")
    tell(to, REFERRED)
    log_step("report-referred", held, user, {"to": to.pk})
    log_step("report-received", referred, None, {"from": held.institution_id})
    return referred


@transaction.atomic
def withdraw_referrals(first: Report, recipient: str, unlocked: vault.Unlocked | None = None) -> int:
    """Close the report to the institutions that a withdrawn consent let have it; how many.

    Their keys go at once. With `unlocked`, a key that opens the report, all that was said gets new data keys as well;
    without, the next opening does that (`renew_keys`). Call it where a consent is withdrawn.
    """
    withdrawn = [
        each
        for each in first.referrals.select_related("institution").exclude(outcome=NO_CONSENT)
        if CONSENT_FOR.get(each.institution.kind) == recipient
    ]
    for each in withdrawn:
        SectionKey.objects.filter(section__in=sections_of(first), holder=each.institution.key_pair_id).delete()
        if each.incident_id is None:
            close(each, "rejected", NO_CONSENT)
        else:
            # A case was made of it: who has that must decide, and is told; here it is only closed.
            each.outcome = NO_CONSENT
            each.save(update_fields=["outcome"])
        tell(each.institution, CONSENT_WITHDRAWN)
    if withdrawn:
        first.new_keys_due = True
        first.save(update_fields=["new_keys_due"])
        if unlocked is not None:
            renew_keys(first, unlocked)
    for each in withdrawn:
        log_step("section-withdrawn", each, None)
    return len(withdrawn)


def renew_keys(first: Report, unlocked: vault.Unlocked) -> bool:
    """Give all that was said new data keys, where a referral was withdrawn; whether it could be done.

    Texts at once, then file by file, each in a transaction of its own: closing gigabytes anew takes its time, and
    where that ends on the way the next opening goes on.
    """
    if not first.new_keys_due:
        return True
    if unlocked.key_pair_id not in {each.pk for each in holders_of(first)}:
        return False
    sections = sections_of(first)
    with transaction.atomic():
        for section in sections:
            if section.kind != FILE:
                vault.new_data_key(section, unlocked, _holders_now(section))
    for section in sections:
        if section.kind == FILE:
            with transaction.atomic():
                reseal(section, *vault.new_data_key(section, unlocked, _holders_now(section)))
    Report.objects.filter(pk=first.pk).update(new_keys_due=False)
    first.new_keys_due = False
    return True


def sections_of(first: Report) -> list[Section]:
    """All that was said in a report: its answers, its messages, its files with their clean copies."""
    files = SealedFile.objects.filter(report_file__report=first)
    copies = SealedFile.objects.filter(original__in=files)
    found = Section.objects.filter(pk=first.section_id)
    found = found | Section.objects.filter(message__report=first)
    texts = list(found.distinct())
    return texts + list(Section.objects.filter(file__in=[*files, *copies]))


def _holders_now(section: Section) -> list[KeyPair]:
    return [each.holder for each in section.keys.select_related("holder").order_by("holder_id")]


def _has_it(first: Report) -> set[int]:
    now = first.referrals.exclude(outcome=NO_CONSENT).values_list("institution_id", flat=True)
    return {first.institution_id, *now}


def _put_into_inbox(first: Report, to: Institution) -> Report:
    # One row an institution, whatever was withdrawn and agreed to again in between.
    submission = sha256(b"amparo/referral/1/" + first.pk.bytes + str(to.pk).encode()).digest()
    referred, _ = Report.objects.update_or_create(
        submission=submission,
        defaults={
            "institution": to,
            "section_id": first.section_id,
            "sealed_by": first.sealed_by,
            "about": first.about,
            "language": first.language,
            "urgency": first.urgency,
            "naming": first.naming,
            "status": "new",
            "outcome": "",
            "received_at": this_hour(),
            "opened_at": None,
            "acknowledged_at": None,
            "closed_at": None,
            "destroy_on": None,
            "referred_from": first,
        },
    )
    return referred
