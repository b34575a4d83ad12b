"""`./amparo warn forecast` reads a panel, and shows no forecast without its record."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from amparo.warning.commands import warn
from amparo.warning.forecast.panels import Columns, read_panel
from tests.warning.forecast.test_rolling import make_panel

HEADER = "country,month,count\n"


def run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(warn, ["forecast", "--input", str(path), "--horizon", "2", *more])


def write(folder: Path, content: str) -> Path:
    path = folder / "panel.csv"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def panel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    panel = make_panel(months=110)
    rows = [
        f"{country},{panel.month(month)},{int(count)}\n"
        for country, counts in zip(panel.countries, panel.counts, strict=True)
        for month, count in enumerate(counts)
    ]
    return write(tmp_path_factory.mktemp("panel"), HEADER + "".join(rows))


@pytest.fixture(scope="module")
def answer(panel_file: Path) -> dict[str, Any]:
    result = run(panel_file, "--json")
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_it_works(answer: dict[str, Any]) -> None:
    assert answer["origin"] == "2009-02"
    assert [each["months_ahead"] for each in answer["horizons"]] == [1, 2]
    assert {each["country"] for each in answer["countries"]} == set(make_panel(months=110).countries)
    assert [month["month"] for month in answer["countries"][0]["months"]] == ["2009-03", "2009-04"]


def test_what_is_not_shown_has_no_numbers_and_what_is_has_a_record(answer: dict[str, Any]) -> None:
    for country in answer["countries"]:
        for ahead, month in enumerate(country["months"]):
            assert ("quantiles" in month) == month["shown"]
            if month["shown"]:
                assert country["record"]["skill"] > 1
                assert abs(country["record"]["coverage"]["50%"] - 0.5) <= 0.15
                assert abs(country["record"]["coverage"]["90%"] - 0.9) <= 0.1
                assert answer["horizons"][ahead]["record"]["shown"]


def test_it_says_why_a_country_has_no_forecast(answer: dict[str, Any]) -> None:
    reasons = {country["withheld"] for country in answer["countries"]}
    assert reasons <= {None, "too-few", "not-better", "not-calibrated"}
    for country in answer["countries"]:
        assert country["withheld"] is None or not any(month["shown"] for month in country["months"])


def test_a_table_is_printed_for_people(panel_file: Path) -> None:
    result = run(panel_file)

    assert result.exit_code == 0, result.output
    assert "tried on all months since" in result.output
    assert "CRPS" in result.output


def test_violence_in_africa_is_forecast_better_than_by_any_naive_forecast(shared_data: Path) -> None:
    path = shared_data / "political-violence-africa-monthly" / "panel.csv.gz"
    names = ("--country", "country_name", "--month", "ym", "--count", "ged_best_os")

    asked = ["forecast", "--input", str(path), "--horizon", "1", "--first", "2015-01", *names, "--json"]
    said = json.loads(CliRunner().invoke(warn, asked).stdout)

    record = said["record"]
    assert said["origin"] == "2020-08"
    assert record["shown"]
    assert record["skill"] > 1.05
    assert all(record["log_score"] < naive["log_score"] for naive in record["baselines"].values())
    assert record["coverage"]["90%"] == pytest.approx(0.9, abs=0.02)
    congo = next(each for each in said["countries"] if each["country"] == "COD")
    assert congo["months"][0]["quantiles"]["0.95"] > congo["months"][0]["quantiles"]["0.5"] > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file has no counts."),
        ("country,month,count\nCOL,2000-01,1,234\n", "Line 2 has more cells than the header has names."),
        ("country;month;count\nCOL;2000-01;1\n", "must be separated by commas: country,month,count."),
        ("country,month\nCOL,2000-01\n", "Columns are missing: count."),
        (HEADER, "The file has no counts."),
        (HEADER + "COL,January,2\n", "the month must be written like 2026-01, not “January”"),
        (HEADER + "COL,2000-13,2\n", "not “2000-13”"),
        (HEADER + "COL,2000-01,-2\n", "not “-2”"),
        (HEADER + "COL,2000-01,1.5\n", "not “1.5”"),
        (HEADER + ",2000-01,1\n", "Line 2 does not say to which country it belongs."),
        (HEADER + "COL,2000-01,1\nCOL,2000-12,1\n", "The file has 12 months; at least 98 are needed"),
        (HEADER + "COL,0001-01,1\n" * 2 + "".join(f"C{n},9999-12,1\n" for n in range(30)), "too large"),
    ],
)
def test_a_file_that_cannot_be_forecast_is_refused(content: str, words: str, tmp_path: Path) -> None:
    result = run(write(tmp_path, content))

    assert result.exit_code == 1
    assert words in result.output


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path / "none.csv", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "no-such-file"


def test_a_first_month_that_is_none_is_wrong_usage(panel_file: Path) -> None:
    assert run(panel_file, "--first", "soon").exit_code == 2
    assert "must be one of" in run(panel_file, "--first", "2000-02").output


def test_a_panel_may_be_compressed_and_names_of_countries_are_told(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv.gz"
    path.write_bytes(
        gzip.compress(b"name,when,n,risk\nColombia,2000-01-31,1,0.5\nColombia,2000-01,2,NA\nXanadu,2000-02,,\n")
    )

    panel = read_panel(path, Columns("name", "when", "n", ("risk",)))

    assert panel.countries == ("COL", "Xanadu")
    # Two rows of one month are added; a month without a row, and a count left empty, are not known.
    assert panel.counts[0, 0] == 3
    assert str(panel.counts.tolist()) == "[[3.0, nan], [nan, nan]]"
    assert str(panel.begin) == "2000-01"
