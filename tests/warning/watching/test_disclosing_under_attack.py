"""Random records, releases and findings of half a year: what is told of them, night by night, pins no small count.

Pure: the counts by area and month are unknowns; what is released and told are sums of them, as the attacker has it.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog

from amparo.warning.months import Month
from amparo.warning.watching.counting import Cell
from amparo.warning.watching.disclosing import PublicFinding, disclose_again
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.known_outside import ALL, Key, KnownOutside, Pair, Released, Told
from amparo.warning.watching.strata import COUNTRY, Stratum
from tests.warning.watching.told import disclose

THRESHOLD, YEAR = 5, 2020
# Among them those in which something was once pinned.
SEEDS = (0, 1, 2, 3, 112, 123, 136, 141, 289)
AREAS, MONTHS = ("ANT", "CAU", "CHO"), range(1, 7)
COLOMBIA = Stratum(COUNTRY, ("COL",))
CELLS = [(area, month) for area in AREAS for month in MONTHS]
Counts = dict[tuple[str, int], int]


def area_of(code: str) -> Stratum:
    return Stratum(("country", "area"), ("COL", code))


def holds(stratum: Stratum, cell: tuple[str, int]) -> bool:
    return stratum in (COLOMBIA, ALL) or stratum.codes[1] == cell[0]


def count(counts: Counts, stratum: Stratum, months: range) -> int:
    return sum(number for cell, number in counts.items() if cell[1] in months and holds(stratum, cell))


def release(counts: Counts, *, by_months: bool) -> Released:
    """What a release with a threshold of 3 may show: years of country and areas, and months of the country."""

    def shown(number: int) -> Pair | None:
        return None if 0 < number < 3 else (number, number)

    years: dict[tuple[Stratum, int], Pair | None] = {(COLOMBIA, YEAR): shown(count(counts, COLOMBIA, MONTHS))}
    for code in AREAS:
        if (pair := shown(count(counts, area_of(code), MONTHS))) is not None:
            years[area_of(code), YEAR] = pair
    months: dict[Key, Pair | None] = {}
    for month in MONTHS if by_months else ():
        months[COLOMBIA, Month(YEAR, month)] = shown(count(counts, COLOMBIA, range(month, month + 1)))
    hidden = [key for key, pair in months.items() if pair is None]
    others = sorted((pair, key) for key, pair in months.items() if pair is not None and pair[0])
    if len(hidden) == 1 and others:
        months[others[0][1]] = None
    return Released(Month(YEAR, 6), years, months, frozenset({COUNTRY} if by_months else ()))


def findings_of(counts: Counts, month: int) -> list[Finding]:
    when, of_month = Month(YEAR, month), range(month, month + 1)
    found = {stratum: count(counts, stratum, of_month) for stratum in (COLOMBIA, *map(area_of, AREAS))}
    return [
        Finding(each, when, Basis.HAPPENED, n, n, n, n, 0.4, 2.0, 1e-4, 0.01 / n, "bayes-pooled", ())
        for each, n in found.items()
        if n >= 2
    ]


def tell_all(counts: Counts, known: KnownOutside) -> list[PublicFinding]:
    """Every finding of every month, told in the night after it, beside all that was told before."""

    def cell(stratum: Stratum, month: Month) -> Cell:
        number = count(counts, stratum, range(month.month, month.month + 1))
        return Cell(number, number, ())

    told: list[PublicFinding] = []
    for month in MONTHS:
        before = {key: its for each in told for key, its in each.cells.items()}
        told += disclose(findings_of(counts, month), cell, THRESHOLD, replace(known, told=before))
    return told


def pin(counts: Counts, known: Released | None, told: list[tuple[Stratum, int, Told]]) -> set[tuple[str, int]]:
    """The small counts of which only one number is possible."""
    rows: list[list[float]] = [[1.0] * len(CELLS)]
    bounds: list[tuple[int, int]] = [(0, 10**6)]

    def learn(stratum: Stratum, months: range, low: int, high: int) -> None:
        rows.append([float(each[1] in months and holds(stratum, each)) for each in CELLS])
        bounds.append((low, high))

    for (stratum, _year), pair in known.years.items() if known else ():
        if pair is not None:
            learn(stratum, MONTHS, pair[0], pair[0])
    for (stratum, month), pair in known.months.items() if known else ():
        number = range(month.month, month.month + 1)
        learn(stratum, number, *((1, 10**6) if pair is None else (pair[0], pair[0])))
    for stratum, at, its in told:
        learn(stratum, range(at, at + 1), its.low, its.high)
    matrix, (low, high) = np.array(rows), np.array(bounds).T
    sums = np.vstack([matrix, -matrix]), np.concatenate([high, -low])
    pinned = set()
    for place, each in enumerate(CELLS):
        if 0 < counts[each] < THRESHOLD:
            aim = np.eye(len(CELLS))[place]
            ends = [linprog(sign * aim, *sums, bounds=(0, None)) for sign in (1, -1)]
            assert all(end.success for end in ends)
            if np.ceil(ends[0].fun - 1e-6) == np.floor(-ends[1].fun + 1e-6):
                pinned.add(each)
    return pinned


@cache
def draw(seed: int) -> tuple[tuple[tuple[str, int], int], ...]:
    random = np.random.default_rng(seed)
    rates = random.gamma(0.8, 4, len(AREAS))
    return tuple(
        ((area, month), int(random.poisson(rate))) for area, rate in zip(AREAS, rates, strict=True) for month in MONTHS
    )


def cells_of(told: list[PublicFinding]) -> list[tuple[Stratum, int, Told]]:
    return [(stratum, month.month, its) for each in told for (stratum, month), its in each.cells.items()]


@pytest.mark.parametrize("known", ["nothing", "years", "months"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_is_pinned(seed: int, known: str) -> None:
    counts = dict(draw(seed))
    released = None if known == "nothing" else release(counts, by_months=known == "months")
    others_know = KnownOutside((released,) if released else ())

    told = cells_of(tell_all(counts, others_know))

    assert pin(counts, released, told) <= pin(counts, released, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_release_that_comes_later_pins_nothing_with_what_is_read_then(seed: int) -> None:
    counts = dict(draw(seed))
    told = tell_all(counts, KnownOutside())
    released = release(counts, by_months=True)
    now = KnownOutside((released,), {key: its for each in told for key, its in each.cells.items()})

    read = cells_of([disclose_again(each, now, THRESHOLD) for each in told])

    assert pin(counts, released, read) <= pin(counts, released, [])


def test_without_control_small_counts_are_pinned() -> None:
    """So the attack finds what there is."""
    pinned = 0
    for seed in range(4):
        counts = dict(draw(seed))
        every = [
            (each.stratum, each.month.month, Told(each.observed, each.observed))
            for month in MONTHS
            for each in findings_of(counts, month)
        ]
        pinned += len(pin(counts, release(counts, by_months=True), every))
    assert pinned > 10
