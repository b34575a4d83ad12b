"""Plans of protection: opened, their measures, looked at again, closed with what came of them."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from amparo.cases.models import Incident
from amparo.cases.money import Money
from amparo.institutions.models import User
from amparo.protection.asking import ENDING
from amparo.protection.desk import OPEN_MEASURES, today
from amparo.protection.held import (
    ChangedMeanwhile,
    NotNow,
    check_owner,
    note_change,
    take_open,
    write_words,
)
from amparo.protection.models import Measure, PlanReview, ProtectionPlan, ProtectionRequest
from amparo.vault import services as vault

MEASURE, REVIEW = "protection-measure", "plan-review"


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure: codes, who does it by when, what it costs; `what` and `obstacle` go sealed."""

    kind: str
    due_on: date
    for_whom: str = "person"
    agreed: str = "unknown"
    status: str = "pending"
    owner: User | None = None
    cost: Money | None = None
    what: str = field(default="", repr=False)
    obstacle: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ending:
    """How protection ended: a code of protection-outcomes, whether she was attacked again, and lessons, sealed."""

    outcome: str
    attacked_again: str
    attacked_in: Incident | None
    lessons: str = field(repr=False)


@transaction.atomic
def open_plan(user: User, request: int, owner: User, review_on: date) -> ProtectionPlan:
    """Open the plan of a request, or set its owner and the day of its next look. Raises `NotNow`, `NotOurs`."""
    held = take_open(user, request)
    check_owner(owner, held.institution)
    plan, made = ProtectionPlan.objects.get_or_create(
        request=held, defaults={"opened_on": today(), "review_on": review_on}
    )
    held.owner = owner
    if made:
        held.status = "in-force"
    elif plan.review_on != review_on:
        plan.review_on, plan.told_on = review_on, None
        plan.save(update_fields=["review_on", "told_on"])
    note_change("plan-opened" if made else "plan-changed", held, user, {"owner": owner.pk})
    return plan


@transaction.atomic
def add_measure(user: User, request: int, facts: MeasureFacts, token: UUID, unlocked: vault.Unlocked | None) -> Measure:
    """Add a measure to the plan; the same `token` twice is one. Raises `NotNow` without a plan, and more."""
    held, plan = _plan_of(user, request)
    there = plan.measures.filter(token=token).first()
    if there is not None:
        return there
    check_owner(facts.owner, held.institution)
    measure = Measure(plan=plan, token=token)
    _set(measure, facts, held, unlocked)
    measure.save()
    note_change("measure-added", held, user, {"measure": measure.pk, "kind": measure.kind})
    return measure


@transaction.atomic
def change_measure(
    user: User, request: int, measure: int, version: int, facts: MeasureFacts, unlocked: vault.Unlocked | None
) -> Measure:
    """Change a measure. Raises `ChangedMeanwhile`, `NotNow`, `NotOurs`, `KeysClosed`, `Measure.DoesNotExist`."""
    held, plan = _plan_of(user, request)
    found = plan.measures.select_for_update(of=("self",)).select_related("section").get(pk=measure)
    if found.version != version:
        raise ChangedMeanwhile
    check_owner(facts.owner, held.institution)
    before = found.status
    _set(found, facts, held, unlocked)
    found.version += 1
    found.save()
    note_change("measure-changed", held, user, {"measure": found.pk, "before": before, "status": found.status})
    return found


@transaction.atomic
def set_measure_status(user: User, request: int, measure: int, version: int, status: str) -> bool:
    """Tick a measure off, or begin it, with no word said; whether anything changed: two who tick the same agree.

    Raises `ChangedMeanwhile` where somebody left it in another state meanwhile, `NotNow`, `Measure.DoesNotExist`.
    """
    held, plan = _plan_of(user, request)
    found = plan.measures.select_for_update(of=("self",)).get(pk=measure)
    if found.status == status:
        return False
    if found.version != version:
        raise ChangedMeanwhile
    before = found.status
    _set_status(found, status)
    found.version += 1
    found.save()
    note_change("measure-changed", held, user, {"measure": found.pk, "before": before, "status": status})
    return True


@transaction.atomic
def review_plan(
    user: User,
    request: int,
    decision: str,
    next_review_on: date,
    words: str,
    token: UUID,
    unlocked: vault.Unlocked | None,
) -> PlanReview:
    """Write down that the plan was looked at again; the same `token` twice is one review. Raises `NotNow` and more."""
    held, plan = _plan_of(user, request)
    there = plan.reviews.filter(token=token).first()
    if there is not None:
        return there
    review = PlanReview.objects.create(
        plan=plan,
        token=token,
        reviewed_on=today(),
        reviewed_by=user,
        decision=decision,
        next_review_on=next_review_on,
        section=write_words(None, {"reasons": words}, REVIEW, held.institution, unlocked),
    )
    plan.review_on, plan.told_on = next_review_on, None
    plan.save(update_fields=["review_on", "told_on"])
    held.status = "reviewed"
    note_change("plan-reviewed", held, user, {"decision": decision})
    return review


@transaction.atomic
def close_request(
    user: User, request: int, version: int, ending: Ending, unlocked: vault.Unlocked | None
) -> ProtectionRequest:
    """Close a request that had a plan, with its outcome. Raises `NotNow`, `ChangedMeanwhile`, `KeysClosed`."""
    held = take_open(user, request, version=version)
    if not ProtectionPlan.objects.filter(request=held).exists():
        raise NotNow
    held.ending = write_words(held.ending, {"lessons": ending.lessons}, ENDING, held.institution, unlocked)
    held.status, held.outcome, held.closed_on = "closed", ending.outcome, today()
    held.attacked_again, held.attacked_in = ending.attacked_again, ending.attacked_in
    note_change("protection-closed", held, user, {"outcome": ending.outcome, "attacked-again": ending.attacked_again})
    return held


def _plan_of(user: User, request: int) -> tuple[ProtectionRequest, ProtectionPlan]:
    """The request, held, and its plan. Raises `NotNow` where there is none, or it ended."""
    held = take_open(user, request)
    plan = ProtectionPlan.objects.filter(request=held).first()
    if plan is None:
        raise NotNow
    return held, plan


def _set(measure: Measure, facts: MeasureFacts, held: ProtectionRequest, unlocked: vault.Unlocked | None) -> None:
    if measure.due_on != facts.due_on or measure.owner != facts.owner:
        measure.told_on = None
    measure.kind, measure.for_whom, measure.agreed = facts.kind, facts.for_whom, facts.agreed
    measure.owner, measure.due_on = facts.owner, facts.due_on
    measure.cost = facts.cost.amount if facts.cost else None
    measure.currency = facts.cost.currency if facts.cost else ""
    _set_status(measure, facts.status)
    words = {"what": facts.what, "obstacle": facts.obstacle}
    measure.section = write_words(measure.section, words, MEASURE, held.institution, unlocked)


def _set_status(measure: Measure, status: str) -> None:
    if status in OPEN_MEASURES:
        measure.ended_on = None
    elif measure.status != status or measure.ended_on is None:
        measure.ended_on = today()
    measure.status = status
