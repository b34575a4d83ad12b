"""Counts and rates of a published list, the Chilean truth commission's, as Polars counts them in its file."""

from pathlib import Path

import polars
import pyarrow as pa
import pytest

from amparo.cases.coded_plane import SCHEMA
from amparo.statistics.cube import count
from amparo.statistics.derived import rates, read_populations
from amparo.statistics.in_memory import open_plane
from tests.statistics.planes import make_plane
from tests.statistics.test_cube import as_table

KILLED, DISAPPEARED = ["Killed", "Suicide"], ["Disappearance", "Disappearance, Information of Death"]
ACTS = {**dict.fromkeys(KILLED, "killing"), **dict.fromkeys(DISAPPEARED, "enforced-disappearance")}


@pytest.fixture(scope="module")
def listed(shared_data: Path) -> polars.DataFrame:
    path = shared_data / "chile-truth-commission" / "victims.csv"
    columns = ["individual_id", "group_id", "start_date_monthly", "male", "violence", "torture"]
    return polars.read_csv(path, columns=columns, infer_schema=False).with_row_index()


@pytest.fixture(scope="module")
def plane(listed: polars.DataFrame) -> pa.Table:
    """A row for the violence and, where there was, one for torture: victims of two acts, incidents of many victims."""
    whatever = make_plane(1, 1).to_pylist()[0]
    rows = []
    for each in listed.to_dicts():
        of_victim = whatever | {
            "incident_id": int(each["group_id"] or -each["index"] - 1),
            "victim_id": each["index"],
            "country": "CHL",
            "year": int(each["start_date_monthly"][:4]) if each["start_date_monthly"] else None,
            "sex": {"1.0": "male", "0.0": "female"}.get(each["male"] or "", "unknown"),
        }
        acts = [ACTS.get(each["violence"] or "", "unknown"), *(["torture"] if _is_yes(each["torture"]) else [])]
        rows += [of_victim | {"act_id": len(rows) + place, "act": act} for place, act in enumerate(acts)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _is_yes(text: str | None) -> bool:
    return bool(text) and float(text or 0) > 0


def test_it_works(plane: pa.Table, listed: polars.DataFrame) -> None:
    opened = open_plane(plane)

    assert count(opened, "victims").total == len(listed) == 2398
    assert count(opened, "acts").total == plane.num_rows > 2398
    alone = listed["group_id"].null_count()
    assert count(opened, "incidents").total == listed["group_id"].drop_nulls().n_unique() + alone
    assert count(opened, "killings").total == listed.filter(polars.col("violence").is_in(KILLED)).height


@pytest.mark.parametrize("make", [open_plane, as_table])
def test_the_same_by_sex_and_year(plane: pa.Table, listed: polars.DataFrame, make: object) -> None:
    expected = {
        (sex or "unknown", year or "unknown"): n
        for sex, year, n in listed.group_by(
            polars.col("male").replace_strict({"1.0": "male", "0.0": "female"}, default=None),
            polars.col("start_date_monthly").str.slice(0, 4),
        )
        .len()
        .iter_rows()
    }

    assert dict(count(make(plane), "victims", ["sex", "year"]).cells) == expected


def test_the_rate_of_1973(plane: pa.Table, listed: polars.DataFrame) -> None:
    counts = count(open_plane(plane), "victims", ["country", "year"])

    found = rates(counts, read_populations())[("CHL", "1973")]

    # The World Bank's population of Chile in 1973.
    people = read_populations()[("CHL", "1973")]
    assert 9_500_000 < people < 10_500_000
    in_1973 = listed.filter(polars.col("start_date_monthly").str.starts_with("1973")).height
    assert found == pytest.approx(in_1973 / people * 1_000_000)
