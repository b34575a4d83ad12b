"""What is counted before noise is added: each person's part is bounded by a number that the records do not give."""

import random

import pyarrow as pa
import pytest

from amparo.statistics.noise.tables import BoundedCounts, count_bounded, list_codes
from tests.statistics.planes import make_plane

YEARS = range(2019, 2021)
TABLES = (("year", "sex"), ("act_group",))


def one_person(plane: pa.Table, rows: int) -> pa.Table:
    """`plane` with its first `rows` acts against one and the same person."""
    persons = [1_000_000] * rows + plane["person"].to_pylist()[rows:]
    return plane.set_column(plane.schema.get_field_index("person"), "person", pa.array(persons, pa.int64()))


def count(plane: pa.Table, most: int = 3) -> BoundedCounts:
    return count_bounded(plane, TABLES, YEARS, most, random.SystemRandom())


def test_it_works() -> None:
    counted = count(make_plane(60, 1))

    of_years = sum(n for (table, _codes), n in zip(counted.cells, counted.counts, strict=True) if "year" in table)
    assert of_years == 60
    assert sum(counted.counts) == 120
    assert counted.distance == 3 * len(TABLES)


def test_the_cells_do_not_tell_who_is_there() -> None:
    assert count(make_plane(60, 1)).cells == count(make_plane(1, 9)).cells


def test_years_not_asked_for_are_one_row() -> None:
    counted = count(make_plane(200, 1))

    found = dict(zip(counted.cells, counted.counts, strict=True))
    assert list_codes("year", YEARS) == ("2019", "2020", "other", "unknown")
    assert found[("year", "sex"), ("other", "male")] > 0


@pytest.mark.parametrize("rows", [1, 2, 3, 10, 40])
def test_no_person_counts_for_more_than_was_said(rows: int) -> None:
    with_her = one_person(make_plane(60, 1), rows)
    without = with_her.slice(rows)

    difference = [a - b for a, b in zip(count(with_her).counts, count(without).counts, strict=True)]

    assert sum(abs(each) for each in difference) == min(rows, 3) * len(TABLES)


def test_groups_and_institutions_are_left_out() -> None:
    plane = make_plane(10, 1)
    nobody = plane.set_column(plane.schema.get_field_index("person"), "person", pa.array([None] * 10, pa.int64()))

    assert sum(count(nobody).counts) == 0


def test_a_code_that_there_is_no_more_has_no_row() -> None:
    plane = make_plane(10, 1)
    strange = plane.set_column(plane.schema.get_field_index("sex"), "sex", pa.array(["gone"] * 10, pa.string()))

    counted = count(strange)

    assert "gone" not in {code for _table, codes in counted.cells for code in codes}
    assert sum(counted.counts) == 20
