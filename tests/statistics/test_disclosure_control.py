"""What is not shown stays unknown to whoever has all that is shown, and a solver."""

import numpy as np
import pytest

from amparo.statistics.family import Family, Protected, count_family
from amparo.statistics.suppression import Lines, Slices, find_small, protect
from tests.statistics.attack import find_ranges
from tests.statistics.planes import make_plane


def cells(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def hide_line(*children: int, threshold: int = 3) -> list[bool]:
    """Which children of one line are hidden; its parent comes last."""
    counts = cells(*children, sum(children))
    line = Lines(np.arange(len(children)), np.full(len(children), len(children)))
    hidden = protect(find_small([counts], threshold), counts, counts, np.ones(len(counts), np.int64), [line], [])
    assert hidden is not None
    return hidden.tolist()


def test_nothing_small_nothing_hidden() -> None:
    assert hide_line(5, 7, 9) == [False, False, False, False]


def test_a_small_count_takes_a_second_with_it() -> None:
    assert hide_line(1, 7, 9) == [True, True, False, False]


def test_zeros_are_no_partners() -> None:
    counts = cells(2, 8, 10)
    line = Lines(cells(0, 1), cells(2, 2))

    hidden = protect(find_small([counts], 3), counts, counts, cells(1, 1, 1), [line], [])

    assert hidden is not None
    assert hidden.tolist() == [True, True, False]


def test_two_ones_under_a_shown_total_are_told_and_take_a_third() -> None:
    # 7 - 5 = 2 = 1 + 1: whoever knows that hidden counts are not zero knows both.
    assert hide_line(1, 1, 5) == [True, True, True, False]


def test_an_only_child_hides_its_parent() -> None:
    assert hide_line(2) == [True, True]


def two_way(table: list[list[int]]) -> tuple[np.ndarray, Slices, list[Lines]]:
    """A table with its margins as cells: inside, then row totals, then column totals, then the total."""
    inside = np.array(table, dtype=np.int64)
    rows, columns = inside.shape
    number = rows * columns
    counts = np.concatenate([inside.ravel(), inside.sum(1), inside.sum(0), [inside.sum()]])
    row = np.concatenate([np.repeat(np.arange(rows), columns), np.arange(rows), np.full(columns, rows), [rows]])
    column = np.concatenate([np.tile(np.arange(columns), rows), np.full(rows, columns), np.arange(columns), [columns]])
    margin = np.concatenate([np.zeros(number, bool), np.ones(rows + columns, bool), [False]])
    lines = [
        Lines(np.arange(number), number + np.repeat(np.arange(rows), columns)),
        Lines(np.arange(number), number + rows + np.tile(np.arange(columns), rows)),
        Lines(number + np.arange(rows), np.full(rows, len(counts) - 1)),
        Lines(number + rows + np.arange(columns), np.full(columns, len(counts) - 1)),
    ]
    return counts, Slices(np.arange(len(counts)), row, 100 + column, margin), lines


def test_a_bridge_between_two_blocks_is_not_left_alone() -> None:
    # By lines alone this pattern is safe, two in each; but the cell that joins the blocks is told by their sums.
    table = [[2, 9, 40, 40], [9, 9, 8, 40], [40, 40, 9, 9], [40, 40, 9, 2]]
    counts, slices, lines = two_way(table)
    pattern = np.zeros(len(counts), dtype=bool)
    pattern[[0, 1, 4, 5, 6, 10, 11, 14, 15]] = True
    weights = np.where(slices.is_margin, 1000, 1)
    weights[-1] = 1000

    by_lines = protect(pattern, counts, counts, weights, lines, [])
    by_both = protect(pattern, counts, counts, weights, lines, [slices])

    assert by_lines is not None
    assert by_both is not None
    assert by_lines.tolist() == pattern.tolist()
    assert by_both.sum() > pattern.sum()


@pytest.mark.parametrize("seed", range(3))
def test_a_solver_tells_no_hidden_cell(seed: int) -> None:
    family = count_family(make_plane(80, seed))

    protected = family.hide(3)
    ranges = list(find_ranges(family, protected))

    assert ranges
    assert [(low, high) for low, high in ranges if high - low < 0.99] == []


def test_without_complements_the_solver_tells_cells() -> None:
    family = count_family(make_plane(90, 0))
    small = find_small([family.counts("acts")], 3)
    only_primary = Protected(small, tuple(family.tables))

    ranges = list(find_ranges(family, only_primary))

    assert [(low, high) for low, high in ranges if high - low < 0.01]


def test_every_small_count_of_a_published_table_is_hidden() -> None:
    family = count_family(make_plane(300, 7))

    protected = family.hide(4)

    for dimensions in protected.tables:
        table = family.tables[dimensions]
        for counts in table.counts.values():
            small = (counts > 0) & (counts < 4)
            assert protected.hidden[table.start : table.start + len(table)][small].all(), dimensions


def test_a_cell_has_one_status_for_all_measures() -> None:
    plane = make_plane(200, 3)
    # Four acts against each victim: acts alone would be above the threshold where victims are not.
    victims = [number // 4 for number in range(200)]
    plane = plane.set_column(plane.schema.get_field_index("victim_id"), "victim_id", [victims])

    family = count_family(plane)
    protected = family.hide(3)

    few = (family.counts("victims") < 3) & (family.counts("acts") >= 3)
    inside = published_cells(family, protected)
    assert few[inside].any()
    assert protected.hidden[few & inside].all()


def published_cells(family: Family, protected: Protected) -> np.ndarray:
    inside = np.zeros(family.size, dtype=bool)
    for dimensions in protected.tables:
        table = family.tables[dimensions]
        inside[table.start : table.start + len(table)] = True
    return inside


def test_a_country_with_one_case_stays_hidden_in_every_table_and_hierarchy() -> None:
    plane = make_plane(150, 11).to_pylist()
    plane[0] |= {"country": "ISL", "regional_group": "western-europe-others", "network": "ennhri", "area": "ISL-A"}

    family = count_family(make_plane(150, 11).from_pylist(plane, schema=make_plane(1, 0).schema))
    protected = family.hide(3)

    for dimensions in protected.tables:
        if "country" in dimensions:
            table = family.tables[dimensions]
            iceland = table.codes[:, dimensions.index("country")] == family.codes["country"].index("ISL")
            assert protected.hidden[table.start : table.start + len(table)][iceland].all(), dimensions
    group = family.tables[("regional_group",)]
    place = family.codes["regional_group"].index("western-europe-others")
    assert protected.hidden[group.start + int(np.flatnonzero(group.codes[:, 0] == place)[0])]


def test_the_total_is_published() -> None:
    family = count_family(make_plane(150, 5))

    protected = family.hide(3)

    assert () in protected.tables
    assert not protected.hidden[family.tables[()].start]
