"""A release with noise: refused before it costs anything; OpenDP itself only with -m private (CONTRIBUTING.md)."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings

from amparo.cases.models import Dataset
from amparo.statistics.commands import release
from amparo.statistics.models import PrivateRelease, SpentOnce
from amparo.statistics.noise import mechanism, publishing
from amparo.statistics.noise.publishing import PrivateQuestion, find_spent, publish_private_release
from amparo.statistics.services import ReleaseRefused
from amparo.vault.models import LogEntry
from tests.factories import Founded, make_incident, make_institution

TABLES = (("year", "sex"), ("act_group",))


def ask(epsilon: str = "0.5", budget: str | None = "2", **changes: object) -> PrivateQuestion:
    said = {"title": "With noise", "dataset": "invented-list", "tables": TABLES, "years": range(2018, 2022), "most": 3}
    return PrivateQuestion(
        **(said | changes),  # type: ignore[arg-type]
        epsilon=Decimal(epsilon),
        budget=Decimal(budget) if budget else None,
    )


@pytest.fixture
def founded(settings: Settings, tmp_path: Path, db: None) -> Founded:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for number in range(12):
        make_incident(founded, date="2019-03-01", sex="female" if number % 3 else "male", profile="land")
    return founded


@pytest.fixture
def spent(founded: Founded) -> PrivateRelease:
    """A release that has taken 0.5 of 2."""
    return PrivateRelease.objects.create(
        identifier="N2026-1",
        title="Before",
        dataset=Dataset.objects.get(code="invented-list"),
        epsilon=Decimal("0.5"),
        budget=Decimal(2),
        most_of_one_person=3,
        manifest_sha256="0" * 64,
        published_at="2026-01-01T00:00:00Z",
    )


@pytest.fixture
def extra_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is refused with OpenDP and without."""
    monkeypatch.setattr(publishing, "check_extra", lambda: None)


@pytest.mark.private
def test_it_works(founded: Founded) -> None:
    made = publish_private_release(ask())

    said = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    with (made.folder / "counts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert said["noise"]["scale"] == 12
    assert said["noise"]["accuracy_95"] == 36
    assert said["budget"] == {"total": "2", "spent": "0.5"}
    assert {row["code_1"] for row in rows if row["dimension_1"] == "year"} >= {"2018", "2021", "other", "unknown"}
    assert any(int(row["acts"]) < 0 for row in rows)
    assert find_spent("invented-list") == Decimal("0.5")
    assert LogEntry.objects.order_by("number").last().action == "privacy-budget-spent"


@pytest.mark.private
def test_noise_is_what_was_said() -> None:
    noisy = mechanism.add_noise([100] * 4000, distance=6, epsilon=0.5)

    inside = sum(abs(count - 100) <= noisy.accuracy for count in noisy.counts) / 4000
    assert 0.93 < inside < 0.97
    assert abs(sum(noisy.counts) / 4000 - 100) < 2


@pytest.mark.private
def test_the_command_says_how_near_the_counts_are(founded: Founded) -> None:
    asked = ["private", "--title", "T", "--dataset", "invented-list", "--years", "2018-2021", "--budget", "1"]

    answer = CliRunner().invoke(release, [*asked, "--epsilon", "0.5"])

    assert answer.exit_code == 0, answer.output
    assert "95 of 100 counts lie within" in answer.output
    assert re.search(r"Spent so far: 0\.50* of 1", answer.output)


def test_without_the_extra_it_says_how_to_install_it(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanism, "find_spec", lambda _name: None)
    asked = ["private", "--title", "T", "--dataset", "invented-list", "--years", "2018-2021", "--budget", "1"]

    answer = CliRunner().invoke(release, [*asked, "--epsilon", "0.5"])

    assert answer.exit_code == 1
    assert "requirements/private.txt" in answer.output
    assert not PrivateRelease.objects.exists()


def test_the_budget_is_not_overspent(spent: PrivateRelease, extra_there: None) -> None:
    with pytest.raises(ReleaseRefused, match=r"1\.500 is left"):
        publish_private_release(ask("1.501", None))

    assert find_spent("invented-list") == Decimal("0.5")


def test_the_budget_stays_as_it_was_set(spent: PrivateRelease, extra_there: None) -> None:
    with pytest.raises(ReleaseRefused, match="was set to 2"):
        publish_private_release(ask("0.5", "50"))


def test_the_first_release_sets_the_budget(founded: Founded, extra_there: None) -> None:
    with pytest.raises(ReleaseRefused, match="--budget"):
        publish_private_release(ask("0.5", None))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epsilon": "0"}, "Epsilon"),
        ({"epsilon": "0.0001"}, "Epsilon"),
        ({"title": " "}, "title"),
        ({"most": 0}, "Nothing would be counted"),
        ({"years": range(2020, 2020)}, "Nothing would be counted"),
        ({"tables": (("year",), ("year",))}, "twice"),
        ({"tables": (("year", "sex", "act_group"),)}, "one dimension or two"),
        ({"tables": (("profile",),)}, "one dimension or two"),
        ({"dataset": "no-such-list"}, "There is no dataset"),
    ],
)
def test_what_makes_no_sense_costs_nothing(
    founded: Founded, extra_there: None, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ReleaseRefused, match=words):
        publish_private_release(ask(**changes))  # type: ignore[arg-type]

    assert not PrivateRelease.objects.exists()
    assert list(PrivateRelease(identifier="none").folder.parent.glob("*")) == []


def test_what_is_spent_is_spent(spent: PrivateRelease) -> None:
    spent.epsilon = Decimal("0.1")

    with pytest.raises(SpentOnce):
        spent.save()
    with pytest.raises(SpentOnce):
        spent.delete()
