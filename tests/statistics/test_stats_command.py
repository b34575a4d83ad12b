"""`./amparo stats` and `./amparo release` answer, and refuse with a reason."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from amparo.cases.models import Incident, Person, Victim
from amparo.institutions.services import Founded
from amparo.statistics.commands import release, stats
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db


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


def test_persons_killed(founded: Founded) -> None:
    assert json.loads(run("--measure", "killings", "--json").stdout)["total"] == 3


def test_quarters_and_half_years(founded: Founded) -> None:
    said = json.loads(run("--by", "quarter,half", "--json").stdout)

    assert {"quarter": "2019-Q2", "half": "2019-H1", "victims": 3} in said["rows"]
    assert {"quarter": "unknown", "half": "unknown", "victims": 1} in said["rows"]


def test_a_family_of_acts_stands_between_act_and_group(founded: Founded) -> None:
    said = json.loads(run("--measure", "acts", "--by", "act_family", "--json").stdout)

    assert {"act_family": "threat", "acts": 2} in said["rows"]


def test_rows_that_add_up_to_more_than_the_total_say_so(founded: Founded) -> None:
    by_act, by_sex = (json.loads(run("--by", dimension, "--json").stdout) for dimension in ("act", "sex"))

    assert sum(row["victims"] for row in by_act["rows"]) == 5 > by_act["total"] == 4
    assert "multivalued" in by_act["notes"]
    assert "multivalued" not in by_sex["notes"]


def test_shares_of_the_total(founded: Founded) -> None:
    said = json.loads(run("--by", "sex", "--share", "--json").stdout)

    assert [(row["sex"], row["share"]) for row in said["rows"]] == [("female", 0.25), ("male", 0.5), ("unknown", 0.25)]


def test_rates_per_million_people(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("country,year,population\nCOL,2019,1500000\n", encoding="utf-8")

    said = json.loads(run("--by", "country,year", "--population", str(path), "--json").stdout)

    rates = {(row["country"], row["year"]): row["per_million"] for row in said["rows"]}
    assert rates == {("COL", 2019): 2.0, ("BRA", "unknown"): None}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("land,population\nCOL,1\n", "country"),
        ("country,population\nCOL,many\n", "Line 2"),
        ("country,population\nCOL,0\n", "Line 2"),
        ("country,population\nCOL,1\nCOL,2\n", "already"),
    ],
)
def test_a_wrong_file_of_populations_is_refused(founded: Founded, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")

    result = run("--by", "country", "--population", str(path))

    assert result.exit_code == 1
    assert told in result.stderr
    assert run("--by", "country", "--population", str(tmp_path / "none.csv")).exit_code == 1


def test_a_rate_needs_a_country(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("country,population\nCOL,1000000\n", encoding="utf-8")

    assert run("--by", "sex", "--population", str(path)).exit_code == 1
    said = json.loads(run("--by", "sex", "--where", "country=COL", "--population", str(path), "--json").stdout)
    assert {row["sex"]: row["per_million"] for row in said["rows"]} == {"female": 1, "male": 2}


def test_rates_by_the_populations_that_are_shipped(founded: Founded) -> None:
    said = json.loads(run("--by", "country,year", "--rate", "--json").stdout)

    # World Bank: 49,907,985 people in Colombia in 2019.
    rates = {(row["country"], row["year"]): row["per_million"] for row in said["rows"]}
    assert rates == {("COL", 2019): pytest.approx(3 / 49.907985), ("BRA", "unknown"): None}
    assert "World Bank" in said["populations"]
    assert "inhabitants" in said["definitions_beside"]["per_million"]


def test_a_rate_over_years_is_by_their_mean_population(founded: Founded) -> None:
    said = json.loads(run("--by", "country", "--where", "year=2019-2020", "--rate", "--json").stdout)

    assert said["rows"][0]["per_million"] == pytest.approx(3 / ((49.907985 + 50.629997) / 2))


def test_a_rate_needs_years(founded: Founded) -> None:
    result = run("--by", "country", "--rate")

    assert result.exit_code == 1
    assert "--where year=" in result.stderr


def test_days_to_verification(founded: Founded) -> None:
    incident = Incident.objects.filter(country="COL").first()
    Incident.objects.filter(pk=incident.pk).update(
        status="verified", created_at=datetime(2031, 5, 2, tzinfo=UTC), verified_on=date(2031, 5, 9)
    )

    said = json.loads(run("--by", "country", "--delay", "--json").stdout)

    told = {row["country"]: (row["median_days"], row["verified_here"]) for row in said["rows"]}
    assert told == {"COL": (7, 1), "BRA": (None, None)}
    assert "7.0" in run("--by", "country", "--delay").stdout
    assert json.loads(run("--verified", "--json").stdout)["total"] == 1


def test_a_person_in_two_incidents_counts_once(founded: Founded) -> None:
    person = Person.objects.create(institution=founded.institution)
    Victim.objects.filter(incident__country="BRA").update(person=person)
    Victim.objects.filter(pk=Victim.objects.filter(sex="female").first().pk).update(person=person)

    victims, persons = (json.loads(run("--measure", measure, "--json").stdout) for measure in ("victims", "persons"))

    assert (victims["total"], persons["total"]) == (4, 3)
    assert "not for publication" in persons["definition"]


def test_small_counts_are_hidden_with_what_would_tell_them(founded: Founded) -> None:
    for _ in range(6):
        make_incident(founded, sex="male")

    said = json.loads(run("--by", "sex", "--protect", "3", "--json").stdout)

    # Two counts of 1 are hidden: alone under the total they would be told, so a third goes with them.
    assert {row["sex"]: row["victims"] for row in said["rows"]} == dict.fromkeys(("female", "male", "unknown"))
    assert (said["total"], said["protected"]) == (10, True)
    assert "not shown" in run("--by", "sex", "--protect", "3").stdout
    assert run("--by", "sex", "--protect", "3", "--share").exit_code == 2
    assert run("--by", "sex", "--measure", "persons", "--protect", "3").exit_code == 1


def test_a_workbook_has_codes_words_and_meanings(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "counts.xlsx"

    run("--by", "sex", "--share", "--format", "xlsx", "--output", str(path))

    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book.worksheets[0][2]] == ["female", "Female", 1, 25]
    assert any("counted once" in str(cell.value) for cell in book.worksheets[1]["A"])
    assert run("--by", "sex", "--format", "xlsx").exit_code == 2
    assert run("--by", "sex", "--format", "csv", "--output", str(tmp_path / "none" / "x.csv")).exit_code == 1


def test_a_wide_table_has_the_last_dimension_across(founded: Founded) -> None:
    result = run("--by", "sex,year", "--wide", "--format", "csv")

    assert list(csv.reader(result.stdout.splitlines())) == [
        ["sex", "2019", "unknown"],
        ["female", "1", "0"],
        ["male", "2", "0"],
        ["unknown", "0", "1"],
    ]
    assert "2019" in run("--by", "sex,year", "--wide").stdout
    assert run("--by", "sex", "--wide").exit_code == 2


def test_what_was_recorded_later_is_left_out(founded: Founded) -> None:
    Incident.objects.filter(country="BRA").update(created_at=datetime(2031, 5, 2, tzinfo=UTC))

    first, second = (json.loads(run("--recorded-until", day, "--json").stdout) for day in ("2031-05-01", "2031-05-02"))

    assert (first["total"], second["total"]) == (3, 4)
    assert first["recorded_until"] == "2031-05-01"
    assert "recorded-until" in first["notes"]


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
