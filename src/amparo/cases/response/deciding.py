"""Deciding on a case: whether it is still a draft, open or closed, and what its information is held to be."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from amparo.cases.held import note_change, take_incident
from amparo.cases.models import Incident, StatusDecision
from amparo.institutions.models import User
from amparo.vault import services as vault

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
VERIFIED, REFUTED = "verified", "refuted"
# Two sources that don't draw on each other are the field's usual ground for holding something to be verified
# (OHCHR, Manual on Human Rights Monitoring, chapter on analysis). With fewer, the reasons are written down.
SOURCES_FOR_VERIFIED = 2
DECISION = "decision"


class NotDecided(Exception):
    """The decision was not taken. `code` says why."""

    code = "not-decided"


class ReasonsNeeded(NotDecided):
    """Refuted, or verified on fewer than two independent sources: why must be written down."""

    code = "reasons-needed"


class StillADraft(NotDecided):
    """A draft is not verified or refuted before it is a case, and a case does not become a draft again."""

    code = "still-a-draft"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided: codes of case-stages and information-status, and the reasons, which go sealed."""

    stage: str
    status: str
    reasons: str = ""


def count_independent_sources(incident: Incident) -> int:
    """How many sources of `incident` are held to be independent of the others."""
    return incident.information.filter(independence="yes").count()


@transaction.atomic
def decide(user: User, incident: int, decision: Decision, unlocked: vault.Unlocked | None) -> StatusDecision | None:
    """Take `decision`; None where it changes nothing. Raises `NotDecided`, and `Incident.DoesNotExist`.

    Reasons are sealed to the institution; giving them asks for open keys (`NotDecided` otherwise).
    """
    held = take_incident(user, incident)
    if (decision.stage, decision.status) == (held.stage, held.status):
        return None
    if decision.stage == DRAFT or (held.stage == DRAFT and decision.status in (VERIFIED, REFUTED)):
        raise StillADraft
    independent = count_independent_sources(held)
    newly = decision.status if decision.status != held.status else ""
    if not decision.reasons and (newly == REFUTED or (newly == VERIFIED and independent < SOURCES_FOR_VERIFIED)):
        raise ReasonsNeeded
    section = None
    if decision.reasons:
        if unlocked is None:
            raise NotDecided
        section = vault.keep_section({"text": decision.reasons}, DECISION, [held.institution.key_pair])
    taken = StatusDecision.objects.create(
        incident=held,
        stage_before=held.stage,
        stage=decision.stage,
        status_before=held.status,
        status=decision.status,
        independent_sources=independent,
        decided_by=user,
        section=section,
    )
    held.stage, held.status = decision.stage, decision.status
    if newly == VERIFIED and held.verified_on is None:
        held.verified_on = timezone.now().date()
    facts: dict[str, str | int] = {"stage": held.stage, "status": held.status, "sources": independent}
    note_change("status-decided", held, user, facts, "stage", "status", "verified_on")
    return taken
