"""The reference results of the shared data, as arrays."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from amparo.warning.detection import Detection, Floats, Truths
from tests.conftest import SHARED_DATA

FOLDER = SHARED_DATA.parent / "reference" / "early-warning"
Rows = list[dict[str, str]]


def read_rows(name: str) -> Rows:
    path = FOLDER / name
    assert path.is_file(), f"These tests compare with {path.name} of the shared reference results: it is missing."
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        return list(csv.DictReader(file))


def column(rows: Rows, name: str) -> Floats:
    """The numbers of a column, as one series."""
    return np.array([[as_number(row[name]) for row in rows]])


def as_number(text: str) -> float:
    return np.nan if text in ("", "NA") else float(text)


def days(rows: Rows) -> tuple[date, ...]:
    return tuple(date.fromisoformat(row["date"]) for row in rows)


def group_rows(rows: Iterable[dict[str, str]], *names: str) -> dict[tuple[str, ...], Rows]:
    groups: dict[tuple[str, ...], Rows] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return groups


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reference gives for the judged times of each series. Arrays are (series, times)."""

    first: int
    upperbound: Floats
    alarm: Truths


def expect(groups: Iterable[Rows], bound: str = "upper") -> Expected:
    groups = list(groups)
    return Expected(
        first=int(groups[0][0]["t"]),
        upperbound=np.array([[as_number(row[bound]) for row in rows] for rows in groups]),
        alarm=np.array([[row["alarm"].upper() in ("TRUE", "1") for row in rows] for rows in groups]),
    )


def assert_agrees(found: Detection, expected: Expected, *, exact: bool = False, absolute: float = 0.0) -> None:
    """Equal alarms, bounds missing at the same places, and equal (`exact`) or within 1e-6 of each other."""
    assert found.first == expected.first
    np.testing.assert_array_equal(found.alarm, expected.alarm)
    if exact:
        np.testing.assert_array_equal(found.upperbound, expected.upperbound)
    else:
        np.testing.assert_allclose(found.upperbound, expected.upperbound, rtol=1e-6, atol=absolute)
    assert np.isfinite(expected.upperbound).sum() > 0
