"""What a reporter agreed to, as the vault knows it: there consents are looked at where sections are given away."""

from collections.abc import Iterable

from amparo.cases.models import Incident
from amparo.cases.sharing.services import end_closed_shares
from amparo.channel.models import ConsentGiven, Report
from amparo.files.models import SealedFile
from amparo.vault import services as vault
from amparo.vault.models import Section

HOW = "safe-channel"
# The form asks "with whom"; what each of them would do with it is what it is for.
PURPOSE_FOR = {
    "nhri": "support-protection",
    "network": "support-protection",
    "ganhri": "support-protection",
    "sca": "accreditation-review",
    "special-procedures": "communication-un",
    "treaty-bodies": "communication-un",
    "sg-report": "communication-un",
    "regional-mechanism": "communication-regional",
    "partner-organisation": "support-protection",
    "public": "publication-without-name",
}


def sections_of(first: Report) -> list[Section]:
    """All that was said in a report: its answers, its messages, its files with their clean copies."""
    files = SealedFile.objects.filter(report_file__report=first)
    copies = SealedFile.objects.filter(original__in=files)
    found = Section.objects.filter(pk=first.section_id)
    found = found | Section.objects.filter(message__report=first)
    texts = list(found.distinct())
    return texts + list(Section.objects.filter(file__in=[*files, *copies]))


def give_in_vault(first: Report, sections: Iterable[Section] | None = None) -> None:
    """Let the vault know what the reporter agrees to now: for `sections`, or for all that was said."""
    standing = list(ConsentGiven.objects.filter(report=first, withdrawn_at=None))
    if not standing:
        return
    wanted = sections_of(first) if sections is None else list(sections)
    for consent in standing:
        purpose, day = PURPOSE_FOR[consent.recipient], consent.given_at.date()
        vault.give_consent(wanted, consent.recipient, purpose, HOW, first.language, day)


def withdraw_in_vault(first: Report, recipient: str, unlocked: vault.Unlocked | None = None) -> None:
    """Take back, in the vault, what the reporter agreed to for `recipient`: of her report, and of cases made of it.

    What somebody else agreed to in a case, the victim herself, stands.
    """
    purpose = PURPOSE_FOR[recipient]
    vault.withdraw_consent(sections_of(first), recipient, purpose, unlocked)
    made = Incident.objects.filter(reports=first) | Incident.objects.filter(reports__referred_from=first)
    cases = Section.objects.filter(incident__in=made) | Section.objects.filter(victim__incident__in=made)
    vault.withdraw_consent(cases.distinct(), recipient, purpose, how=HOW)
    end_closed_shares(made)
