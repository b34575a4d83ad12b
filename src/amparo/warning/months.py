"""Months as numbers, so that they can be counted with. Pure."""

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of_number(cls, number: int) -> "Month":
        return cls(number // 12, number % 12 + 1)

    @property
    def number(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def later(self, months: int) -> "Month":
        return Month.of_number(self.number + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def read_month(text: str) -> Month | None:
    """The month that 2020-08 or a day of it names; None for anything else."""
    found = _WRITTEN.fullmatch(text[:7])
    return Month(int(found[1]), int(found[2])) if found and int(found[1]) and 1 <= int(found[2]) <= 12 else None
