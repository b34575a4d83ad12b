"""`./amparo stats` and `./amparo release` answer, and refuse with a reason."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from amparo.institutions.services import Founded
from amparo.statistics.commands import release, stats
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def founded(settings: Settings, tmp_path: Path) -> Founded:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for sex, acts in (("male", ("killing",)), ("male", ("killing", "death-threat")), ("female", ("threat",))):
        make_incident(founded, sex=sex, acts=acts, date="2019-05")
    make_incident(founded, date=None, country="BRA")
    return founded


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stats, arguments)


def test_it_works(founded: Founded) -> None:
    said = json.loads(run("--measure", "victims", "--by", "sex,year", "--where", "country=COL", "--json").stdout)

    assert said["rows"] == [{"sex": "female", "year": 2019, "victims": 1}, {"sex": "male", "year": 2019, "victims": 2}]
    assert said["total"] == 3
    assert said["protected"] is False
    assert said["as_of"]
    assert said["coverage"][0]["dataset"] == "invented-list"


def test_not_known_is_a_row(founded: Founded) -> None:
    said = json.loads(run("--by", "year", "--json").stdout)

    assert {"year": "unknown", "victims": 1} in said["rows"]
    assert sum(row["victims"] for row in said["rows"]) == said["total"] == 4


def test_a_code_stands_for_its_narrower_ones(founded: Founded) -> None:
    assert json.loads(run("--measure", "acts", "--where", "act=threat", "--json").stdout)["total"] == 2


def test_a_label_in_any_language_is_understood(founded: Founded) -> None:
    assert json.loads(run("--where", "country=Colombie", "--json").stdout)["total"] == 3


def test_a_span_of_years(founded: Founded) -> None:
    assert json.loads(run("--where", "year=2018-2020", "--json").stdout)["total"] == 3
    assert json.loads(run("--where", "year=2020-2021", "--json").stdout)["total"] == 0


def test_csv_holds_figures_only(founded: Founded) -> None:
    result = run("--by", "sex", "--format", "csv")

    assert list(csv.reader(result.stdout.splitlines())) == [
        ["sex", "victims"],
        ["female", "1"],
        ["male", "2"],
        ["unknown", "1"],
    ]


def test_the_table_says_what_it_counts(founded: Founded) -> None:
    shown = run("--by", "sex").stdout

    assert "Invented coverage." in shown
    assert "As of" in shown
    assert "not protected" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--by", "sxe"), "sex"),
        (("--measure", "deaths"), "victims"),
        (("--where", "country"), "dimension=code"),
        (("--where", "act=kiling"), "killing"),
        (("--where", "year=soon"), "2016"),
        (("--by", "sex,sex"), "once"),
    ],
)
def test_what_cannot_be_counted_is_refused(founded: Founded, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert told in result.stderr


def test_an_empty_store_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    result = run("--by", "sex")

    assert result.exit_code == 1
    assert "./amparo import" in result.stderr


def test_a_release_from_the_command_line(founded: Founded) -> None:
    runner = CliRunner()

    made = json.loads(runner.invoke(release, ["--title", "First", "--threshold", "2", "--json"]).stdout)
    listed = json.loads(runner.invoke(release, ["list", "--json"]).stdout)

    assert made["threshold"] == 2
    assert [each["id"] for each in listed["releases"]] == [made["id"]]
    assert runner.invoke(release, ["verify", made["id"]]).exit_code == 0
    assert runner.invoke(release, ["verify", "1999-9"]).exit_code == 1


def test_a_release_needs_a_title(founded: Founded) -> None:
    assert CliRunner().invoke(release, []).exit_code == 2


def test_a_threshold_that_protects_nothing_is_refused(founded: Founded) -> None:
    assert CliRunner().invoke(release, ["--title", "First", "--threshold", "1"]).exit_code == 1
