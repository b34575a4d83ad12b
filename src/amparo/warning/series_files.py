"""Series of counts out of a CSV file, and what a detector found into one. Pure."""

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from amparo.warning.detection import Detection, Floats
from amparo.warning.problems import WarningRefused
from amparo.warning.table_files import Row, read_table, write_table

COLUMNS = ("series", "t", "count")
WRITTEN = ("series", "t", "observed", "upperbound", "alarm")
# Beyond, a count would not be kept exactly.
_LARGEST_COUNT = 10**12
_LONGEST_SERIES = 1_000_000


@dataclass(frozen=True, slots=True)
class SeriesBlock:
    """Series with the same times: `counts` is (series, times), the first being time `begin`. `dates`, where the file
    has them, are those of the times.
    """

    names: tuple[str, ...]
    begin: int
    counts: Floats
    dates: tuple[date, ...] | None


@dataclass(frozen=True, slots=True)
class _Row:
    time: int
    count: int
    day: date | None


def read_series(path: Path) -> tuple[SeriesBlock, ...]:
    """The series of a file with the columns series, t and count; with a column date, also the day at which each t
    begins.

    Rows may come in any order, and series may begin and end at different times. Raises WarningRefused for a column
    that is missing, a count that is none, a gap or a doubled t.
    """
    rows = _read_rows(path)
    if not rows:
        raise WarningRefused("no-rows")
    alike: dict[tuple[int, int, tuple[date, ...] | None], list[tuple[str, list[_Row]]]] = {}
    for name, its in rows.items():
        its.sort(key=lambda row: row.time)
        _check_times(name, its)
        days = tuple(row.day for row in its if row.day is not None) or None
        alike.setdefault((its[0].time, len(its), days), []).append((name, its))
    return tuple(
        SeriesBlock(
            names=tuple(name for name, _ in members),
            begin=begin,
            counts=np.array([[row.count for row in its] for _, its in members], dtype=np.float64),
            dates=days,
        )
        for (begin, _, days), members in alike.items()
    )


def _read_rows(path: Path) -> dict[str, list[_Row]]:
    rows: dict[str, list[_Row]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in read_table(file, COLUMNS):
                rows.setdefault(row["series"].strip(), []).append(_read_row(row, line))
    except FileNotFoundError:
        raise WarningRefused("no-such-file", path=str(path)) from None
    except IsADirectoryError:
        raise WarningRefused("is-a-folder", path=str(path)) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise WarningRefused("not-readable", path=str(path)) from None
    return rows


def _read_row(row: Row, line: int) -> _Row:
    name, when, count = (row[column].strip() for column in COLUMNS)
    if not name:
        raise WarningRefused("no-series-name", line=line)
    time = _whole(when)
    if time is None or time < 1:
        raise WarningRefused("wrong-time", line=line, value=when)
    number = _whole(count)
    if number is None or not 0 <= number <= _LARGEST_COUNT:
        raise WarningRefused("wrong-count", line=line, series=name, t=time, value=count)
    return _Row(time, number, _read_date(row["date"].strip(), line) if "date" in row else None)


def _whole(text: str) -> int | None:
    """3, and also 3.0, as programs write it."""
    try:
        # 1_000 is a number to Python, and to nobody else.
        value = float(text.replace("_", "?"))
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


def _read_date(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WarningRefused("wrong-date", line=line, value=text) from None


def _check_times(name: str, rows: list[_Row]) -> None:
    for before, after in zip(rows, rows[1:], strict=False):
        if after.time == before.time:
            raise WarningRefused("doubled-time", series=name, t=after.time)
        if after.time != before.time + 1:
            raise WarningRefused("gap", series=name, after=before.time, before=after.time)
        if before.day is not None and after.day is not None and after.day <= before.day:
            raise WarningRefused("dates-not-ascending", series=name, t=after.time)
    if len(rows) > _LONGEST_SERIES:
        raise WarningRefused("series-too-long", series=name, limit=_LONGEST_SERIES)


def write_detections(path: Path, found: Iterable[tuple[SeriesBlock, Detection]]) -> None:
    """One row a series and judged time; the bound is empty where the method gives none. Raises WarningRefused."""
    write_table(path, WRITTEN, (row for block, detection in found for row in _rows(block, detection)))


def _rows(block: SeriesBlock, detection: Detection) -> Iterator[tuple[str, int, int, float | str, bool]]:
    judged = block.counts[:, detection.first - 1 :]
    for name, counts, bounds, alarms in zip(
        block.names, judged.tolist(), detection.upperbound.tolist(), detection.alarm.tolist(), strict=True
    ):
        for time, (count, bound, alarm) in enumerate(
            zip(counts, bounds, alarms, strict=True), block.begin + detection.first - 1
        ):
            yield name, time, int(count), "" if math.isnan(bound) else bound, alarm
