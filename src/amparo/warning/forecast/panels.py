"""Counts of countries by month out of a CSV file, with the conditions that go with them. Pure."""

import csv
import gzip
import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from amparo.vocabularies.places import find_country
from amparo.warning.detection import Floats
from amparo.warning.months import Month, read_month
from amparo.warning.problems import WarningRefused
from amparo.warning.table_files import Row, read_table

_LARGEST_COUNT = 10**6
_LARGEST_FILE = 500_000_000
_MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Panel:
    """`counts` is (countries, months), the first of `begin`; not a number where nothing was reported, which is not 0.

    `countries` are codes of ISO 3166 where the file's name is that of a country, otherwise what the file calls them.
    `conditions` is (countries, months, conditions), not a number where not known.
    """

    countries: tuple[str, ...]
    begin: Month
    counts: Floats
    conditions: Floats

    def month(self, position: int) -> Month:
        return Month.of_number(self.begin.number + position)


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a panel's file are called."""

    country: str = "country"
    month: str = "month"
    count: str = "count"
    conditions: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (self.country, self.month, self.count, *self.conditions)


@dataclass(frozen=True, slots=True)
class _Row:
    country: str
    month: int
    count: float
    conditions: tuple[float, ...]


def read_panel(path: Path, columns: Columns) -> Panel:
    """The panel of a CSV file (or its gzip) with one row a country and month (2020-08).

    Several rows for one country and month are added: States that come and go have months under two numbers. Raises
    WarningRefused.
    """
    rows = _read_rows(path, columns)
    if not rows:
        raise WarningRefused("no-rows")
    countries = sorted({row.country for row in rows})
    begin, end = min(row.month for row in rows), max(row.month for row in rows)
    if len(countries) * (end - begin + 1) > _MOST_CELLS:
        raise WarningRefused("panel-too-large", limit=_MOST_CELLS)
    place = {country: position for position, country in enumerate(countries)}
    counts = np.full((len(countries), end - begin + 1), np.nan)
    conditions = np.full((*counts.shape, len(columns.conditions)), np.nan)
    for row in rows:
        at = place[row.country], row.month - begin
        counts[at] = row.count + (0 if np.isnan(counts[at]) else counts[at])
        conditions[at] = row.conditions
    return Panel(tuple(countries), Month.of_number(begin), counts, conditions)


def _read_rows(path: Path, columns: Columns) -> list[_Row]:
    try:
        text = _read_text(path)
    except FileNotFoundError:
        raise WarningRefused("no-such-file", path=str(path)) from None
    except IsADirectoryError:
        raise WarningRefused("is-a-folder", path=str(path)) from None
    except (OSError, EOFError, UnicodeDecodeError):
        raise WarningRefused("not-readable", path=str(path)) from None
    try:
        rows = read_table(io.StringIO(text, newline=""), columns.all)
        return [_read_row(row, line, columns) for line, row in rows]
    except csv.Error:
        raise WarningRefused("not-readable", path=str(path)) from None


def _read_text(path: Path) -> str:
    raw = path.open("rb")
    with raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
        content = file.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise WarningRefused("panel-too-large", limit=_MOST_CELLS)
    return content.decode("utf-8-sig")


def _read_row(row: Row, line: int, columns: Columns) -> _Row:
    country = row[columns.country].strip()
    if not country:
        raise WarningRefused("no-country", line=line)
    return _Row(
        _code(country),
        _read_month(row[columns.month].strip(), line),
        _read_count(row[columns.count].strip(), line),
        tuple(_read_condition(row[name]) for name in columns.conditions),
    )


def _code(name: str) -> str:
    return find_country(name) or name


def _read_month(text: str, line: int) -> int:
    month = read_month(text)
    if month is None:
        raise WarningRefused("wrong-month", line=line, value=text)
    return month.number


def _read_count(text: str, line: int) -> float:
    try:
        count = float(text) if text else math.nan
    except ValueError:
        count = -1.0
    if not (math.isnan(count) or (0 <= count < _LARGEST_COUNT and count == int(count))):
        raise WarningRefused("wrong-panel-count", line=line, value=text, limit=_LARGEST_COUNT)
    return count


def _read_condition(text: str) -> float:
    """Conditions are told by others in their own ways: what is no number is not known."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def carry_forward(values: Floats) -> Floats:
    """`values` (countries, months, …) with what is not known taken from the month before; 0 before anything is."""
    known = np.isfinite(values)
    last = np.where(known, np.arange(values.shape[1])[None, :, None], 0)
    np.maximum.accumulate(last, axis=1, out=last)
    carried = np.take_along_axis(values, last, axis=1)
    return np.where(np.isfinite(carried), carried, 0.0)
