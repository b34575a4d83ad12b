"""Risk assessments: written once, compared with the next."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from amparo.institutions.models import User
from amparo.protection.held import note_change, take_open, write_words
from amparo.protection.models import RiskAssessment, RiskFactor, RiskGround
from amparo.protection.risk import (
    QUESTIONS,
    Answered,
    Completeness,
    has_gender_analysis,
    level_of,
    measure_completeness,
)
from amparo.vault import services as vault

ASSESSMENT = "risk-assessment"
SIDES = {
    RiskFactor.Side.THREAT: "risk-threats",
    RiskFactor.Side.VULNERABILITY: "risk-vulnerabilities",
    RiskFactor.Side.CAPACITY: "risk-capacities",
}


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """What was found. `factors` are codes by side; `words` go sealed: question → reasons, "threat:death-threats" → …"""

    assessed_on: date
    next_review_on: date
    factors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
    likelihood: int | None = None
    impact: int | None = None
    likelihood_after: int | None = None
    impact_after: int | None = None
    words: dict[str, str] = field(default_factory=dict, repr=False)


@transaction.atomic
def record_assessment(
    user: User, request: int, facts: AssessmentFacts, token: UUID, unlocked: vault.Unlocked | None
) -> RiskAssessment:
    """Write down what was found; the same `token` twice is one assessment. Raises `NotNow`, `KeysClosed`.

    The request takes over the level of its latest assessment, and a plan in force the day of the next look.
    """
    held = take_open(user, request)
    there = held.assessments.filter(token=token).first()
    if there is not None:
        return there
    completeness = measure_completeness(answered_in(facts))
    assessment = RiskAssessment.objects.create(
        request=held,
        token=token,
        assessed_by=user,
        assessed_on=facts.assessed_on,
        next_review_on=facts.next_review_on,
        **{name: facts.answers.get(name, "unknown") for name in QUESTIONS},
        likelihood=facts.likelihood,
        impact=facts.impact,
        level=level_of(facts.likelihood, facts.impact),
        likelihood_after=facts.likelihood_after,
        impact_after=facts.impact_after,
        level_after=level_of(facts.likelihood_after, facts.impact_after),
        has_gender_analysis=has_gender_analysis(facts.answers),
        answered=completeness.answered,
        asked=completeness.asked,
        section=write_words(None, facts.words, ASSESSMENT, held.institution, unlocked),
    )
    RiskFactor.objects.bulk_create(
        RiskFactor(assessment=assessment, side=side, kind=kind)
        for side, kinds in facts.factors.items()
        for kind in dict.fromkeys(kinds)
    )
    RiskGround.objects.bulk_create(
        RiskGround(assessment=assessment, ground=ground) for ground in dict.fromkeys(facts.grounds)
    )
    latest = held.assessments.last()
    if latest is not None:
        held.level = latest.level
    # An assessment that is written down later than another may have been made before it.
    held.first_assessed_on = min(filter(None, (held.first_assessed_on, facts.assessed_on)))
    if held.status == "requested":
        held.status = "assessing"
    plan = getattr(held, "plan", None)
    if plan is not None and latest == assessment:
        plan.review_on = facts.next_review_on
        plan.save(update_fields=["review_on"])
    note_change("risk-assessed", held, user, {"assessment": assessment.pk, "level": assessment.level})
    return assessment


def answered_in(facts: AssessmentFacts) -> Answered:
    """What counts for completeness of what was typed."""
    return Answered(
        threats=facts.factors.get("threat", ()),
        vulnerabilities=facts.factors.get("vulnerability", ()),
        capacities=facts.factors.get("capacity", ()),
        grounds=facts.grounds,
        answers=facts.answers,
        reasons=[name for name, text in facts.words.items() if text.strip()],
        likelihood=facts.likelihood,
        impact=facts.impact,
    )


def completeness_of(assessment: RiskAssessment, words: dict[str, object] | None) -> Completeness:
    """How complete a kept assessment is, and what is still to ask; with closed words as if there were reasons."""
    factors = list(assessment.factors.all())
    kinds = {side: [each.kind for each in factors if each.side == side] for side in SIDES}
    return measure_completeness(
        Answered(
            threats=kinds[RiskFactor.Side.THREAT],
            vulnerabilities=kinds[RiskFactor.Side.VULNERABILITY],
            capacities=kinds[RiskFactor.Side.CAPACITY],
            grounds=[each.ground for each in assessment.grounds.all()],
            answers={name: getattr(assessment, name) for name in QUESTIONS},
            reasons=("likelihood", "impact") if words is None else [name for name, said in words.items() if said],
            likelihood=assessment.likelihood,
            impact=assessment.impact,
        )
    )
