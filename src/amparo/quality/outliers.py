"""What stands out in counts: far more than usual, heaped on the first of a month, nearly all from one source. Pure.

Far more than usual: the modified z-score over the median absolute deviation, B. Iglewicz and D. C. Hoaglin, How to
Detect and Handle Outliers (1993), with their limit of 3.5. Heaping: the share of dates on some days of the calendar
over the share that an even year would have, read by the classes that the United Nations use for Whipple's index of
heaped ages (Demographic Yearbook: "very rough" from 1.75), and only where chance alone would seldom give as much.
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
LIMIT = 3.5
LEAST_VALUES = 10
# On most days there is one record or none: a handful on one day is then far above the others, and still nothing odd.
LEAST_COUNT = 10
HEAPED, BY_CHANCE = 1.75, 0.001
LEAST_DATES = 20
NEARLY_ALL = 0.9
_DAYS = 365.2425
_OF_NORMAL_MAD, _OF_NORMAL_MEAN = 1.482602, 1.253314


@dataclass(frozen=True, slots=True)
class High(Generic[Key]):
    """A count that is far above the others; `score` is its modified z-score."""

    key: Key
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Heaping:
    """How many of `number` dates lie on some days of the year, and how many would if all days were alike."""

    number: int
    heaped: int
    expected: float

    @property
    def ratio(self) -> float | None:
        """Found over expected; None where there are too few dates to say."""
        return self.heaped / self.expected if self.number >= LEAST_DATES else None

    @property
    def stands_out(self) -> bool:
        """Whether there are so many that somebody should look."""
        if self.ratio is None or self.ratio < HEAPED:
            return False
        return chance_of_as_many(self.heaped, self.number, self.expected / self.number) < BY_CHANCE


@dataclass(frozen=True, slots=True)
class Concentration(Generic[Key]):
    """The key with the largest part of all, and its share."""

    key: Key
    count: int
    share: float


def find_high(counts: Mapping[Key, int]) -> list[High[Key]]:
    """The counts far above what is usual among `counts`, the highest first; none where there are too few to say."""
    if len(counts) < LEAST_VALUES:
        return []
    middle = median(counts.values())
    apart = [abs(count - middle) for count in counts.values()]
    # Where more than half are the same the median deviation is 0; then the mean one stands in (Iglewicz and Hoaglin).
    scale = _OF_NORMAL_MAD * median(apart) or _OF_NORMAL_MEAN * fmean(apart)
    if not scale:
        return []
    found = (High(key, count, (count - middle) / scale) for key, count in counts.items())
    high = [each for each in found if each.score > LIMIT and each.count >= LEAST_COUNT]
    return sorted(high, key=lambda each: (-each.score, str(each.key)))


def first_of_january(dates: Mapping[date, int]) -> Heaping:
    """How far dates heap on 1 January."""
    number = sum(dates.values())
    heaped = sum(count for day, count in dates.items() if (day.month, day.day) == (1, 1))
    return Heaping(number, heaped, number / _DAYS)


def first_of_month(dates: Mapping[date, int]) -> Heaping:
    """How far dates heap on the first day of the other months."""
    number = sum(dates.values())
    heaped = sum(count for day, count in dates.items() if day.day == 1 and day.month != 1)
    return Heaping(number, heaped, number * 11 / _DAYS)


def nearly_all_from_one(counts: Mapping[Key, int], number: int) -> Concentration[Key] | None:
    """The key that has nearly all of `number` things; None where none has, or there are too few to say."""
    if number < LEAST_DATES or not counts:
        return None
    key, count = max(counts.items(), key=lambda each: (each[1], str(each[0])))
    return Concentration(key, count, count / number) if count / number >= NEARLY_ALL else None


def chance_of_as_many(found: int, number: int, share: float) -> float:
    """The chance of `found` or more out of `number`, each with the chance `share`: the upper tail of the binomial."""
    if found <= 0:
        return 1.0
    if share <= 0 or share >= 1:
        return float(share >= 1)
    below = math.fsum(_binomial(each, number, share) for each in range(found))
    return max(0.0, 1.0 - below)


def _binomial(found: int, number: int, share: float) -> float:
    ways = math.lgamma(number + 1) - math.lgamma(found + 1) - math.lgamma(number - found + 1)
    return math.exp(ways + found * math.log(share) + (number - found) * math.log1p(-share))
