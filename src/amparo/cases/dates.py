"""Dates as sources give them: a day, a month, a year, or a range, with what is not known left unknown. Pure.

Written and stored as EDTF level 0 (ISO 8601-2:2019): "2016-10-22", "2016-10", "2016", "2015-10/2016-06".
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Precision(StrEnum):
    """How exactly a date is known (`vocabularies/data/date-precision.csv`)."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, with month and day where they are known. Raises ValueError for a date that no calendar has."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("A day needs its month.")
        # 0 is what some sources write for "not known"; it must be read as that before it comes here.
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def read(cls, written: str) -> Self:
        """The date in "2016", "2016-10" or "2016-10-22". Raises ValueError for anything else."""
        parts = _WRITTEN.fullmatch(written)
        if not parts:
            raise ValueError("A date is written 2016, 2016-10 or 2016-10-22.")
        return cls(*(int(part) if part else None for part in parts.groups()))  # type: ignore[arg-type]

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)])


@dataclass(frozen=True, slots=True)
class EventDate:
    """When something happened: one partial date, or a range of two. Raises ValueError for a range that runs back."""

    start: PartialDate
    end: PartialDate | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end.latest < self.start.earliest:
            raise ValueError("The end of a range cannot lie before its start.")

    @classmethod
    def read(cls, written: str) -> Self:
        """The date in EDTF level 0. Raises ValueError for anything else."""
        start, slash, end = written.partition("/")
        return cls(PartialDate.read(start), PartialDate.read(end) if slash else None)

    @property
    def earliest(self) -> date:
        return self.start.earliest

    @property
    def latest(self) -> date:
        return (self.end or self.start).latest

    @property
    def precision(self) -> Precision:
        if self.end is not None:
            return Precision.RANGE
        if self.start.day is not None:
            return Precision.DAY
        return Precision.YEAR if self.start.month is None else Precision.MONTH

    @property
    def year(self) -> int | None:
        """The year, where the whole date lies in one."""
        return self.earliest.year if self.earliest.year == self.latest.year else None

    @property
    def month(self) -> int | None:
        """The month (1–12), where the whole date lies in one."""
        same = self.year is not None and self.earliest.month == self.latest.month
        return self.earliest.month if same else None

    def __str__(self) -> str:
        return str(self.start) if self.end is None else f"{self.start}/{self.end}"
