"""The nightly run: once a day for each institution, in steps; killed, it goes on; missing, it says so."""

from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.cases.datasets import own_dataset
from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.commands import warn
from amparo.warning.models import Run, Signal
from amparo.warning.running import nightly
from amparo.warning.running.found_words import explain_others, explain_signal
from amparo.warning.running.nightly import run_all, run_due, run_one
from amparo.warning.signals.raising import check_signal
from amparo.warning.triggers.keeping import keep_rule, switch_rule
from amparo.warning.watching.grouping import each_kept
from tests.factories import make_incident, make_institution, make_member, sign_in
from tests.warning.alerting import clock_at

pytestmark = pytest.mark.django_db
NIGHT = date(2020, 9, 2)


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
    (signal,) = signals = list(Signal.objects.filter(origin="data"))
    assert (signal.kind, signal.country) == ("more-attacks", "COL")
    assert "Colombia" in explain_signal(signal)
    assert "9 incidents" in explain_signal(signal)
    assert "Colombia: 9 incidents are recorded. Usually there is one in about 3 months." in explain_others(signal)
    run = Run.objects.get()
    assert run.ended_at is not None
    assert (run.done, run.found) == (["missing", "series", "rules"], len(signals))
    assert run_one(founded.institution, NIGHT) == 0
    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 0


def add_deaths(founded: Founded, number: int) -> None:
    """Killings of the wave's month that became known after its first night, each recorded on its day."""
    for day in range(20, 20 + number):
        incident = make_incident(founded, date=f"2020-08-{day}", acts=("killing",))
        at = datetime(2020, 8, day, 9, tzinfo=UTC)
        Incident.objects.filter(pk=incident.pk).update(dataset=own_dataset(founded.institution), created_at=at)


def series_of(signal: Signal) -> set[str]:
    return {"-".join(kept["stratum"]["codes"]) for kept in each_kept(signal.facts)}


def test_a_series_that_is_unusual_a_night_later_is_put_to_the_signal(founded: Founded, user: User) -> None:
    make_wave(founded)
    run_one(founded.institution, NIGHT)
    before = Signal.objects.get()
    add_deaths(founded, 6)

    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 0

    after = Signal.objects.get()
    assert series_of(after) - series_of(before) == {"COL-attack-on-life"}
    assert (after.source, after.version) == (before.source, before.version + 1)
    assert LogEntry.objects.filter(action="signal-extended", record=f"signal:{after.pk}").count() == 1
    assert run_one(founded.institution, NIGHT + timedelta(days=2)) == 0
    assert Signal.objects.get().version == after.version


@pytest.mark.parametrize("state", ["confirmed", "not-an-event"])
def test_once_somebody_has_decided_it_is_a_signal_of_its_own(founded: Founded, user: User, state: str) -> None:
    make_wave(founded)
    run_one(founded.institution, NIGHT)
    first = Signal.objects.get()
    check_signal(user, first.pk, state, version=first.version)
    add_deaths(founded, 6)

    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 1
    assert run_one(founded.institution, NIGHT + timedelta(days=2)) == 0

    second = Signal.objects.exclude(pk=first.pk).get()
    assert series_of(second) == {"COL-attack-on-life"}
    assert second.state == "new"


def test_signals_of_before_there_were_groups_are_not_raised_again(founded: Founded, user: User) -> None:
    make_wave(founded)
    run_one(founded.institution, NIGHT)
    signal = Signal.objects.get()
    main, *others = each_kept(signal.facts)
    signal.facts = {name: value for name, value in main.items() if name != "others"}
    signal.save()
    for kept in others:
        source = ":".join(("watch", kept["month"], *kept["stratum"]["codes"]))
        Signal.objects.create(
            institution=founded.institution,
            source=source,
            facts=kept,
            origin="data",
            kind="more-attacks",
            country="COL",
            raised_at=signal.raised_at,
        )
    number = Signal.objects.count()
    assert number > 1
    assert run_one(founded.institution, NIGHT + timedelta(days=1)) == 0
    assert Signal.objects.count() == number


def test_the_page_of_a_signal_lists_all_series_of_its_group(client: Client, founded: Founded, user: User) -> None:
    make_wave(founded)
    run_one(founded.institution, NIGHT)
    signal = Signal.objects.get()
    sign_in(client, user)
    page = client.get(reverse("signal", args=[signal.pk])).content.decode()
    said = explain_others(signal)
    assert len(said) == len(series_of(signal)) - 1 > 0
    assert all(f"<li>{each}</li>" in page for each in said)


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


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "still to come"), (8, "Only the days of the last week"), (7, "0 signals"), (0, "0 signals")],
)
def test_by_hand_a_day_of_the_last_week_is_searched(user: User, days: int, words: str) -> None:
    day = timezone.now().date() - timedelta(days=days)
    told = CliRunner().invoke(warn, ["run", "--day", day.isoformat()])
    assert words in told.output
    assert Run.objects.count() == (1 if "0 signals" in words else 0)


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
