"""The nightly run: once a day for each institution, in steps; killed, it goes on; missing, it says so."""

from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest

from amparo.cases.datasets import own_dataset
from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.models import Run, Signal
from amparo.warning.running import nightly
from amparo.warning.running.found_words import explain_signal
from amparo.warning.running.nightly import run_all, run_due, run_one
from amparo.warning.triggers.keeping import keep_rule, switch_rule
from tests.factories import make_incident, make_institution, make_member
from tests.warning.alerting import clock_at

pytestmark = pytest.mark.django_db
NIGHT = date(2020, 9, 2)


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def user(founded: Founded) -> User:
    return make_member(founded)


def make_wave(founded: Founded) -> None:
    """One incident every third month for four years, then nine in one month: each recorded on its day."""
    dataset = own_dataset(founded.institution)
    days = [date(2016 + number // 12, number % 12 + 1, 5) for number in range(0, 55, 3)]
    days += [date(2020, 8, 10 + number) for number in range(9)]
    for day in days:
        incident = make_incident(founded, date=day.isoformat(), acts=("threat",))
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        Incident.objects.filter(pk=incident.pk).update(dataset=dataset, created_at=at)


def test_it_works(founded: Founded, user: User) -> None:
    make_wave(founded)
    assert run_one(founded.institution, NIGHT) > 0
    signals = list(Signal.objects.filter(origin="data"))
    assert {(each.kind, each.country) for each in signals} == {("more-attacks", "COL")}
    said = [explain_signal(each) for each in signals]
    assert any("Colombia" in each and "9" in each for each in said)
    run = Run.objects.get()
    assert run.ended_at is not None
    assert (run.done, run.found) == (["missing", "series", "rules"], len(signals))
    assert run_one(founded.institution, NIGHT) == 0
    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 0


def test_a_rule_that_is_on_raises_once_and_says_why(founded: Founded, user: User) -> None:
    rule = keep_rule(user, "silence", {"days": 14, "usual": 2}, version=0)
    switch_rule(user, "silence", on=True, version=rule.version)
    for _ in range(2):
        incident = make_incident(founded)
        Incident.objects.filter(pk=incident.pk).update(created_at=datetime(2020, 8, 15, 9, tzinfo=UTC))
    assert run_one(founded.institution, NIGHT) == 1
    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 0
    signal = Signal.objects.get()
    assert (signal.origin, signal.kind) == ("rule", "silence")
    assert explain_signal(signal) == "No case was recorded for 14 days, by an institution that used to record them."


def test_a_rule_that_is_off_raises_nothing(founded: Founded, user: User) -> None:
    keep_rule(user, "silence", {"days": 14, "usual": 2}, version=0)
    for _ in range(2):
        incident = make_incident(founded)
        Incident.objects.filter(pk=incident.pk).update(created_at=datetime(2020, 8, 15, 9, tzinfo=UTC))
    assert run_one(founded.institution, NIGHT) == 0


@pytest.mark.parametrize("step", ["_notice_missing_runs", "_watch_series", "_apply_rules"])
def test_killed_at_any_step_it_goes_on_and_repeats_nothing(founded: Founded, user: User, step: str) -> None:
    make_wave(founded)
    names = {"_notice_missing_runs": "missing", "_watch_series": "series", "_apply_rules": "rules"}
    whole = {name: getattr(nightly, function) for function, name in names.items()}

    def dies_after(institution, day):  # type: ignore[no-untyped-def]
        whole[names[step]](institution, day)
        raise SystemExit

    with mock.patch.dict(nightly._STEPS, {names[step]: dies_after}), pytest.raises(SystemExit):
        run_one(founded.institution, NIGHT)
    before = Signal.objects.count()
    assert Run.objects.get().ended_at is None
    run_one(founded.institution, NIGHT)
    after = Signal.objects.count()
    assert after == Signal.objects.values("institution", "source").distinct().count()
    assert before <= after
    assert Run.objects.get().found == after


def test_a_missed_night_is_itself_a_signal(founded: Founded, user: User) -> None:
    run_one(founded.institution, NIGHT)
    assert run_one(founded.institution, NIGHT + timedelta(days=3)) == 1
    signal = Signal.objects.get()
    assert (signal.origin, signal.kind) == ("system", "missed-run")
    assert explain_signal(signal).startswith("The nightly search for signals is missing for 2 days")
    assert run_one(founded.institution, NIGHT + timedelta(days=4)) == 0


def test_a_run_that_never_ended_is_missing_too(founded: Founded, user: User) -> None:
    Run.objects.create(institution=founded.institution, day=NIGHT, began_at=datetime(2020, 9, 2, 2, tzinfo=UTC))
    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 1


def test_the_worker_runs_it_once_a_day_after_its_hour(founded: Founded, user: User) -> None:
    with clock_at(datetime(2020, 9, 2, 1, 50, tzinfo=UTC)):
        run_due()
    assert not Run.objects.exists()
    with clock_at(datetime(2020, 9, 2, 2, 1, tzinfo=UTC)):
        run_due()
        run_due()
    assert Run.objects.count() == 1


def test_an_institution_without_people_is_left_out(founded: Founded, user: User) -> None:
    make_institution()
    run_all(NIGHT)
    assert [run.institution for run in Run.objects.all()] == [founded.institution]
