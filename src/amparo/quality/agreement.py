"""How far two coders agree beyond chance, field by field. Pure.

Cohen's κ: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960);
weighted: J. Cohen, Psychological Bulletin 70 (1968), here with linear weights. Its standard error: J. L. Fleiss,
J. Cohen, B. S. Everitt, Psychological Bulletin 72 (1969). Krippendorff's α for nominal values: K. Krippendorff,
Computing Krippendorff's Alpha-Reliability (2011), by the library krippendorff.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Below this a coefficient says more of the sample than of the coding: a convention, and ours.
LEAST_CASES = 30
# Krippendorff, Content Analysis (2004), chapter 11: rely on α from .800; from .667 draw tentative conclusions only.
RELIABLE, TENTATIVE = 0.8, 0.667
_NORMAL_95 = 1.959963984540054


class Reading(StrEnum):
    """How a coefficient may be read."""

    TOO_FEW = "too-few"
    NO_VARIATION = "no-variation"
    RELIABLE = "reliable"
    TENTATIVE = "tentative"
    NOT_RELIABLE = "not-reliable"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's κ with its 95 per cent interval; `value` is None where both gave every case the same one code.

    `low` and `high` are None where κ has no variance to estimate, as where all pairs agree.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two codings of the same cases have in common. `table` counts pairs: rows are the first coding's codes.

    `weighted` is there for ordered codes only, over the pairs in which both gave a code that has a place in the order.
    """

    codes: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    number: int
    agreed: int
    kappa: Kappa
    weighted: Kappa | None
    in_order: int
    alpha: float | None

    @property
    def share(self) -> float | None:
        """The share of cases on which both agree; None where none were coded twice."""
        return self.agreed / self.number if self.number else None

    @property
    def reading(self) -> Reading:
        """How α may be read."""
        if self.number < LEAST_CASES:
            return Reading.TOO_FEW
        if self.alpha is None:
            return Reading.NO_VARIATION
        if self.alpha >= RELIABLE:
            return Reading.RELIABLE
        return Reading.TENTATIVE if self.alpha >= TENTATIVE else Reading.NOT_RELIABLE


def compare_codings(pairs: Sequence[tuple[str, str]], ordered: Sequence[str] = ()) -> Agreement:
    """The agreement of two codings; `ordered` are the codes in their order, where they have one."""
    counted = Counter(pairs)
    met = {code for pair in counted for code in pair}
    codes = (*(code for code in ordered if code in met), *sorted(met - set(ordered)))
    table = tuple(tuple(counted[one, other] for other in codes) for one in codes)
    in_order = {pair: number for pair, number in counted.items() if set(pair) <= set(ordered)}
    scale = [[in_order.get((one, other), 0) for other in ordered] for one in ordered]
    return Agreement(
        codes,
        table,
        len(pairs),
        sum(one == other for one, other in pairs),
        cohen_kappa(table),
        cohen_kappa(scale, linear_weights(len(ordered))) if ordered else None,
        sum(in_order.values()),
        krippendorff_alpha(pairs),
    )


def cohen_kappa(table: Sequence[Sequence[int]], weights: Floats | None = None) -> Kappa:
    """κ of a square table of counts. `weights` are of agreement: 1 on the diagonal, less beside it; without them, 0."""
    counts = np.asarray(table, dtype=np.float64)
    number = float(counts.sum())
    if not number:
        return Kappa(None)
    shares = counts / number
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    weight = np.eye(len(counts)) if weights is None else weights
    observed = float((weight * shares).sum())
    expected = float(rows @ weight @ columns)
    if math.isclose(expected, 1.0):
        return Kappa(None)
    kappa = (observed - expected) / (1 - expected)
    of_rows, of_columns = weight @ columns, rows @ weight
    bracket = weight - (of_rows[:, None] + of_columns[None, :]) * (1 - kappa)
    spread = float((shares * bracket**2).sum()) - (kappa - expected * (1 - kappa)) ** 2
    error = math.sqrt(max(spread, 0.0) / number) / (1 - expected)
    if math.isclose(error, 0.0, abs_tol=1e-9):
        return Kappa(kappa)
    return Kappa(kappa, max(-1.0, kappa - _NORMAL_95 * error), min(1.0, kappa + _NORMAL_95 * error))


def linear_weights(size: int) -> Floats:
    """How much two codes of an order of `size` agree: 1 where they are the same, 0 at its two ends."""
    places = np.arange(size, dtype=np.float64)
    apart: Floats = np.abs(places[:, None] - places[None, :])
    return 1 - apart / max(size - 1, 1)


def krippendorff_alpha(pairs: Sequence[Sequence[str | None]]) -> float | None:
    """α for nominal codes: of each case the codes that its coders gave, None for one who gave none.

    None where no case has two codes, or all codes are the same one.
    """
    values = sorted({code for pair in pairs for code in pair if code is not None})
    place = {code: number for number, code in enumerate(values)}
    counts = np.zeros((len(pairs), len(values)), dtype=np.int64)
    for row, pair in enumerate(pairs):
        for code in pair:
            if code is not None:
                counts[row, place[code]] += 1
    pairable = counts[counts.sum(axis=1) > 1]
    if np.count_nonzero(pairable.sum(axis=0)) < 2:
        return None
    alpha: Any = krippendorff.alpha(value_counts=pairable, level_of_measurement="nominal")
    return float(alpha)
