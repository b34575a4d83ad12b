"""`./amparo warn backtest` says what would have been raised when, and what came after: foremost for the journalists."""

import calendar
import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amparo.vocabularies.places import find_country
from amparo.warning.commands import warn
from tests.warning.test_replaying import make_series

MONTHS = list(calendar.month_name)[1:]


def run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(warn, ["backtest", "--input", str(path), *more])


def write(path: Path, series: dict[str, list[int]], begin: int = 2000) -> Path:
    rows = [
        f"{name},{t},{count},{date(begin + (t - 1) // 12, (t - 1) % 12 + 1, 1)}\n"
        for name, counts in series.items()
        for t, count in enumerate(counts, 1)
    ]
    path.write_text("series,t,count,date\n" + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    counts = make_series().astype(int).tolist()
    return write(tmp_path_factory.mktemp("series") / "series.csv", {f"p{n}": its for n, its in enumerate(counts)})


@pytest.fixture(scope="module")
def journalists(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """Journalists killed by country and month, 1992 to October 2016, of rows with a full date."""
    path = shared_data / "journalists-killed" / "cpj_1992_2016.csv"
    assert path.is_file(), "The series of journalists killed is missing in the shared data."
    counts: Counter[tuple[str, int]] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = re.fullmatch(r"(\w+) \d+, (\d{4})", row["Date"].strip())
            country = find_country(row["Country_killed"])
            if found and country and found[1] in MONTHS and int(found[2]) >= 1992:
                counts[country, (int(found[2]) - 1992) * 12 + MONTHS.index(found[1])] += 1
    series = {name: [counts[name, month] for month in range(298)] for name in sorted({name for name, _ in counts})}
    return write(tmp_path_factory.mktemp("journalists") / "series.csv", series, 1992)


def test_it_works(invented: Path) -> None:
    result = run(invented, "--first", "2006-01")

    assert result.exit_code == 0, result.output
    assert "together:" in result.output
    assert "2007-07" in result.output
    assert "more than usual came in" in result.output


def test_journalists_killed_would_have_raised_what_history_knows(journalists: Path) -> None:
    said = json.loads(run(journalists, "--first", "2002-01", "--json").stdout)["replays"][0]

    raised = {(each["series"], each["when"]): each for each in said["raised"]}
    # Iraq at war, the massacre at Ampatuan, Honduras after the coup, Syria.
    assert {("IRQ", "2003-03"), ("PHL", "2009-11"), ("HND", "2010-03"), ("SYR", "2012-02")} <= raised.keys()
    assert raised["PHL", "2009-11"]["observed"] == 32
    assert len(raised) <= 40
    for after in said["after_alarms"]:
        assert after["share"] > 2 * after["base_share"]


def test_alarms_are_written_to_a_file(invented: Path, tmp_path: Path) -> None:
    output = tmp_path / "alarms.csv"

    result = run(invented, "--first", "73", "--output", str(output), "--method", "together", "--method", "ears-c2")

    assert result.exit_code == 0, result.output
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["method"] for row in rows} == {"together", "ears-c2"}
    first = next(row for row in rows if row["series"] == "p4" and row["method"] == "together")
    assert (first["t"], first["when"]) == ("91", "2007-07")
    assert int(first["came_12"]) > float(first["usual_12"])


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("series,t,count\n", (), "The file has no counts."),
        ("series,t,count\na,1,1\nb,1,1\nb,2,1\n", (), "do not have the same times"),
        ("series,t,count\na,1,1\na,2,1\n", (), "ends at t 2"),
        ("series,t,count\n" + "".join(f"a,{t},1\n" for t in range(1, 90)), ("--first", "20"), "60 counts are needed"),
    ],
)
def test_a_file_that_cannot_be_played_is_refused(
    content: str, more: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "series.csv"
    path.write_text(content, encoding="utf-8")

    result = run(path, *more)

    assert result.exit_code == 1
    assert words in result.output


def test_a_month_needs_a_file_with_dates(tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    path.write_text("series,t,count\n" + "".join(f"a,{t},1\n" for t in range(1, 90)), encoding="utf-8")

    assert run(path, "--first", "2002-01").exit_code == 2


def test_a_folder_that_is_not_there_is_refused(invented: Path, tmp_path: Path) -> None:
    result = run(invented, "--output", str(tmp_path / "none" / "out.csv"), "--json")

    assert json.loads(result.stdout)["error"]["code"] == "not-writable"
