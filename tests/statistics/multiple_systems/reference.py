"""The published lists and what was published of them: the tests' reference."""

import csv
from pathlib import Path

import numpy as np

from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.reading import read_table


def read_reference(shared_data: Path, name: str) -> list[dict[str, str]]:
    """The rows of a file of reference results."""
    with (_folder(shared_data) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_lists(shared_data: Path, name: str) -> Histories:
    """A published table of lists."""
    return read_table(_folder(shared_data) / name)


def spina_bifida(shared_data: Path) -> Histories:
    """Five lists of children with spina bifida (Madigan and York 1997)."""
    rows = read_reference(shared_data, "dga_madigan_york_spina_5list.csv")
    return Histories(("A", "B", "C", "D", "E"), np.array([int(row["count"]) for row in rows]))


def expected(shared_data: Path, dataset: str, method: str) -> tuple[float, float, float]:
    """Estimate, low and high of the one method of `expected.csv` that begins with `method`."""
    (row,) = (
        row
        for row in read_reference(shared_data, "expected.csv")
        if row["dataset"] == dataset and row["method"].startswith(method)
    )
    return float(row["estimate"]), float(row["lo95"]), float(row["hi95"])


def table(lists: int, **counts: int) -> Histories:
    """Lists A, B, …, by how many victims are on which: table(2, A=3, AB=1)."""
    numbers = np.zeros(1 << lists, dtype=np.int64)
    for names, count in counts.items():
        numbers[sum(1 << "ABCDEF".index(name) for name in names)] = count
    return Histories(tuple("ABCDEF"[:lists]), numbers)


def _folder(shared_data: Path) -> Path:
    return shared_data.parent / "reference" / "multiple-systems-estimation"
