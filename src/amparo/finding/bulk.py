"""Changing many cases at once, and undoing it: each case by its own decision, each in the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from amparo.cases.desk import incidents_for
from amparo.cases.held import note_change
from amparo.cases.models import Incident, StatusDecision
from amparo.cases.response.deciding import CLOSED, DRAFT, OPEN, Decision, count_independent_sources, decide
from amparo.finding.models import BulkChange, ChangedCase
from amparo.institutions.models import User
from amparo.vault import log

# Each case is a decision of its own with its entry in the log: more would keep everybody waiting.
MOST_AT_ONCE = 1_000
VERIFY, CLOSE, REOPEN = "take-up-verification", "close", "reopen"
KINDS = (VERIFY, CLOSE, REOPEN)
UNDER_VERIFICATION = "under-verification"


class NotChanged(Exception):
    """Nothing was changed. `code` says why."""

    code = "not-changed"


class TooMany(NotChanged):
    """More cases than are changed at once."""

    code = "too-many"


class OthersFound(NotChanged):
    """Not as many cases any more as were confirmed."""

    code = "others-found"


@dataclass(frozen=True, slots=True)
class Done:
    """A bulk change that was made, and how many cases it left as they were: drafts, and those that were so already."""

    change: BulkChange
    changed: int
    left: int


@dataclass(frozen=True, slots=True)
class Undone:
    """How many cases are again as they were, and which are not, for somebody changed them since."""

    restored: int
    changed_since: tuple[int, ...]


def decision_for(kind: str, case: Incident) -> Decision | None:
    """What `kind` makes of `case`; None where it changes nothing, or may not be done in bulk."""
    if case.stage == DRAFT:
        return None
    wanted = {
        VERIFY: Decision(case.stage, UNDER_VERIFICATION),
        CLOSE: Decision(CLOSED, case.status),
        REOPEN: Decision(OPEN if case.stage == CLOSED else case.stage, case.status),
    }[kind]
    return None if (wanted.stage, wanted.status) == (case.stage, case.status) else wanted


@transaction.atomic
def change_many(user: User, kind: str, cases: QuerySet[Incident], form: str, confirmed: int) -> Done:
    """Do `kind` with all `cases`, of which `confirmed` were confirmed. The same `form` again changes nothing more.

    Raises `TooMany`, `OthersFound`, and KeyError for a kind that there is none of.
    """
    if kind not in KINDS or user.institution is None:
        raise KeyError(kind)
    before = BulkChange.objects.filter(form=form, user=user).first()
    if before is not None:
        return Done(before, before.cases.count(), 0)
    found = list(cases.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        raise TooMany
    if len(found) != confirmed:
        raise OthersFound
    held = _hold(user, found)
    change = BulkChange.objects.create(institution=user.institution, user=user, kind=kind, form=form)
    changed = []
    for case in held:
        decision = decision_for(kind, case)
        if decision is not None and decide(user, case.pk, decision, None) is not None:
            changed.append(
                ChangedCase(
                    change=change,
                    incident=case,
                    stage_before=case.stage,
                    stage=decision.stage,
                    status_before=case.status,
                    status=decision.status,
                    version=case.version + 1,
                )
            )
    ChangedCase.objects.bulk_create(changed)
    _log("cases-changed", user, change, {"action": kind, "cases": len(changed)})
    return Done(change, len(changed), len(held) - len(changed))


@transaction.atomic
def undo(user: User, change: int) -> Undone | None:
    """Take back a change of `user`'s own where nobody changed the case since; None where there is nothing to undo."""
    taken = BulkChange.objects.select_for_update().filter(pk=change, user=user, undone=False).first()
    if taken is None:
        return None
    items = {item.incident_id: item for item in taken.cases.all()}
    restored, changed_since = 0, []
    for case in _hold(user, list(items)):
        item = items[case.pk]
        if (case.version, case.stage, case.status) != (item.version, item.stage, item.status):
            changed_since.append(case.pk)
            continue
        StatusDecision.objects.create(
            incident=case,
            stage_before=case.stage,
            stage=item.stage_before,
            status_before=case.status,
            status=item.status_before,
            independent_sources=count_independent_sources(case),
            decided_by=user,
        )
        case.stage, case.status = item.stage_before, item.status_before
        note_change("status-decided", case, user, {"stage": case.stage, "status": case.status}, "stage", "status")
        restored += 1
    taken.undone = True
    taken.save(update_fields=["undone"])
    _log("change-undone", user, taken, {"cases": restored, "changed-since": len(changed_since)})
    return Undone(restored, tuple(changed_since))


def _hold(user: User, cases: Sequence[int]) -> list[Incident]:
    """All cases held at once, in one order, before the log is: two who change the same cases never wait in a ring."""
    found = incidents_for(user).filter(pk__in=cases).select_for_update(of=("self",))
    return list(found.select_related("institution").order_by("pk"))


def _log(action: str, user: User, change: BulkChange, facts: dict[str, str | int]) -> None:
    log.record(
        action, actor=user.pk, institution=change.institution.code, record=f"bulk-change:{change.pk}", facts=facts
    )
