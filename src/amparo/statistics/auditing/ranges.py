"""The range of each number that is not shown: the least and the most that it can be, by all ties. Pure.

A solver finds the two ends of one number at a time. Most need no such search: any solution of the system is something
that may be so, and it shows a value for every number at once. So a few solutions, made to be far apart, prove of most
numbers that their range is wide enough; the solver is asked singly for the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from amparo.statistics.auditing.published_view import Counts, Numbers
from amparo.statistics.auditing.ties import Unknowns
from amparo.statistics.suppression import Flags

EXACT = 1e-6
_MOST_SWEEPS = 12
# A sweep is given up where it settles less than this share of what is open; so few are open that each is asked for.
_LITTLE, FEW = 0.15, 6
_ROUNDS_OF_BOUNDS = 20
# From so many numbers on an interior point method is faster than simplex; below it takes two to three times as long.
LARGE = 15_000


class Contradiction(Exception):
    """Published counts that cannot all be right: no numbers for what is not shown fit them."""


@dataclass(frozen=True, slots=True)
class Width:
    """How wide a range must be: one whole number beside the least, or `share` of the least where that is more.

    What certainly counts `ample` or more is nobody's small count: there the share is of `ample`.
    """

    share: float
    ample: int

    def of(self, low: Counts) -> Counts:
        """The width wanted of ranges that begin at `low`."""
        wanted: Counts = np.maximum(1.0, self.share * np.clip(low, 0, self.ample))
        return wanted


class RangeFinder:
    """Finds the ranges of `unknowns`: values `low` and `high` within each, which are its ends where `is_exact`.

    Values seen in earlier solutions of the same system, or of one with fewer unknowns, may be given in `low` and
    `high`: they are in the range still.
    """

    def __init__(self, unknowns: Unknowns, width: Width, *, low: Counts | None = None, high: Counts | None = None):
        self.unknowns = unknowns
        self.width = width
        self.least, self.most = narrow_bounds(unknowns)
        self.low = np.full(len(unknowns), np.inf) if low is None else low
        self.high = np.full(len(unknowns), -np.inf) if high is None else high
        self.is_exact = np.zeros(len(unknowns), dtype=np.bool_)
        self.solved = 0
        self._numbers = np.random.default_rng(20181012)

    def find(self, wanted: Flags, progress: Callable[[int, int], None] | None = None) -> None:
        """Look for the ranges of those `wanted`, as far as it takes to see that they are wide. Raises
        `Contradiction`. `progress` is told for how many of how many it is known.
        """
        self.sweep(wanted)
        waiting = np.flatnonzero(wanted & ~self.is_exact & ~self.is_wide())
        for done, number in enumerate(waiting):
            if progress:
                progress(len(wanted) - len(waiting) + done, len(wanted))
            if not self.is_wide()[number]:
                self._find_ends(int(number))
        if progress:
            progress(len(wanted), len(wanted))

    def is_wide(self) -> Flags:
        """Ranges that are as wide as wanted; or that begin at zero: then it is not told whether anybody is there."""
        wide = np.zeros(len(self.low), dtype=np.bool_)
        seen = np.isfinite(self.low) & np.isfinite(self.high)
        low, high = self.low[seen], self.high[seen]
        wide[seen] = (high - low >= self.width.of(low) - EXACT) | (low < EXACT)
        return wide

    def see(self, solution: Counts) -> None:
        """Take note of something that may be so."""
        self.low = np.minimum(self.low, solution)
        self.high = np.maximum(self.high, solution)

    def sweep(self, wanted: Flags, most: int = _MOST_SWEEPS, few: int = FEW) -> None:
        """Look at solutions for many numbers at once, as long as they show much and more than `few` are open.

        Raises `Contradiction`.
        """
        fixed = self.most - self.least < EXACT
        self.low[fixed] = self.high[fixed] = self.least[fixed]
        self.is_exact |= fixed
        wanted = wanted & ~fixed
        for sweep in range(most):
            open_ = np.flatnonzero(wanted & ~self.is_wide())
            if len(open_) <= few:
                return
            goes_down = self.least[open_] < EXACT
            # What was seen well above its least goes down now, what was seen at its least goes up.
            seen = np.isfinite(self.high[open_])
            goes_down |= seen & (self.high[open_] - self.least[open_] >= self.width.of(self.least[open_]) - EXACT)
            self.see(self._spread(open_[goes_down], open_[~goes_down]))
            settled = len(open_) - int((wanted & ~self.is_wide()).sum())
            if sweep > 1 and settled < _LITTLE * len(open_):
                return

    def _spread(self, down: Numbers, up: Numbers) -> Counts:
        """A solution with as many as can be of `down` low, and of `up` as wide as wanted above the least seen."""
        base = np.where(np.isfinite(self.low[up]), self.low[up], self.least[up])
        enough = np.minimum(base + self.width.of(base), self.most[up])
        # A second column for what a number has beyond enough: it is worth nothing.
        beyond = np.flatnonzero(self.most[up] > enough)
        first_most = self.most.copy()
        first_most[up] = enough
        goal = np.zeros(len(self.unknowns) + len(beyond))
        goal[down] = self._numbers.uniform(0.5, 1.5, len(down))
        goal[up] = -self._numbers.uniform(0.5, 1.5, len(up))
        least = np.concatenate([self.least, np.zeros(len(beyond))])
        most = np.concatenate([first_most, self.most[up[beyond]] - enough[beyond]])
        found = self._solve(goal, least, most, up[beyond])
        solution = found[: len(self.unknowns)].copy()
        solution[up[beyond]] += found[len(self.unknowns) :]
        return solution

    def _find_ends(self, number: int) -> None:
        goal = np.zeros(len(self.unknowns))
        for sign in (1.0, -1.0):
            goal[number] = sign
            self.see(self._solve(goal, self.least, self.most, np.zeros(0, dtype=np.int64)))
        self.is_exact[number] = True

    def _solve(self, goal: Counts, least: Counts, most: Counts, twice: Numbers) -> Counts:
        system = self.unknowns
        self.solved += 1
        return solve(
            goal,
            (_with_twice(system.equal, twice), system.equal_to),
            (_with_twice(system.at_most, twice), system.limit),
            (least, most),
        )


def solve(
    goal: Counts, equal: tuple[csr_array, Counts], at_most: tuple[csr_array, Counts], bounds: tuple[Counts, Counts]
) -> Counts:
    """The values that make `goal @ x` least. Raises `Contradiction` where there are none."""
    methods = ("highs-ds", "highs-ipm") if len(goal) < LARGE else ("highs-ipm", "highs-ds")
    for method in methods:
        found = linprog(
            goal,
            A_ub=at_most[0],
            b_ub=at_most[1],
            A_eq=equal[0],
            b_eq=equal[1],
            bounds=np.stack(bounds, axis=1),
            method=method,
        )
        if found.status == 0:
            solution: Counts = found.x
            return solution
    raise Contradiction(found.message)


def _with_twice(rows: csr_array, columns: NDArray[np.int64]) -> csr_array:
    return csr_array(hstack([rows, rows[:, columns]])) if len(columns) else rows


def narrow_bounds(unknowns: Unknowns) -> tuple[Counts, Counts]:
    """Bounds that each row by itself gives, again and again: whole numbers, never narrower than the true range."""
    least, most = unknowns.least.copy(), unknowns.most.copy()
    rows = [
        _Terms(unknowns.equal, unknowns.equal_to),
        _Terms(csr_array(-unknowns.equal), -unknowns.equal_to),
        _Terms(unknowns.at_most, unknowns.limit),
    ]
    for _ in range(_ROUNDS_OF_BOUNDS):
        before = least.copy(), most.copy()
        for each in rows:
            each.narrow(least, most)
        if (least > most + EXACT).any():
            raise Contradiction("no number fits")
        if np.array_equal(before[0], least) and np.array_equal(before[1], most):
            break
    return np.ceil(least - EXACT), np.floor(most + EXACT)


class _Terms:
    """The terms of rows `matrix @ x <= limit`."""

    def __init__(self, matrix: csr_array, limit: Counts) -> None:
        self.number = matrix.shape[0]
        self.row = np.repeat(np.arange(self.number), np.diff(matrix.indptr))
        self.column, self.sign, self.limit = matrix.indices, matrix.data, limit

    def narrow(self, least: Counts, most: Counts) -> None:
        """What each row says of each of its numbers, given the bounds of the others."""
        smallest = np.where(self.sign > 0, least[self.column], -most[self.column])
        endless = ~np.isfinite(smallest)
        smallest[endless] = 0
        sums = np.bincount(self.row, weights=smallest, minlength=self.number)
        without_end = np.bincount(self.row, weights=endless, minlength=self.number)
        told = without_end[self.row] - endless == 0
        room = self.limit[self.row] - sums[self.row] + smallest
        grows, shrinks = told & (self.sign > 0), told & (self.sign < 0)
        np.minimum.at(most, self.column[grows], room[grows])
        np.maximum.at(least, self.column[shrinks], -room[shrinks])
