"""How long things take: median and quartiles of days, with what is not done yet apart. Pure.

Quantiles of kind 7 (R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50,
1996), as spreadsheets give them. A step that isn't done yet is not late for that, and one that ends before it began is
an error in the data and no delay: both are counted apart, after the 7-1-7 target of epidemic intelligence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Of fewer intervals no quartile is shown: two or three numbers are no distribution.
LEAST_INTERVALS = 5


@dataclass(frozen=True, slots=True)
class Delays:
    """`done` intervals in days with their quartiles; `negative` are errors in data; `waiting` aren't done yet.

    `late` of those that wait have waited longer already than three quarters of those that are done took.
    """

    done: int
    lower: float | None
    median: float | None
    upper: float | None
    negative: int
    waiting: int
    late: int


def summarise(days: Mapping[int, int], waiting: Mapping[int, int] | None = None) -> Delays:
    """What `days` (days → how many took them) and `waiting` (days waited so far → how many) come to."""
    taken = {each: number for each, number in days.items() if each >= 0}
    done = sum(taken.values())
    enough = done >= LEAST_INTERVALS
    upper = quantile(taken, 0.75) if enough else None
    not_yet = waiting or {}
    return Delays(
        done,
        quantile(taken, 0.25) if enough else None,
        quantile(taken, 0.5) if enough else None,
        upper,
        sum(number for each, number in days.items() if each < 0),
        sum(not_yet.values()),
        sum(number for each, number in not_yet.items() if upper is not None and each > upper),
    )


def quantile(values: Mapping[int, int], share: float) -> float | None:
    """The quantile of values that are there as often as `values` says; None where there are none."""
    number = sum(values.values())
    if not number:
        return None
    place = (number - 1) * share
    below = int(place)
    low, high = _at(values, below), _at(values, min(below + 1, number - 1))
    return low + (high - low) * (place - below)


def _at(values: Mapping[int, int], place: int) -> int:
    """The value at `place`, from 0, of all in their order."""
    passed = 0
    for value in sorted(values):
        passed += values[value]
        if passed > place:
            return value
    raise IndexError(place)
