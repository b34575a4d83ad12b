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
from amparo.statistics.firsts import FLAGS, find_flag, mark_firsts
from amparo.statistics.in_memory import open_plane
from tests.statistics.planes import make_nested_plane, make_plane, with_months

DIMENSIONS = (
    *("year", "half", "quarter", "calendar_month", "month"),
    *("country", "sex", "act", "act_family", "act_group", "status", "target_group"),
    *("profile", "perpetrator", "perpetrator_group"),
)
# Codes of the made-up planes that stand below others.
FAMILIES = {"death-threat": "threat"}
PERPETRATOR_GROUPS = {
    **dict.fromkeys(("police", "military"), "state-actor"),
    **dict.fromkeys(("armed-group", "company"), "non-state-actor"),
}
FILTERS = st.dictionaries(
    st.sampled_from(
        ["country", "year", "quarter", "profile", "status", "sex", "act", "act_family", "perpetrator_group"]
    ),
    st.lists(
        st.sampled_from(
            ["COL", "2019", "unknown", "land", "verified", "female", "killing", "threat", "state-actor", "2019-Q2"]
        ),
        min_size=1,
        max_size=4,
    ),
    max_size=2,
)


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
    if dimension == "target_group":
        return ["human-rights-defender" if row["target"] in ("journalist", "lawyer") else row["target"]]
    if dimension == "perpetrator_group":
        return [PERPETRATOR_GROUPS.get(each, each) for each in row["perpetrator"]]
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
    where=FILTERS,
)
def test_as_counted_by_hand(seed: int, measure: str, by: list[str], where: dict[str, list[str]]) -> None:
    plane = with_months(make_plane(60, seed), seed)

    counted = count(as_table(plane), measure, by, where)

    assert (dict(counted.cells), counted.total) == count_by_hand(plane, measure, by, where)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10),
    measure=st.sampled_from(sorted(COLUMNS)),
    by=st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True),
    where=FILTERS,
)
def test_counted_by_flags_as_by_hand(seed: int, measure: str, by: list[str], where: dict[str, list[str]]) -> None:
    plane = make_nested_plane(40, seed)

    counted = count(open_plane(plane), measure, by, where)

    assert (dict(counted.cells), counted.total) == count_by_hand(plane, measure, by, where)


@pytest.mark.parametrize(
    ("measure", "by", "where", "flag"),
    [
        ("acts", ["sex"], ["act"], "is_act"),
        ("acts", ["perpetrator_group"], [], "is_act"),
        ("incidents", ["year", "perpetrator"], ["country"], "first_of_incident"),
        ("incidents", ["sex"], [], None),
        ("victims", ["sex", "profile"], ["country"], "first_of_victim"),
        ("victims", ["sex"], ["act"], None),
        ("victims", ["act_group", "sex"], ["act_group"], "first_of_victim_act_group"),
        ("victims", ["act_group"], ["act"], None),
        ("killings", ["sex"], [], "first_killing_of_victim"),
        ("killings", ["act_group"], [], None),
        ("killings", ["act"], [], "first_of_victim_act"),
        ("persons", [], [], None),
    ],
)
def test_a_flag_is_taken_only_where_it_counts_the_same(
    measure: str, by: list[str], where: list[str], flag: str | None
) -> None:
    assert find_flag(measure, by, where) == flag


def test_flags_stand_on_one_row_for_each_thing() -> None:
    plane = mark_firsts(make_nested_plane(50, 1))

    told = {name: sum(plane[name].to_pylist()) for name in FLAGS[:3]}

    distinct = {
        column: len(set(plane[column].to_pylist()) - {None}) for column in ("act_id", "incident_id", "victim_id")
    }
    assert list(told.values()) == list(distinct.values())


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
    assert count(open_plane(SCHEMA.empty_table()), "victims", ["act"]).total == 0


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(KeyError):
        count(as_table(make_plane(5, 1)), "deaths")
