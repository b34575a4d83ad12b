"""What institutions do about an alert: who reads it, their tasks, and the approval of whom they are done for.

Each step in one transaction, and in the log. A task belongs to the institution that does it; the alert's own
institution and that one may see it, and the threatened NHRI, which approves what is done for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from amparo.institutions.models import Institution, User
from amparo.notices.kinds import RESPONSE_DUE
from amparo.notices.services import tell
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.warning.held import AlertError, ChangedMeanwhile, IsDrill, NotNow, log_step, note_change, take_alert
from amparo.warning.models import Alert, ResponseTask, SharedWith
from amparo.warning.scope import alerts_for
from amparo.warning.times import this_quarter

SECTION = "response-task"
OPEN_TASKS = ("pending", "in-progress")


class NotApproved(AlertError):
    """What is done for a threatened institution waits for its approval."""

    code = "not-approved"


class NotInIt(AlertError):
    """The institution has no part in the alert: share it first."""

    code = "not-in-it"


@dataclass(frozen=True, slots=True)
class Plan:
    """A task as somebody plans it: codes and days, and words that go sealed to whoever does it and whoever approves."""

    kind: str
    due_on: date
    institution: Institution
    owner: User | None = None
    coordination: str = "intended"
    priority: str = "normal"
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: UUID = field(default_factory=uuid4)


@transaction.atomic
def share_alert(user: User, alert: int, with_: Institution) -> SharedWith:
    """Let `with_` read the codes of an alert and work on it. Twice is once. What is sealed needs a consent besides.

    Raises `Alert.DoesNotExist`, `NotNow`, `IsDrill`.
    """
    held = take_alert(user, alert)
    if held.is_drill:
        raise IsDrill
    shared, is_new = SharedWith.objects.get_or_create(
        alert=held, institution=with_, defaults={"shared_at": this_quarter(), "shared_by": user}
    )
    if is_new:
        tell(with_, RESPONSE_DUE)
        note_change("alert-shared", held, user, {"with": with_.code})
    return shared


@transaction.atomic
def stop_sharing(user: User, alert: int, with_: Institution) -> None:
    """Let `with_` read the alert no more, unless it was called about it; what it does stays in its own tasks."""
    held = take_alert(user, alert, open_only=False)
    number, _each = SharedWith.objects.filter(alert=held, institution=with_).delete()
    if number:
        note_change("alert-not-shared", held, user, {"with": with_.code})


def institutions_in(alert: Alert) -> QuerySet[Institution]:
    """The institutions that may read `alert`: its own, the threatened one, those called and those it is shared with."""
    ours = Q(pk__in=[alert.institution_id, alert.threatened_id]) | Q(calls__alert=alert) | Q(alerts_shared__alert=alert)
    return Institution.objects.filter(ours).distinct().order_by("pk")


def require_approval(alert: Alert) -> None:
    """Let what others plan wait for the institution that `alert` threatens. Part of the caller's transaction."""
    if alert.threatened is not None:
        others = alert.tasks.filter(status__in=OPEN_TASKS, needs_approval=False).exclude(institution=alert.threatened)
        others.update(needs_approval=True, version=F("version") + 1)


def tasks_for(user: User) -> QuerySet[ResponseTask]:
    """The tasks that `user`'s institution may see: its own, those of its alerts, those done for it."""
    mine = user.institution_id
    return ResponseTask.objects.filter(
        Q(institution=mine) | Q(alert__institution=mine) | Q(alert__threatened=mine, needs_approval=True)
    )


def section_for(reader: Institution, task: ResponseTask, threatened: int | None) -> Section | None:
    """The words of `task` in the copy that `reader` may open: its own, or what the NHRI `threatened` approves."""
    if reader.pk == threatened and reader.pk != task.institution_id:
        return task.asked
    return task.section


def open_tasks(user: User) -> QuerySet[ResponseTask]:
    """What `user`'s institution has still to do about alerts that are open, by the day it is due."""
    ours = ResponseTask.objects.filter(institution=user.institution_id, status__in=OPEN_TASKS)
    return (
        ours.filter(alert__state__in=("open", "muted"))
        .select_related("alert", "institution", "owner", "section")
        .order_by("due_on", "pk")
    )


@transaction.atomic
def plan_task(user: User, alert: int, plan: Plan) -> ResponseTask:
    """Plan a task of an alert that `user`'s institution may read. Sent twice it is one.

    What another institution than the threatened NHRI plans for it waits for its approval. Raises `Alert.DoesNotExist`,
    `NotNow` where the alert is closed, `NotInIt` where the task's institution may not read the alert.
    """
    assert user.institution is not None  # noqa: S101  (a page for members only)
    held = alerts_for(user).select_for_update(of=("self",)).select_related("threatened").get(pk=alert)
    if (found := ResponseTask.objects.filter(token=plan.token, alert=held).first()) is not None:
        return found
    if held.state not in {"open", "muted"}:
        raise NotNow
    if not institutions_in(held).filter(pk=plan.institution.pk).exists():
        raise NotInIt
    owner = plan.owner if plan.owner is not None and plan.owner.institution_id == plan.institution.pk else None
    said = {name: text.strip() for name, text in plan.words.items() if text.strip()}
    approves = None if held.threatened == plan.institution else held.threatened
    task = ResponseTask.objects.create(
        alert=held,
        institution=plan.institution,
        owner=owner,
        made_by=user,
        token=plan.token,
        kind=plan.kind,
        coordination=plan.coordination,
        priority=plan.priority,
        due_on=plan.due_on,
        needs_approval=approves is not None,
        section=vault.keep_section(said, SECTION, [plan.institution.key_pair]) if said else None,
        # A section has one owner: each of the two keeps a copy of its own.
        asked=vault.keep_section(said, SECTION, [approves.key_pair]) if said and approves is not None else None,
    )
    if plan.institution != user.institution:
        tell(plan.institution, RESPONSE_DUE)
    if approves is not None:
        tell(approves, RESPONSE_DUE)
    log_step("response-task-planned", held, user, {"task": task.pk, "kind": plan.kind}, user.institution)
    return task


@transaction.atomic
def approve_task(user: User, task: int, *, approved: bool, version: int) -> ResponseTask:
    """Approve what is done for one's own threatened institution, or refuse it; either can be said anew.

    Raises `ResponseTask.DoesNotExist` for another's, `ChangedMeanwhile`, `NotNow` for one that is done.
    """
    held = _take_task(ResponseTask.objects.filter(alert__threatened=user.institution_id), task, version)
    if held.status not in OPEN_TASKS or not held.needs_approval:
        raise NotNow
    now = this_quarter()
    held.approved_at, held.refused_at = (now, None) if approved else (None, now)
    held.approved_by = user
    tell(held.institution, RESPONSE_DUE)
    _note_task("response-task-approved" if approved else "response-task-refused", held, user)
    return held


@transaction.atomic
def change_task(user: User, task: int, status: str, *, version: int, day: date | None = None) -> ResponseTask:
    """Say how far a task of one's own institution has come. The first that is done answers the alert.

    Raises `ResponseTask.DoesNotExist`, `ChangedMeanwhile`, `NotApproved`.
    """
    held = _take_task(ResponseTask.objects.filter(institution=user.institution_id), task, version)
    if held.needs_approval and held.approved_at is None and status in {"in-progress", "done"}:
        raise NotApproved
    now = this_quarter()
    held.status = status
    held.ended_on = None if status in OPEN_TASKS else day or now.date()
    if status == "done":
        Alert.objects.filter(pk=held.alert_id, answered_at=None).update(answered_at=now)
    _note_task("response-task-changed", held, user, {"status": status})
    return held


@transaction.atomic
def hand_task(user: User, task: int, owner: User | None, due_on: date, *, version: int) -> ResponseTask:
    """Give a task of one's own institution to a colleague, or another day. Raises as `change_task`, and `NotInIt`."""
    held = _take_task(ResponseTask.objects.filter(institution=user.institution_id), task, version)
    if owner is not None and owner.institution_id != held.institution_id:
        raise NotInIt
    held.owner, held.due_on, held.told_on = owner, due_on, None
    _note_task("response-task-changed", held, user)
    return held


def tell_due_tasks() -> int:
    """Tell owners of tasks that are due today or overdue and were not told today. For the worker; gives how many."""
    today = this_quarter().date()
    waiting = ResponseTask.objects.filter(
        Q(told_on=None) | Q(told_on__lt=today),
        status__in=OPEN_TASKS,
        due_on__lte=today,
        alert__state__in=("open", "muted"),
    )
    institutions = Institution.objects.filter(response_tasks__in=waiting).distinct().order_by("pk")
    return sum(_tell_due(each, waiting, today) for each in institutions)


@transaction.atomic
def _tell_due(institution: Institution, waiting: QuerySet[ResponseTask], today: date) -> int:
    tasks = list(waiting.filter(institution=institution).select_for_update(of=("self",)).order_by("pk"))
    owners = {each.owner_id for each in tasks}
    # What has no owner is everybody's.
    only = None if None in owners else [owner for owner in owners if owner is not None]
    ResponseTask.objects.filter(pk__in=[each.pk for each in tasks]).update(told_on=today)
    tell(institution, RESPONSE_DUE, only=only)
    log.record("response-due", institution=institution.code, facts={"tasks": len(tasks)})
    return len(tasks)


def _take_task(tasks: QuerySet[ResponseTask], task: int, version: int) -> ResponseTask:
    held: ResponseTask = (
        tasks.select_for_update(of=("self",)).select_related("alert__institution", "institution").get(pk=task)
    )
    if held.version != version:
        raise ChangedMeanwhile
    if held.alert.state not in {"open", "muted"}:
        raise NotNow
    return held


def _note_task(action: str, task: ResponseTask, user: User, facts: Mapping[str, str | int] | None = None) -> None:
    task.version += 1
    task.save()
    log_step(action, task.alert, user, {"task": task.pk} | dict(facts or {}), user.institution)
