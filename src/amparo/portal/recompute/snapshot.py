"""A release counted again from the coded facts that were kept for it: inside the house only. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

# What each measure counts the distinct values of.
COUNTED = {"victims": "victim_id", "acts": "act_id", "incidents": "incident_id"}
FINEST = 3
# Dimensions that are computed from columns of the plane; the others are columns, lists where there can be several.
_COMPUTED = {
    "calendar_month": (
        "CASE WHEN year IS NULL THEN 'unknown' WHEN month IS NULL THEN year || '-XX' "
        "ELSE year || '-' || lpad(month::VARCHAR, 2, '0') END"
    )
}
_LISTS = frozenset({"profile", "perpetrator"})


@dataclass(frozen=True, slots=True)
class Miscounted:
    """A published cell that the facts do not give: its codes by dimension, and both counts (None: not there)."""

    dataset: str
    cell: Mapping[str, str]
    measure: str
    published: int | None
    counted: int | None


@dataclass(slots=True)
class Recount:
    """How many cells of how many tables were counted again, and how many of them are not shown."""

    tables: int = 0
    cells: int = 0
    hidden: int = 0


class SnapshotMissing(Exception):
    """There is no snapshot of a dataset of this release. `dataset` is its code."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        super().__init__(dataset)


def recount(
    cells: Path, snapshots: Mapping[str, Path], tables: list[Mapping[str, object]], done: Recount
) -> Iterator[Miscounted]:
    """Every published cell that the snapshots do not give. `tables` is the manifest's list of them; `done` is filled.

    `snapshots` is where the facts of each dataset lie.

    A cell that is not shown must be there in the facts; one that is not published, in a table of up to two dimensions,
    must be zero. Raises `SnapshotMissing`.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cells AS SELECT * FROM read_parquet(?)", [str(cells)])
        for dataset in sorted({str(each["dataset"]) for each in tables}):
            snapshot = snapshots[dataset]
            if not snapshot.exists():
                raise SnapshotMissing(dataset)
            connection.execute("CREATE OR REPLACE TABLE facts AS SELECT * FROM read_parquet(?)", [str(snapshot)])
            for table in tables:
                if table["dataset"] == dataset:
                    yield from _recount_table(connection, dataset, [*map(str, table["dimensions"])], done)  # type: ignore[call-overload]


def _recount_table(
    connection: duckdb.DuckDBPyConnection, dataset: str, dimensions: list[str], done: Recount
) -> Iterator[Miscounted]:
    done.tables += 1
    codes = [f"code_{number}" for number in range(1, len(dimensions) + 1)]
    listed = "".join(f"{code}, " for code in codes)
    joined = " AND ".join(f"p.{code} = f.{code}" for code in codes) or "true"
    places = "".join(f"coalesce(p.{code}, f.{code}), " for code in codes)
    counts = ", ".join(f"p.{measure}, f.{measure}" for measure in COUNTED)
    rows = connection.execute(
        f"WITH f AS ({_count(dimensions, codes)}) SELECT {places}p.shown, {counts} "  # noqa: S608  (names of ours)
        f"FROM (SELECT {listed}shown, {', '.join(COUNTED)} FROM cells WHERE dataset = ? AND dimensions = ?) AS p "
        f"FULL JOIN (SELECT * FROM f WHERE {' + '.join(COUNTED)} > 0) AS f ON {joined}",
        [dataset, ",".join(dimensions)],
    ).fetchall()
    for row in rows:
        place, shown, numbers = row[: len(codes)], row[len(codes)], row[len(codes) + 1 :]
        if shown is None and len(dimensions) == FINEST:
            # The finest tables list what is shown, and nothing else.
            continue
        done.cells += 1
        done.hidden += shown is False
        cell = dict(zip(dimensions, map(str, place), strict=True))
        for measure, published, now in zip(COUNTED, numbers[::2], numbers[1::2], strict=True):
            if now is None or (shown is not False and published != now):
                yield Miscounted(dataset, cell, measure, published, now)


def _count(dimensions: list[str], codes: list[str]) -> str:
    """SQL: the facts counted by `dimensions`; a list has a row for each of its codes, with each of another list's."""
    said = [f"{_expression(each)} AS {code}" for each, code in zip(dimensions, codes, strict=True)]
    lists = "".join(f", unnest(facts.{each}) AS of_{each}(one_{each})" for each in dimensions if each in _LISTS)
    counted = [f"count(DISTINCT {column}) AS {measure}" for measure, column in COUNTED.items()]
    grouped = f" GROUP BY {', '.join(codes)}" if codes else ""
    return f"SELECT {', '.join([*said, *counted])} FROM facts{lists}{grouped}"  # noqa: S608  (names of ours)


def _expression(dimension: str) -> str:
    if dimension in _LISTS:
        return f"one_{dimension}"
    return _COMPUTED.get(dimension, f"coalesce(facts.{dimension}::VARCHAR, 'unknown')")
