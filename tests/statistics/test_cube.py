"""Counts by any dimensions agree with counting by hand."""

from collections import defaultdict

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.cases.coded_plane import SCHEMA
from amparo.statistics.cube import COLUMNS, MULTIVALUED, count
from tests.statistics.planes import make_plane, with_months

DIMENSIONS = (
    *("year", "half", "quarter", "calendar_month", "month"),
    *("country", "sex", "act", "act_family", "status", "profile", "perpetrator"),
)
# Acts of the made-up plane one step below their group.
FAMILIES = {"death-threat": "threat"}


def as_table(plane: pa.Table) -> ir.Table:
    backend = ibis.duckdb.connect()
    backend.con.register("plane", plane)
    return backend.table("plane")


def codes_of(row: dict, dimension: str) -> list[str]:
    year, month = row["year"], row["month"]
    if dimension in ("half", "quarter", "calendar_month"):
        if year is None or month is None:
            return [f"{year}-XX" if year and dimension == "calendar_month" else "unknown"]
        first_half = "H1" if month < 7 else "H2"
        quarter = {1: "Q1", 2: "Q1", 3: "Q1", 4: "Q2", 5: "Q2", 6: "Q2", 7: "Q3", 8: "Q3", 9: "Q3"}.get(month, "Q4")
        return [f"{year}-{ {'half': first_half, 'quarter': quarter, 'calendar_month': f'{month:02}'}[dimension] }"]
    if dimension == "act_family":
        return [FAMILIES.get(row["act"], row["act"])]
    value = row[dimension]
    if dimension in MULTIVALUED:
        return value
    return ["unknown" if value is None else str(value)]


def count_by_hand(plane: pa.Table, measure: str, by: list[str], where: dict[str, list[str]]) -> tuple[dict, int]:
    things: defaultdict[tuple[str, ...], set] = defaultdict(set)
    everything = set()
    for row in plane.to_pylist():
        if any(not set(codes_of(row, name)) & set(codes) for name, codes in where.items()):
            continue
        if measure == "killings" and row["act"] != "killing":
            continue
        thing = row[COLUMNS[measure]]
        if thing is None:
            continue
        everything.add(thing)
        cells: list[tuple[str, ...]] = [()]
        for name in by:
            cells = [(*cell, code) for cell in cells for code in codes_of(row, name)]
        for cell in cells:
            things[cell].add(thing)
    return {cell: len(found) for cell, found in things.items()}, len(everything)


def test_it_works() -> None:
    counted = count(as_table(make_plane(50, 1)), "victims", ["sex"])

    assert sum(counted.cells.values()) == counted.total == 50


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 50),
    measure=st.sampled_from(sorted(COLUMNS)),
    by=st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True),
    where=st.dictionaries(
        st.sampled_from(["country", "year", "profile", "status"]),
        st.lists(st.sampled_from(["COL", "2019", "unknown", "land", "verified"]), min_size=1, max_size=2),
        max_size=2,
    ),
)
def test_as_counted_by_hand(seed: int, measure: str, by: list[str], where: dict[str, list[str]]) -> None:
    plane = with_months(make_plane(60, seed), seed)
    if "year" in where:
        where["year"] = [code for code in where["year"] if code in {"2019", "unknown"}] or ["2019"]

    counted = count(as_table(plane), measure, by, where)

    assert (dict(counted.cells), counted.total) == count_by_hand(plane, measure, by, where)


def test_not_known_is_a_row_of_its_own() -> None:
    plane = make_plane(80, 2)

    counted = count(as_table(plane), "victims", ["year"])

    assert counted.cells[("unknown",)] == sum(year is None for year in plane["year"].to_pylist())


def test_several_profiles_count_in_each_and_once_in_the_total() -> None:
    plane = make_plane(80, 3)

    counted = count(as_table(plane), "victims", ["profile"])

    assert counted.total == 80
    assert sum(counted.cells.values()) == sum(len(each) for each in plane["profile"].to_pylist()) > 80


def test_an_empty_plane_counts_nothing() -> None:
    assert count(as_table(SCHEMA.empty_table()), "victims", ["sex"]).total == 0


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(KeyError):
        count(as_table(make_plane(5, 1)), "deaths")
