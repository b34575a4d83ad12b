"""Letting another institution of this installation have a report: only as far as the reporter agreed, and back again.

`refusal` says beforehand what would not go; what holds is the vault, which gives no key away without a consent.
"""

from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from amparo.channel.answers import Answers, clean_answers
from amparo.channel.consents import PURPOSE_FOR, give_in_vault, sections_of, withdraw_in_vault
from amparo.channel.models import Report
from amparo.channel.triage.inbox import OPEN_STATUS
from amparo.channel.triage.opened import first_report
from amparo.channel.triage.services import TriageError, close, holders_of, log_step, take
from amparo.institutions.models import Institution, User, this_hour
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.notices.kinds import CONSENT_WITHDRAWN, REFERRED
from amparo.notices.services import tell
from amparo.vault import services as vault

NO_CONSENT = "no-consent"
CONSENT_FOR = RECIPIENT_OF_KIND


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
    sections, agreed = sections_of(first), CONSENT_FOR[to.kind]
    give_in_vault(first, sections)
    for section in sections:
        vault.share_section(section, unlocked, to.key_pair, PURPOSE_FOR[agreed])
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

    Their keys go at once, in the vault. With `unlocked`, a key that opens the report, all that was said gets new data
    keys as well; without, the next opening does that (`renew_keys`). Call it where a consent is withdrawn.
    """
    withdraw_in_vault(first, recipient)
    withdrawn = [
        each
        for each in first.referrals.select_related("institution").exclude(outcome=NO_CONSENT)
        if CONSENT_FOR.get(each.institution.kind) == recipient
    ]
    for each in withdrawn:
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

    Each in a transaction of its own: closing gigabytes anew takes its time, and where that ends on the way the next
    opening goes on.
    """
    if not first.new_keys_due:
        return True
    if unlocked.key_pair_id not in {each.pk for each in holders_of(first)}:
        return False
    vault.renew_due_keys(sections_of(first), unlocked)
    Report.objects.filter(pk=first.pk).update(new_keys_due=False)
    first.new_keys_due = False
    return True


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
