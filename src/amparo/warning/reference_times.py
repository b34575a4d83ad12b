"""Which counts before a judged time it is compared with, and in which season each lies. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from amparo.warning.detection import Integers
from amparo.warning.problems import WarningRefused


@dataclass(frozen=True, slots=True)
class ReferenceWindow:
    """How far back, and how wide: `years` of `frequency` counts, `half_width` counts on each side of the same season.

    `periods` 1 takes the windows alone; more divide the whole years, the windows being the last period. The last
    `excluded` counts before the judged one are left out, so that what begins now does not hide itself.
    """

    years: int
    half_width: int
    frequency: int
    periods: int
    excluded: int

    @property
    def needed(self) -> int:
        """Counts needed before the judged one."""
        return self.years * self.frequency + self.half_width


@dataclass(frozen=True, slots=True)
class SameSeason:
    """`half_width` counts on each side of the same season in `years` years of `frequency` counts before, and, with
    `this_year`, the last `half_width` counts."""

    frequency: int
    years: int = 4
    half_width: int = 3
    this_year: bool = True

    @property
    def offsets(self) -> Integers:
        """Where the references lie before the judged time."""
        around = np.arange(-self.half_width, self.half_width + 1)
        years = np.arange(self.years, 0, -1)
        recent = np.arange(-self.half_width, 0) if self.this_year else np.arange(0)
        return np.concatenate(((-years[:, None] * self.frequency + around).ravel(), recent))

    @property
    def needed(self) -> int:
        """Counts needed before the first judged one; 0 where there are no references."""
        return -int(self.offsets.min(initial=0))


@dataclass(frozen=True, slots=True)
class References:
    """Positions before the judged time (negative offsets) and the period of each, from 0; the judged time is in
    `current`.
    """

    offset: Integers
    period: Integers
    current: int


def lay_out_references(window: ReferenceWindow, centres: Sequence[int]) -> References:
    """The references of a judged time whose season was at `centres` (negative offsets, the oldest first) before.

    Raises WarningRefused where windows overlap, or where the years cannot be divided as asked.
    """
    _check_window(window)
    around = range(-window.half_width, window.half_width + 1)
    if window.periods == 1:
        # Windows are taken whole, but for what is too near.
        offsets = [centre + each for centre in (*centres, 0) for each in around]
        kept = [offset for offset in offsets if offset < -window.excluded]
        return _checked(np.array(kept, dtype=np.int64), np.zeros(len(kept), dtype=np.int64), window)
    current = window.periods - 1
    period_at: dict[int, int] = {}
    period_at |= dict.fromkeys((centre + each for centre in (*centres, 0) for each in around), current)
    for centre, following in pairwise([*centres, 0]):
        between = range(centre + window.half_width + 1, following - window.half_width)
        # As equal as whole counts allow, the longer periods first.
        for period, part in enumerate(np.array_split(np.array(between), current)):
            period_at |= dict.fromkeys(part.tolist(), period)
    kept = [offset for offset in sorted(period_at) if offset < -window.excluded]
    return _checked(np.array(kept, dtype=np.int64), np.array([period_at[offset] for offset in kept]), window)


def _check_window(window: ReferenceWindow) -> None:
    width = 2 * window.half_width + 1
    if width > window.frequency:
        raise WarningRefused("windows-overlap", width=width, frequency=window.frequency)
    if window.frequency - width < window.periods - 1:
        raise WarningRefused("too-many-periods", frequency=window.frequency, periods=window.periods)


def _checked(offset: Integers, period: Integers, window: ReferenceWindow) -> References:
    # A level a period and a trend leave at least two counts to tell the dispersion by.
    if len(np.unique(period)) < window.periods or len(offset) < window.periods + 3:
        raise WarningRefused("too-few-references")
    return References(offset, period, window.periods - 1)


def find_centres(window: ReferenceWindow, position: int, dates: Sequence[date] | None) -> tuple[int, ...]:
    """Where the season of `position` (from 0) was in the years before, as negative offsets, the oldest first.

    Without dates a year is `frequency` counts. With them it is a year of the calendar, and the nearest count is taken:
    52 weeks are a day or two short of a year.
    """
    if dates is None:
        return tuple(-year * window.frequency for year in range(window.years, 0, -1))
    today = dates[position]
    days = np.array([each.toordinal() for each in dates[:position]])
    past = [_years_before(today, year).toordinal() for year in range(window.years, 0, -1)]
    return tuple(int(np.abs(days - day).argmin()) - position for day in past)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        # 29 February: the day after the 28th.
        return date(day.year - years, 3, 1)
