"""One table protected by itself: a solver that is given all that is shown cannot tell a hidden cell."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from amparo.statistics.cube import Counts, count
from amparo.statistics.one_table import ProtectedTable, protect_table
from tests.statistics.planes import make_plane
from tests.statistics.test_cube import as_table


def find_told(counts: Counts, shown: dict, sums: dict) -> list[tuple[str, ...]]:
    """The hidden cells that follow from what is shown, each known to be one at least."""
    hidden = [cell for cell in counts.cells if cell not in shown]
    equations, values = [], []
    for codes, total in sums.items():
        inside = [
            cell for cell in counts.cells if all(code in (None, of) for code, of in zip(codes, cell, strict=True))
        ]
        equations.append([cell in inside for cell in hidden])
        values.append(total - sum(shown[cell] for cell in inside if cell in shown))
    told = []
    for place, cell in enumerate(hidden):
        aim = np.eye(len(hidden))[place]
        least, most = (
            linprog(sign * aim, A_eq=np.array(equations, dtype=float), b_eq=values, bounds=(1, None))
            for sign in (1, -1)
        )
        if most.status == 0 and round(least.fun) == round(-most.fun):
            told.append(cell)
    return told


def all_sums(counts: Counts) -> dict[tuple[str | None, ...], int]:
    sums: dict[tuple[str | None, ...], int] = {}
    for cell, number in counts.cells.items():
        for keep in product((True, False), repeat=len(cell)):
            if not all(keep):
                codes = tuple(code if kept else None for code, kept in zip(cell, keep, strict=True))
                sums[codes] = sums.get(codes, 0) + number
    return sums


def protected(seed: int, by: list[str], records: int = 60) -> tuple[Counts, ProtectedTable]:
    counts = count(as_table(make_plane(records, seed)), "victims", by)
    table = protect_table(counts, 3)
    assert table is not None
    return counts, table


def test_it_works() -> None:
    counts, table = protected(1, ["country", "sex"])

    assert all(number >= 3 for number in table.shown.values())
    assert table.shown.items() <= counts.cells.items()
    assert table.hidden == counts.cells.keys() - table.shown.keys()
    assert table.total == counts.total == 60


@pytest.mark.parametrize("seed", range(6))
def test_nothing_hidden_follows_from_what_is_shown(seed: int) -> None:
    counts, table = protected(seed, ["country", "sex"])

    assert table.hidden
    assert find_told(counts, table.shown, table.sums) == []


def test_with_small_counts_hidden_alone_the_same_attack_succeeds() -> None:
    counts, _ = protected(1, ["country", "sex"])
    shown = {cell: number for cell, number in counts.cells.items() if number >= 3}

    assert find_told(counts, shown, all_sums(counts))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_follows_in_three_dimensions(seed: int) -> None:
    counts, table = protected(seed, ["country", "sex", "status"], 150)

    # Twice the threshold, by three dimensions.
    assert min(table.shown.values(), default=6) >= 6
    assert find_told(counts, table.shown, table.sums) == []


def test_large_counts_are_all_shown() -> None:
    table = protect_table(Counts(("sex",), {("female",): 40, ("male",): 60}, 100), 3)

    assert table is not None
    assert (len(table.shown), table.total) == (2, 100)


def test_an_empty_table_is_empty() -> None:
    table = protect_table(Counts(("sex",), {}, 0), 3)

    assert table is not None
    assert (table.shown, table.total) == ({}, 0)
