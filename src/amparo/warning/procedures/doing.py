"""The procedure of an alert's level as a list to tick off: by the institution that reads it, each for itself."""

from dataclasses import dataclass

from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.warning.held import ChangedMeanwhile, NotNow, log_step
from amparo.warning.models import Alert, StepDone
from amparo.warning.procedures.keeping import Step, procedures_of
from amparo.warning.procedures.shipped import SHIPPED, find_round
from amparo.warning.scope import alerts_for
from amparo.warning.times import this_quarter


@dataclass(frozen=True, slots=True)
class ToDo:
    """A step of an alert's level, and when and by whom it was done, if it was."""

    step: Step
    done: StepDone | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of an alert's level for one institution. `round` is the level change in which they began."""

    round: int
    steps: tuple[ToDo, ...]

    @property
    def number_done(self) -> int:
        return sum(1 for each in self.steps if each.done is not None)


def find_checklist(alert: Alert, institution: Institution) -> Checklist | None:
    """What `institution` does at the level of `alert`, with what is done. Two queries, and the level changes.

    A step that was hidden after it was done is there still. None where the alert has no level.
    """
    round_ = _round_of(alert)
    if round_ is None or alert.level not in SHIPPED:
        return None
    steps = procedures_of(institution, [alert.level])[alert.level]
    rows = StepDone.objects.filter(round=round_, institution=institution).select_related("done_by")
    done = {row.key: row for row in rows}
    return Checklist(
        round_, tuple(ToDo(each, done.get(each.key)) for each in steps if not each.is_hidden or each.key in done)
    )


@transaction.atomic
def tick_step(user: User, alert: int, key: str, *, round_: int, done: bool) -> None:
    """Note that a step was done, or take that back. Twice is once, and the first stands.

    Raises `Alert.DoesNotExist`, `NotNow` where the alert is closed or has no such step, `ChangedMeanwhile` where its
    level was set anew since the list was read.
    """
    assert user.institution is not None  # noqa: S101  (a page for members only)
    held = alerts_for(user).select_for_update(of=("self",)).select_related("institution").get(pk=alert)
    found = find_checklist(held, user.institution)
    if held.state not in {"open", "muted"} or found is None or key not in {each.step.key for each in found.steps}:
        raise NotNow
    if found.round != round_:
        raise ChangedMeanwhile
    there = StepDone.objects.filter(round=round_, institution=user.institution, key=key)
    if done == there.exists():
        return
    if done:
        StepDone.objects.create(
            round_id=round_, institution=user.institution, key=key, done_at=this_quarter(), done_by=user
        )
    else:
        there.delete()
    log_step("step-done" if done else "step-not-done", held, user, {"step": key, "level": held.level}, user.institution)


def _round_of(alert: Alert) -> int | None:
    changes = sorted((each.pk, each.level) for each in alert.level_changes.all())
    return find_round(changes)
