"""`./amparo warn detect` judges the series of a file, and refuses what it cannot judge with a reason."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from amparo.warning.commands import warn
from amparo.warning.detectors import DETECTORS
from amparo.warning.messages import MESSAGES
from amparo.warning.problems import WarningRefused
from amparo.warning.table_files import write_table
from tests.warning.reference import FOLDER, Rows, read_rows

MONTHS = """
frequency = 12
first = 121
b = 8
w = 1
noPeriods = 10
weightsThreshold = 2.58
pastWeeksNotIncluded = 3
pThresholdTrend = 1
reweight = true
thresholdMethod = "nbPlugin"
limit54 = [5, 4]
alpha = 0.05
trend = true
"""


def run(folder: Path, method: str, parameters: str, counts: str | Path, *more: str) -> Result:
    source = counts if isinstance(counts, Path) else folder / "series.csv"
    if isinstance(counts, str):
        source.write_text(counts, encoding="utf-8")
    (folder / "p.toml").write_text(parameters, encoding="utf-8")
    places = ("--input", str(source), "--params", str(folder / "p.toml"), "--output", str(folder / "out.csv"))
    return CliRunner().invoke(warn, ["detect", *places, "--method", method, *more])


def written(folder: Path) -> Rows:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(*counts: object, series: str = "Invented", begin: int = 1) -> str:
    rows = [f"{series},{time},{count}" for time, count in enumerate(counts, begin)]
    return "\n".join(["series,t,count", *rows, ""])


@pytest.mark.usefixtures("shared_data")
def test_it_works(tmp_path: Path) -> None:
    result = run(tmp_path, "farrington", MONTHS, FOLDER / "monthly_series.csv")

    assert result.exit_code == 0, result.output
    assert written(tmp_path) == read_rows("monthly_farrington_noufaily.csv")
    assert "1068 counts judged." in result.stdout
    assert "46 alarms." in result.stdout


@pytest.mark.usefixtures("shared_data")
def test_json_names_the_alarms(tmp_path: Path) -> None:
    result = run(tmp_path, "farrington", MONTHS, FOLDER / "monthly_series.csv", "--json")

    said = json.loads(result.stdout)
    assert (said["series"], said["judged"], said["without_bound"], len(said["alarms"])) == (6, 1068, 739, 46)
    alarms = [row for row in read_rows("monthly_farrington_noufaily.csv") if row["alarm"] == "True"]
    assert [(each["series"], str(each["t"]), str(each["observed"])) for each in said["alarms"]] == [
        (row["series"], row["t"], row["observed"]) for row in alarms
    ]
    assert all(each["observed"] > each["upperbound"] for each in said["alarms"])


@pytest.mark.parametrize("method", DETECTORS)
def test_every_method_runs_with_its_defaults(method: str, tmp_path: Path) -> None:
    counts = table(*([1, 3, 2, 4, 2, 5] * 12), 40)

    # Around the judged count itself, as the reference implementation lays it, C3's bound is never passed by one count.
    result = run(tmp_path, method, "frequency = 12" + "\npublishedBound = true" * (method == "ears-c3"), counts)

    assert result.exit_code == 0, result.output
    rows = written(tmp_path)
    assert rows[-1]["t"] == "73"
    assert rows[-1]["alarm"] == "True"
    # A step change is told by many counts together, so there is no bound for one.
    assert rows[-1]["upperbound"] == "" if method == "step-change" else 0 <= float(rows[-1]["upperbound"]) < 40


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("method", ["c1", "c2", "c3"])
def test_ears_of_a_file(method: str, tmp_path: Path) -> None:
    counts = [row["observed"] for row in read_rows("salmonella_agona_series.csv")]

    run(tmp_path, f"ears-{method}", "first = 20\nbaseline = 7\nminSigma = 0\nalpha = 0.001", table(*counts))

    expected = read_rows(f"salmonella_ears_{method.upper()}.csv")
    assert [float(row["upperbound"]) for row in written(tmp_path)] == pytest.approx(
        [float(row["upperbound"]) for row in expected], rel=1e-6
    )
    assert [row["alarm"].upper() for row in written(tmp_path)] == [row["alarm"] for row in expected]


@pytest.mark.usefixtures("shared_data")
def test_dates_make_years_those_of_the_calendar(tmp_path: Path) -> None:
    series = read_rows("agona_series.csv")
    rows = "".join(f"agona,{row['t']},{row['observed']},{row['date']}\n" for row in series)
    parameters = "frequency = 52\nfirst = 220\nb = 4\nw = 3\nalpha = 0.05"

    run(tmp_path, "farrington", parameters, "series,t,count,date\n" + rows)

    expected = [row for row in read_rows("agona_expected.csv") if row["method"] == "farringtonFlexible_nbPlugin_a0.05"]
    assert [row["upperbound"] for row in written(tmp_path)] == [
        "" if row["upper"] == "NA" else f"{float(row['upper'])}" for row in expected
    ]


def test_series_may_begin_and_end_apart_and_rows_may_be_in_any_order(tmp_path: Path) -> None:
    lines = [
        *table(*[2] * 20, 9, series="early").splitlines()[1:],
        *table(*[1] * 15, series="late", begin=30).split()[1:],
    ]

    result = run(tmp_path, "ears-c1", "minSigma = 0.5", "\n".join(["series,t,count", *reversed(lines)]))

    assert result.exit_code == 0, result.output
    rows = written(tmp_path)
    assert [row["t"] for row in rows if row["series"] == "late"] == [str(time) for time in range(37, 45)]
    assert [(row["series"], row["t"]) for row in rows if row["alarm"] == "True"] == [("early", "21")]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ("series,t\na,1\n", "Columns are missing: count. The file has: series, t."),
        ("series,t,count\n", "The file has no counts."),
        ("", "The file has no counts."),
        ("series;t;count\na;1;1\n", "must be separated by commas: series,t,count. Its first line is: series;t;count"),
        ("series,t,count\na,1,1,234\n", "Line 2 has more cells than the header has names."),
        ("series,t,count,count\na,1,1,2\n", "The column “count” is there twice."),
        ("series,t,count\na,1,1_0\n", "not “1_0”"),
        ('series,t,count\n"a\nb",1,x\n', "the count of series “a b” at t 1"),
        ("series,t,count\na,1," + "y" * 5000 + "\n", "not “" + "y" * 300 + "…”"),
        (table(1, -2), "the count of series “Invented” at t 2 must be a whole number from 0 on, not “-2”"),
        (table(1, 2.5), "not “2.5”"),
        (table(1, "many"), "not “many”"),
        (table(1, ""), "not “”"),
        (table(1, "nan"), "not “nan”"),
        ("series,t,count\na,1,1\na,3,1\n", "Series “a” has a gap: after t 1 comes t 3."),
        ("series,t,count\na,1,1\na,2,1\na,2,1\n", "Series “a” has two counts for t 2."),
        ("series,t,count\na,x,1\n", "Line 2: t must be a whole number from 1 on, not “x”."),
        ("series,t,count\n,1,1\n", "Line 2 does not say to which series it belongs."),
        ("series,t,count\na,1\n", "not “”"),
        ("series,t,count,date\na,1,1,Monday\n", "the date must be written like 2026-01-31, not “Monday”"),
        ("series,t,count,date\na,1,1,2020-02-01\na,2,1,2020-01-01\n", "the date of t 2 is not after the one before"),
        (table(1, 2, 3), "too short: before the first judged t 8, 7 counts are needed"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused(counts: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, "ears-c1", "", counts)

    assert result.exit_code == 1
    assert words in result.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("b = ", "The file of parameters is not TOML"),
        ("b = " + "9" * 5000, "The file of parameters is not TOML"),
        ("b = " + "[" * 20_000, "The file of parameters is not TOML"),
        ("frequency = 12\nalfa = 0.05", "There is no parameter “alfa”. Do you mean “alpha”?"),
        ("frequency = 12\nxyzzyqqq = 1", "There is no parameter “xyzzyqqq”. There are: frequency, first, b,"),
        ("b = 5", "The parameter “frequency” is needed"),
        ("frequency = 12\nb = 0", "Parameter “b” must be a whole number, 1 … 100, not “0”."),
        ("frequency = 12\nb = true", "Parameter “b” must be a whole number"),
        ("frequency = 12\nalpha = 1.5", "Parameter “alpha” must be a number, 0 … 0.5, not “1.5”."),
        ('frequency = 12\nthresholdMethod = "gamma"', "must be one of nbPlugin, delta, muan, not “gamma”"),
        ("frequency = 12\nlimit54 = [5]", "must be two whole numbers, such as [5, 4], not “[5]”"),
        ('frequency = 12\nreweight = "yes"', "must be true or false, not “yes”"),
        ("frequency = 12\nw = 6", "Windows of 13 counts overlap in a year of 12."),
        ("frequency = 12\nnoPeriods = 12", "cannot be divided into 12 periods"),
        ("frequency = 12\nfirst = 30", "before the first judged t 30, 61 counts are needed; the earliest t"),
        ("frequency = 12\nfirst = 300", "The first t to be judged is 300, but series “Invented” ends at t 80."),
    ],
)
def test_parameters_that_do_not_fit_are_refused(parameters: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, "farrington", parameters, table(*[1] * 80))

    assert result.exit_code == 1
    assert words in result.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "ears-c1", "", tmp_path / "none.csv", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "no-such-file"


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    source = tmp_path / "out.csv"
    source.write_text(table(*[1] * 20), encoding="utf-8")

    result = run(tmp_path, "ears-c1", "", source)

    assert result.exit_code == 1
    assert "is the file that is read" in result.stderr
    assert source.read_text(encoding="utf-8") == table(*[1] * 20)


def test_what_cannot_be_written_whole_leaves_the_file_of_before(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise OSError

    path = tmp_path / "out.csv"
    path.write_text("before", encoding="utf-8")

    with pytest.raises(WarningRefused):
        write_table(path, ["t"], rows())

    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text(encoding="utf-8") == "before"


def test_a_method_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "crystal-ball", "", table(1)).exit_code == 2


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_every_reason_is_said_in_every_language(language: str) -> None:
    with translation.override(language):
        untranslated = [code for code, text in MESSAGES.items() if translation.gettext(text) == text]

    assert not untranslated
