"""An alert as its page shows it: calls, intervals, and everything that happened, on one line of time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from amparo.institutions.log_words import describe_action
from amparo.institutions.models import Institution, User
from amparo.institutions.names import public_name
from amparo.vault.models import LogEntry
from amparo.warning.models import Alert, Call, LevelChange, ResponseTask, Statement
from amparo.warning.procedures.doing import Checklist, find_checklist
from amparo.warning.response.acting import tasks_for
from amparo.warning.response.intervals import Interval, find_intervals
from amparo.warning.scope import alerts_for
from amparo.warning.statements.held import statements_for
from amparo.warning.watching.outside import say_outside

_MOST_ENTRIES = 200
# What every institution that reads an alert may know to have happened; beside it each sees what it did itself. That a
# statement is begun is among it, so that nobody begins a second one that contradicts it.
_TOLD_TO_ALL = frozenset(
    ("alert-opened", "alert-level-set", "alert-muted", "alert-unmuted", "alert-merged", "alert-closed")
    + ("alert-reopened", "call-made", "call-answered", "call-passed-on", "statement-begun", "statement-dropped")
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done about an alert. `who` is a user name of one's own institution, "" for others.

    `address` leads to the statement that it was done with, where the person may read it.
    """

    at: datetime
    action: str
    institution: str
    who: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a person may see of an alert. `is_ours`: her institution decides on it.

    `told` is what others read of the findings behind it; for one's own institution the signals stand instead.
    """

    alert: Alert
    is_ours: bool
    calls: tuple[Call, ...]
    to_answer: Call | None
    tasks: tuple[ResponseTask, ...]
    statements: tuple[Statement, ...]
    checklist: Checklist | None
    intervals: tuple[Interval, ...]
    history: tuple[Happened, ...]
    told: tuple[str, ...]


def find_situation(user: User, number: int) -> Situation:
    """The alert with all that its page shows, in a constant number of queries. Raises `Alert.DoesNotExist`."""
    calls = Call.objects.select_related("institution", "answered_by", "round")
    alert: Alert = (
        alerts_for(user)
        .select_related("institution", "threatened", "section", "ending", "merged_into", "review")
        .prefetch_related(
            "reasons",
            "signals",
            "advice",
            "shared_with__institution",
            Prefetch("calls", calls),
            Prefetch("level_changes", LevelChange.objects.select_related("set_by")),
        )
        .get(pk=number)
    )
    assert user.institution is not None  # noqa: S101  (a page for members only)
    is_ours = alert.institution_id == user.institution_id
    tasks = tasks_for(user).filter(alert=alert).select_related("institution", "owner", "section", "asked")
    answered = alert.answered_at.date() if alert.answered_at else None
    statements = tuple(
        statements_for(user).filter(alert=alert).select_related("institution", "public").order_by("-begun_at", "-pk")
    )
    return Situation(
        alert=alert,
        is_ours=is_ours,
        calls=tuple(alert.calls.all()),
        to_answer=_call_to_answer(alert, user),
        tasks=tuple(tasks.order_by("due_on", "pk")),
        intervals=tuple(find_intervals(alert.emerged_on, alert.detected_on, alert.opened_at.date(), answered)),
        statements=statements,
        checklist=find_checklist(alert, user.institution),
        history=_history_of(alert, user.institution, {each.pk for each in tasks}, {each.pk for each in statements}),
        told=() if is_ours else tuple(say_outside(alert.institution, alert.signals.all())),
    )


def _call_to_answer(alert: Alert, user: User) -> Call | None:
    """The call of her institution in the last round, where nobody in the chain has taken the alert up."""
    last = max((each.pk for each in alert.level_changes.all()), default=None)
    calls = [each for each in alert.calls.all() if each.round_id == last]
    if alert.state not in {"open", "muted"} or any(each.answered_at is not None for each in calls):
        return None
    return next((each for each in calls if each.institution_id == user.institution_id), None)


def _history_of(
    alert: Alert, reader: Institution, tasks: Collection[int], statements: Collection[int]
) -> tuple[Happened, ...]:
    """What was done with `alert`, newest first; names only of one's own colleagues. Three queries.

    Another institution than the alert's own reads what all may, what it did itself, and what concerns its tasks and
    statements.
    """
    logged = LogEntry.objects.filter(record=f"alert:{alert.pk}").order_by("-number")[:_MOST_ENTRIES]
    entries = [
        each
        for each in logged
        if alert.institution == reader
        or each.action in _TOLD_TO_ALL
        or each.institution == reader.code
        or each.facts.get("task") in tasks
        or each.facts.get("statement") in statements
        or "public" in each.facts
    ]
    colleagues = User.objects.filter(pk__in={each.actor for each in entries}, institution=reader)
    names = dict(colleagues.values_list("pk", "username"))
    acting = Institution.objects.filter(code__in={each.institution for each in entries})
    institutions = {each.code: public_name(each) for each in acting}
    return tuple(
        Happened(
            each.at,
            describe_action(each.action),
            institutions.get(each.institution, each.institution),
            names.get(each.actor or 0, ""),
            _address_of(each.facts, statements),
        )
        for each in entries
        if each.action != "section-opened"
    )


def _address_of(facts: Mapping[str, Any], statements: Collection[int]) -> str:
    """Where the statement of an entry is read: at the desk by who takes part, in public by others once it is issued."""
    if facts.get("statement") in statements:
        return reverse("statement", args=[facts["statement"]])
    return reverse("public-statement", args=[facts["public"]]) if "public" in facts else ""
