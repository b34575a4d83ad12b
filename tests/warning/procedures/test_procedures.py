"""The standard procedure: shipped, set by an institution for itself, put back; and ticked off on an alert."""

from uuid import uuid4

import pytest

from amparo.institutions.models import User
from amparo.vault.models import LogEntry
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.warning.alerts.deadlines import LEVELS
from amparo.warning.alerts.deciding import close, set_level
from amparo.warning.held import ChangedMeanwhile, NotNow
from amparo.warning.models import Alert, ProcedureStep, StepDone
from amparo.warning.procedures.doing import Checklist, find_checklist, tick_step
from amparo.warning.procedures.keeping import (
    NotAStep,
    add_step,
    hide_step,
    move_step,
    procedures_of,
    restore_steps,
)
from amparo.warning.procedures.shipped import SHIPPED, find_round
from amparo.warning.response.acting import share_alert
from tests.factories import make_institution, make_member
from tests.warning.alerting import make_alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_member(make_institution())


def shown(user: User, level: str) -> list[str]:
    assert user.institution is not None
    return [each.code or each.words for each in procedures_of(user.institution)[level] if not each.is_hidden]


def listed(alert: Alert, user: User) -> Checklist:
    assert user.institution is not None
    found = find_checklist(Alert.objects.get(pk=alert.pk), user.institution)
    assert found is not None
    return found


def done(alert: Alert, user: User) -> set[str]:
    return {each.step.key for each in listed(alert, user).steps if each.done is not None}


def test_it_works(user: User) -> None:
    alert = make_alert(user, "emergency")
    checklist = listed(alert, user)
    assert [each.step.key for each in checklist.steps] == list(SHIPPED["emergency"])
    for _ in range(2):
        tick_step(user, alert.pk, "reach-now", round_=checklist.round, done=True)
    assert done(alert, user) == {"reach-now"}
    (row,) = StepDone.objects.all()
    assert (row.done_by, row.done_at.minute % 15) == (user, 0)
    tick_step(user, alert.pk, "reach-now", round_=checklist.round, done=False)
    assert done(alert, user) == set()
    actions = LogEntry.objects.filter(record=f"alert:{alert.pk}").order_by("number").values_list("action", flat=True)
    assert list(actions)[-2:] == ["step-done", "step-not-done"]


def test_what_is_shipped_has_words_and_fits_the_levels() -> None:
    assert tuple(SHIPPED) == LEVELS
    terms = set(get_vocabulary("alert-steps").terms)
    assert {code for codes in SHIPPED.values() for code in codes} == terms - {"unknown"}


def test_an_institution_sets_its_own_and_others_keep_theirs(user: User) -> None:
    other = make_member(make_institution())
    token = uuid4()
    for _ in range(2):
        add_step(user, "watch", "  Ask the invented   district office ", token)
    hide_step(user, "watch", "second-source", hidden=True)
    move_step(user, "watch", "weekly-look", up=True)
    assert shown(user, "watch") == ["take-up", "weekly-look", "who-is-exposed", "Ask the invented district office"]
    assert shown(other, "watch") == list(SHIPPED["watch"])
    assert shown(user, "warning") == list(SHIPPED["warning"])


def test_moved_past_the_ends_nothing_moves(user: User) -> None:
    move_step(user, "watch", "take-up", up=True)
    move_step(user, "watch", "weekly-look", up=False)
    move_step(user, "watch", "no-such-step", up=False)
    assert shown(user, "watch") == list(SHIPPED["watch"])


def test_a_step_moves_past_one_that_is_left_out(user: User) -> None:
    hide_step(user, "watch", "second-source", hidden=True)
    move_step(user, "watch", "who-is-exposed", up=True)
    assert shown(user, "watch") == ["who-is-exposed", "take-up", "weekly-look"]


def test_the_shipped_steps_come_back_and_own_ones_can_be_put_back(user: User) -> None:
    own = add_step(user, "watch", "Ask the invented district office", uuid4())
    hide_step(user, "watch", "take-up", hidden=True)
    move_step(user, "watch", "weekly-look", up=True)
    restore_steps(user, "watch")
    assert shown(user, "watch") == list(SHIPPED["watch"])
    hide_step(user, "watch", f"own-{own.pk}", hidden=False)
    assert shown(user, "watch")[-1] == own.words


@pytest.mark.parametrize(
    ("words", "code"),
    [(" … ", "no-step"), ("x" * 301, "step-too-long"), ("Ring +1 555 010 0199 9", "step-has-contact")],
)
def test_words_that_are_no_step_are_told(words: str, code: str, user: User) -> None:
    with pytest.raises(NotAStep) as refused:
        add_step(user, "watch", words, uuid4())
    assert refused.value.code == code


def test_a_graver_level_shows_its_steps_anew(user: User) -> None:
    alert = make_alert(user, "watch")
    tick_step(user, alert.pk, "take-up", round_=listed(alert, user).round, done=True)
    stale = listed(alert, user).round
    alert.refresh_from_db()
    set_level(user, alert.pk, "emergency", ["repeated"], version=alert.version)
    assert done(alert, user) == set()
    with pytest.raises(ChangedMeanwhile):
        tick_step(user, alert.pk, "take-up", round_=stale, done=True)
    tick_step(user, alert.pk, "take-up", round_=listed(alert, user).round, done=True)
    alert.refresh_from_db()
    set_level(user, alert.pk, "watch", ["repeated"], version=alert.version)
    assert done(alert, user) == {"take-up"}
    assert listed(alert, user).round == stale


@pytest.mark.parametrize(
    ("levels", "began"),
    [
        ((), None),
        (("watch",), 1),
        (("watch", "watch"), 1),
        (("watch", "emergency"), 2),
        (("emergency", "watch"), 2),
        (("emergency", "watch", "emergency"), 3),
        (("watch", "emergency", "watch"), 1),
        (("watch", "emergency", "watch", "warning", "emergency", "emergency"), 5),
    ],
)
def test_where_the_steps_of_a_level_begin(levels: tuple[str, ...], began: int | None) -> None:
    assert find_round(enumerate(levels, 1)) == began


def test_what_was_done_and_then_left_out_stays_readable(user: User) -> None:
    alert = make_alert(user, "watch")
    tick_step(user, alert.pk, "take-up", round_=listed(alert, user).round, done=True)
    for key in ("take-up", "weekly-look"):
        hide_step(user, "watch", key, hidden=True)
    assert [each.step.key for each in listed(alert, user).steps] == ["take-up", "second-source", "who-is-exposed"]


def test_each_institution_ticks_off_its_own(user: User) -> None:
    other = make_member(make_institution("invented-network", "network"))
    alert = make_alert(user)
    with pytest.raises(Alert.DoesNotExist):
        tick_step(other, alert.pk, "take-up", round_=listed(alert, user).round, done=True)
    share_alert(user, alert.pk, other.institution)  # type: ignore[arg-type]
    tick_step(other, alert.pk, "take-up", round_=listed(alert, user).round, done=True)
    assert (done(alert, user), done(alert, other)) == (set(), {"take-up"})


def test_a_closed_alert_and_a_step_that_is_none_are_refused(user: User) -> None:
    alert = make_alert(user)
    round_ = listed(alert, user).round
    with pytest.raises(NotNow):
        tick_step(user, alert.pk, "weekly-look", round_=round_, done=True)
    alert.refresh_from_db()
    close(user, alert.pk, "harm-averted", {}, version=alert.version)
    with pytest.raises(NotNow):
        tick_step(user, alert.pk, "take-up", round_=round_, done=True)


def test_the_log_has_no_words_of_a_step(user: User) -> None:
    add_step(user, "watch", "Ask the invented Quorvelian office", uuid4())
    assert ProcedureStep.objects.filter(words__contains="Quorvelian").exists()
    assert "Quorvelian" not in str(list(LogEntry.objects.values()))
