"""An attack on what others read of an alert: with GANHRI's pages and the releases, nobody tells a small count.

The attacker reads every page that GANHRI has, takes each number that a sentence of it tells, adds all that was released
of the dataset, and looks by linear programming for what each count by area and month can still be.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from scipy.optimize import linprog

from amparo.cases.datasets import own_dataset
from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.statistics.models import Release
from amparo.statistics.published import published_sets
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery, open_release
from amparo.statistics.services import publish_release
from amparo.warning.alerts import situation
from amparo.warning.alerts.deciding import Opening, open_alert
from amparo.warning.models import Alert, Signal
from amparo.warning.response.acting import share_alert
from amparo.warning.running.found_words import read_finding
from amparo.warning.running.nightly import run_one
from amparo.warning.signals.raising import check_signal
from amparo.warning.watching.explaining import explain
from amparo.warning.watching.grouping import each_kept
from amparo.warning.watching.outside import told_of_dataset
from tests.factories import make_incident, sign_in
from tests.warning.alerting import clock_at, make_chain

pytestmark = pytest.mark.django_db
AREAS = {"CO-ANT": "Antioquia", "CO-CAU": "Cauca", "CO-CHO": "Chocó"}
SMALL = 5
NIGHT = date(2020, 9, 2)
_TOLD = re.compile(
    r"Colombia(?:, (?P<part>[^,:]+))?, (?P<month>\w{3} \d{4}): "
    r"(?:(?P<number>\d+) incidents? (?:is|are) recorded|between (?P<low>\d+) and (?P<high>\d+) incidents)"
)
# Incidents of 2020 by area and month: everything before August is as usual, then a wave.
USUAL = [("CO-ANT", 2), ("CO-CAU", 5), ("CO-CHO", 4), ("CO-ANT", 6)]
WAVE = {"CO-ANT": 9, "CO-CAU": 4}


@dataclass
class World:
    """What there is, and who looks at it from outside."""

    chain: dict[str, Founded]
    user: User
    truth: dict[tuple[str, int], int] = field(default_factory=dict)

    def document(self, area: str, month: int, number: int) -> None:
        for day in range(number):
            when = date(2020, month, 3 + day)
            self._record(when, area)
            self.truth[area, month] = self.truth.get((area, month), 0) + 1

    def _record(self, when: date, area: str) -> None:
        dataset = own_dataset(self.chain["nhri"].institution)
        incident = make_incident(self.chain["nhri"], date=when.isoformat(), acts=("threat",), area=area)
        at = datetime(when.year, when.month, when.day, 9, tzinfo=UTC)
        Incident.objects.filter(pk=incident.pk).update(dataset=dataset, created_at=at)

    def document_the_past(self) -> None:
        for number in range(0, 48, 3):
            self._record(date(2016 + number // 12, number % 12 + 1, 5), "CO-CAU")


@pytest.fixture(autouse=True)
def fewer_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release holds the tables by what the attack reads, and by what ties those."""
    kept = {"country", "area", "year", "calendar_month", "act_group", "sex"}
    sets = tuple(each for each in published_sets() if kept.issuperset(each))
    monkeypatch.setattr("amparo.statistics.family.published_sets", lambda: sets)


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> World:
    settings.DATA_DIR = tmp_path
    chain = make_chain()
    world = World(chain, chain["nhri"].institution.members.get())
    world.document_the_past()
    for area, month in USUAL:
        world.document(area, month, 1)
    for area, number in WAVE.items():
        world.document(area, 8, number)
    return world


def release(world: World) -> Release:
    with clock_at(datetime(2020, 9, 1, 12, tzinfo=UTC)):
        return publish_release("Invented release", datasets=[own_dataset(world.chain["nhri"].institution).code])


def call_ganhri(world: World) -> list[Alert]:
    """Each finding of the night becomes an alert that is shared with GANHRI."""
    with clock_at(datetime(2020, 9, 2, 3, tzinfo=UTC)):
        run_one(world.chain["nhri"].institution, NIGHT)
        alerts = []
        for signal in Signal.objects.filter(origin="data"):
            check_signal(world.user, signal.pk, "confirmed", version=signal.version)
            alerts.append(open_alert(world.user, signal.pk, Opening("watch", ("repeated",))))
            share_alert(world.user, alerts[-1].pk, world.chain["ganhri"].institution)
    return alerts


def read_all_pages(client: Client, world: World, alerts: list[Alert]) -> str:
    """Everything that somebody of GANHRI sees, as text."""
    sign_in(client, world.chain["ganhri"].institution.members.get())
    names = ("warning", "alerts", "signals", "duty", "rota", "drills", "alert-record", "backtest", "forecast", "media")
    addresses = [reverse(name) for name in names] + [reverse("alert", args=[each.pk]) for each in alerts]
    addresses += [reverse("signal", args=[each.pk]) for each in Signal.objects.all()]
    pages = [client.get(each) for each in addresses]
    return unescape(" ".join(page.content.decode() for page in pages if page.status_code == 200))


@dataclass
class Attack:
    """The counts by area and month of 2020 as unknowns, and all that is known of their sums."""

    cells: list[tuple[str, int]] = field(default_factory=lambda: [(area, m) for area in AREAS for m in range(1, 13)])
    rows: list[np.ndarray] = field(default_factory=list)
    bounds: list[tuple[int, int]] = field(default_factory=list)

    def learn(self, holds: Callable[[tuple[str, int]], bool], low: int, high: int) -> None:
        self.rows.append(np.array([float(holds(each)) for each in self.cells]))
        self.bounds.append((low, high))

    def read_release(self, code: str, opened_of: Release) -> None:
        opened, colombia = open_release(opened_of), {"country": "COL"}
        for month in range(1, 13):
            at = {"calendar_month": f"2020-{month:02}"}
            self._learn_value(opened, TableQuery(code, "incidents", where=at), lambda each, m=month: each[1] == m)
        year = TableQuery(code, "incidents", where=colombia | {"year": "2020"})
        self._learn_value(opened, year, lambda each: True)
        for area in AREAS:
            there = TableQuery(code, "incidents", where={**year.where, "area": area})
            self._learn_value(opened, there, lambda each, a=area: each[0] == a)

    def _learn_value(self, opened: OpenRelease, query: TableQuery, holds: Callable[[tuple[str, int]], bool]) -> None:
        with suppress(NotPublished):
            value = opened.read(query).total
            if value is not None:
                self.learn(holds, value, value)

    def read_pages(self, text: str) -> None:
        names = {name: area for area, name in AREAS.items()}
        for each in _TOLD.finditer(text):
            month = datetime.strptime(each["month"], "%b %Y").replace(tzinfo=UTC)
            if month.year != 2020 or (each["part"] and each["part"] not in names):
                continue
            area = names.get(each["part"] or "")
            low, high = (int(each["number"] or each["low"]), int(each["number"] or each["high"]))
            self.learn(lambda c, a=area, m=month.month: c[1] == m and a in (None, c[0]), low, high)

    def told(self, truth: dict[tuple[str, int], int]) -> Iterator[tuple[str, int]]:
        """The small counts of which only one number is possible."""
        matrix = np.array(self.rows)
        low, high = np.array(self.bounds).T
        for place, cell in enumerate(self.cells):
            if not 0 < truth.get(cell, 0) < SMALL:
                continue
            aim = np.zeros(len(self.cells))
            aim[place] = 1
            sums = np.vstack([matrix, -matrix]), np.concatenate([high, -low])
            least, most = (linprog(sign * aim, *sums, bounds=(0, None)) for sign in (1, -1))
            assert least.success
            assert most.success
            if np.ceil(least.fun - 1e-6) == np.floor(-most.fun + 1e-6):
                yield cell


def attack(
    client: Client, world: World, alerts: list[Alert], releases: list[Release], kept: str = ""
) -> set[tuple[str, int]]:
    attacking = Attack()
    attacking.learn(lambda each: True, 0, 10**6)
    for each in releases:
        attacking.read_release(own_dataset(world.chain["nhri"].institution).code, each)
    attacking.read_pages(kept + read_all_pages(client, world, alerts))
    return set(attacking.told(world.truth))


def switch_control_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others read of a finding what its own institution reads."""

    def say_all(_whose: object, signals: Iterable[Signal]) -> list[str]:
        kept = [facts for each in signals for facts in each_kept(each.facts)]
        return [explain(finding) for finding in map(read_finding, kept) if finding is not None]

    monkeypatch.setattr(situation, "say_outside", say_all)


@pytest.mark.parametrize("is_released", [True, False])
def test_nobody_tells_a_small_count(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, *, is_released: bool
) -> None:
    releases = [release(world)] if is_released else []
    alerts = call_ganhri(world)
    assert alerts

    assert attack(client, world, alerts, releases) == set()

    switch_control_off(monkeypatch)
    assert attack(client, world, alerts, releases) == {("CO-CAU", 8)}


def test_a_release_that_comes_after_the_alert_is_read_beside_what_it_told(client: Client, world: World) -> None:
    alerts = call_ganhri(world)
    kept = read_all_pages(client, world, alerts)
    assert {each["number"] for each in _TOLD.finditer(kept)} >= {"13"}
    code = own_dataset(world.chain["nhri"].institution).code
    with clock_at(datetime(2020, 9, 3, tzinfo=UTC)):
        assert told_of_dataset(code)[("calendar_month", "country"), ("2020-08", "COL")] == (13, 13)

    later = release(world)
    assert "13" not in {each["number"] for each in _TOLD.finditer(read_all_pages(client, world, alerts))}
    assert attack(client, world, alerts, [later]) == set()
    assert attack(client, world, alerts, [later], kept) == set()


def test_no_page_of_others_names_a_place(client: Client, world: World) -> None:
    alerts = call_ganhri(world)
    Alert.objects.update(area="CO-CAU")
    text = read_all_pages(client, world, alerts)
    sentences = [each.group() for each in _TOLD.finditer(text)]

    for name in AREAS.values():
        places = text.count(name)
        assert places == sum(each.count(name) for each in sentences)
    assert "Cauca" not in text
