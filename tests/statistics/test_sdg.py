"""Indicator 16.10.1: what is in it, what is not, and that handing it over gives nobody away."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from amparo.institutions.services import Founded
from amparo.statistics.commands import stats
from amparo.statistics.models import Release
from amparo.statistics.releases import TableQuery, open_release
from amparo.statistics.services import publish_release
from tests.factories import make_dataset, make_incident, make_institution

pytestmark = pytest.mark.django_db(transaction=True)

VERIFIED = {"status": "verified", "target": "human-rights-defender"}


@pytest.fixture
def founded(settings: Settings, tmp_path: Path) -> Founded:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for sex, number in (("male", 9), ("female", 5)):
        for _ in range(number):
            make_incident(founded, date="2019-05", sex=sex, acts=("killing",), **VERIFIED)
    for _ in range(6):
        make_incident(founded, date="2019-07", sex="male", acts=("arbitrary-detention", "torture"), **VERIFIED)
    make_incident(founded, date="2019-07", sex="female", acts=("kidnapping",), **VERIFIED)
    return founded


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stats, ["sdg", "--country", "COL", *arguments])


def counts(*arguments: str) -> dict[tuple[int, str, str | None, str | None], int | None]:
    rows = json.loads(run("--json", *arguments).stdout)["rows"]
    return {(row["year"], row["violation"], row["breakdown"], row["code"]): row["victims"] for row in rows}


def test_it_works(founded: Founded) -> None:
    found = counts("--threshold", "1")

    assert found[2019, "killing", None, None] == 14
    assert found[2019, "killing", "sex", "female"] == 5
    assert found[2019, "killing", "victim_group", "human-rights-defenders"] == 14


def test_someone_detained_and_tortured_is_in_both_and_once_in_the_total(founded: Founded) -> None:
    found = counts("--threshold", "1")

    assert found[2019, "torture", None, None] == found[2019, "arbitrary-detention", None, None] == 6
    assert found[2019, "all", None, None] == 14 + 6 + 1


def test_what_the_indicator_does_not_count(founded: Founded) -> None:
    before = counts("--threshold", "1")
    make_incident(founded, date="2019-05", acts=("killing",), status="reported", target="human-rights-defender")
    make_incident(founded, date="2019-05", acts=("threat",), **VERIFIED)
    make_incident(founded, date="2019-05", acts=("killing",), status="verified", target="relative")
    make_incident(founded, date="2019-05", acts=("killing",), kind="organisation", **VERIFIED)
    make_incident(founded, date="2019-05", acts=("killing",), country="BRA", **VERIFIED)

    assert counts("--threshold", "1") == before


def test_journalists_and_media_workers_are_one_group(founded: Founded) -> None:
    for target in ("journalist", "media-worker", "media-worker"):
        make_incident(founded, date="2019-05", acts=("killing",), status="verified", target=target)

    assert counts("--threshold", "1")[2019, "killing", "victim_group", "journalists"] == 3


def test_a_year_not_known_is_said_and_in_no_row(founded: Founded) -> None:
    for _ in range(4):
        make_incident(founded, date=None, acts=("killing",), **VERIFIED)

    said = json.loads(run("--json").stdout)

    assert said["undated"] == 4
    assert {row["year"] for row in said["rows"]} == {2019}


def test_small_counts_and_what_tells_them_are_not_shown(founded: Founded) -> None:
    found = counts()

    # One kidnapping: and one more violation of that year, else the total would tell.
    assert found[2019, "kidnapping", None, None] is None
    assert found[2019, "kidnapping", "sex", "female"] is None
    violations = [n for (_, v, breakdown, _), n in found.items() if breakdown is None and v != "all"]
    assert violations.count(None) >= 2
    assert found[2019, "all", None, None] == 21


def test_nothing_that_is_shown_tells_what_is_not_by_subtraction(founded: Founded) -> None:
    for number in range(30):
        sex = ("male", "female", "unknown")[number % 7 % 3]
        make_incident(founded, date=f"20{18 + number % 3}-02", sex=sex, acts=("killing",), **VERIFIED)
    found = counts()

    assert None in found.values()
    for year, violation in {(year, violation) for year, violation, *_ in found}:
        for breakdown in ("sex", "age_band", "victim_group", "area", "perpetrator"):
            parts = [n for (y, v, b, _), n in found.items() if (y, v, b) == (year, violation, breakdown)]
            hidden = parts.count(None) + (found[year, violation, None, None] is None)
            assert not parts or hidden != 1


def test_a_single_case_is_nowhere(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    make_incident(make_institution(), date="2019-05", acts=("killing",), **VERIFIED)

    assert set(counts().values()) == {None}


def test_only_the_years_that_were_asked_for(founded: Founded) -> None:
    make_incident(founded, date="2021-05", acts=("killing",), **VERIFIED)

    assert {year for year, *_ in counts("--years", "2020-2021")} == {2021}


def test_datasets_are_never_added(founded: Founded) -> None:
    incident = make_incident(founded, date="2019-05", acts=("killing",), **VERIFIED)
    incident.dataset = make_dataset("other-list")
    incident.save()

    assert "other-list" in run("--json").stderr
    assert run("--json", "--dataset", "invented-list").exit_code == 0


def test_the_csv_file_has_a_row_for_each_observation(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "indicator.csv"

    result = run("--output", str(path))

    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(counts())
    assert {row["shown"] for row in rows} == {"yes", "no"}
    assert all(row["victims"] == "" for row in rows if row["shown"] == "no")
    assert "Not reported is not zero" in result.stdout


def test_the_workbook_has_an_overview_and_says_what_was_counted(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "indicator.xlsx"

    assert run("--output", str(path), "--format", "xlsx").exit_code == 0

    book = openpyxl.load_workbook(path)
    overview = list(book["Overview"].iter_rows(values_only=True))
    assert overview[1][:2] == (2019, 21)
    assert "not shown" in overview[1]
    assert "16.10.1" in book["About"]["A1"].value


def test_sdmx_csv_holds_shown_series_of_the_global_data_base(founded: Founded, tmp_path: Path) -> None:
    path = tmp_path / "indicator.csv"

    assert run("--output", str(path), "--format", "sdmx-csv").exit_code == 0

    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert {row["SERIES"] for row in rows} == {"VC_VAW_MTUHRA"}
    assert {(row["REF_AREA"], row["TIME_PERIOD"], row["REPORTING_TYPE"]) for row in rows} == {("170", "2019", "N")}
    shown = {n for (_, v, b, _), n in counts().items() if v == "killing" and b in (None, "sex") and n is not None}
    assert {int(row["OBS_VALUE"]) for row in rows} == shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--country", "ISL", "--json"), 1),
        (("--country", "nowhere-at-all", "--json"), 1),
        ((), 2),
        (("--threshold", "0", "--json"), 2),
        (("--output", "/no/such/folder/x.csv"), 1),
    ],
)
def test_what_cannot_be_done_is_refused(founded: Founded, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).exit_code == code


def read_published(release: Release, place: dict[str, str]) -> int | None:
    """The victims of a cell, as everybody reads them."""
    rows, *rest = place
    asked = TableQuery("invented-list", "victims", rows, None, {name: place[name] for name in rest})
    return open_release(release).read(asked).value(place[rows])


def test_beside_a_release_it_shows_nothing_that_this_hides(founded: Founded) -> None:
    alone = counts()
    release = publish_release("First")

    beside = counts()

    hidden = {
        key for key, shown in alone.items() if shown is not None and key[2] in (None, "sex") and not_shown(release, key)
    }
    assert hidden
    assert all(beside[key] is None for key in hidden)


def not_shown(release: Release, key: tuple[int, str, str | None, str | None]) -> bool:
    year, violation, breakdown, code = key
    places = [{"year": str(year), "country": "COL"}]
    if violation != "all":
        places.append({"act": violation, "year": str(year), "country": "COL"})
    if breakdown:
        places.append({str(breakdown): str(code), "year": str(year), "country": "COL"})
    return any(read_published(release, place) is None for place in places)


def test_beside_a_release_it_is_not_short_of_one_or_two(founded: Founded) -> None:
    make_incident(founded, date="2019-05", sex="male", acts=("killing",), status="reported", target="journalist")
    before = counts()[2019, "all", None, None]
    release = publish_release("First")

    after = counts()[2019, "all", None, None]

    # Whoever subtracts 21 from 22 knows of the one that is not verified.
    assert read_published(release, {"year": "2019", "country": "COL"}) == 22
    assert (before, after) == (21, None)


def test_all_counts_are_shown_to_who_may_know_them_beside_a_release_too(founded: Founded) -> None:
    before = counts("--threshold", "1")
    publish_release("First")

    assert counts("--threshold", "1") == before
