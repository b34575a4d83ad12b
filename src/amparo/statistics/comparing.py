"""What differs between two releases, cell by cell, read from their published files alone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from amparo.statistics.published import MOST_DIMENSIONS

MEASURES = ("victims", "acts", "incidents")
# How a cell of one release stands to that of another.
CHANGED, SHOWN, HIDDEN, ADDED, GONE = "changed", "newly-shown", "no-longer-shown", "added", "gone"
KINDS = (CHANGED, SHOWN, HIDDEN, ADDED, GONE)
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs: where it is, how, and its counts before and after; None where not shown or not there."""

    dataset: str
    dimensions: tuple[str, ...]
    codes: tuple[str, ...]
    kind: str
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]


def compare_cells(before: Path, after: Path) -> Iterator[Difference]:
    """Every cell that differs between two files `cells.parquet`, in their order of datasets, tables and codes.

    "added" and "gone" are cells that only one file has: of tables of up to two dimensions these were counted as zero in
    the other; of the finest ones nobody can tell. Counts come in the order of `MEASURES`.
    """
    codes = [f"code_{number}" for number in range(1, MOST_DIMENSIONS + 1)]
    keys = ["dataset", "dimensions", *codes]
    joined = " AND ".join(f"a.{key} IS NOT DISTINCT FROM b.{key}" for key in keys)
    said = ", ".join(f"coalesce(a.{key}, b.{key})" for key in keys)
    counts = ", ".join(f"{side}.{measure}" for side in "ab" for measure in MEASURES)
    differs = " OR ".join(f"a.{measure} IS DISTINCT FROM b.{measure}" for measure in MEASURES)
    order = ", ".join(str(number) for number in range(1, len(keys) + 1))
    query = (
        f"SELECT {said}, a.shown, b.shown, {counts} "  # noqa: S608  (names of ours; the paths are parameters)
        f"FROM read_parquet(?) AS a FULL JOIN read_parquet(?) AS b ON {joined} "
        f"WHERE a.shown IS DISTINCT FROM b.shown OR {differs} ORDER BY {order}"
    )
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(query, [str(before), str(after)])
        while rows := found.fetchmany(_AT_ONCE):
            yield from (_difference(row) for row in rows)


def _difference(row: tuple[object, ...]) -> Difference:
    dataset, dimensions, *rest = row
    codes, (was_shown, is_shown), counts = (
        rest[:MOST_DIMENSIONS],
        rest[MOST_DIMENSIONS:][:2],
        rest[-2 * len(MEASURES) :],
    )
    return Difference(
        str(dataset),
        tuple(filter(None, str(dimensions).split(","))),
        tuple(str(code) for code in codes if code is not None),
        _kind(was_shown, is_shown),
        tuple(counts[: len(MEASURES)]),  # type: ignore[arg-type]
        tuple(counts[len(MEASURES) :]),  # type: ignore[arg-type]
    )


def _kind(was_shown: object, is_shown: object) -> str:
    if was_shown is None:
        return ADDED
    if is_shown is None:
        return GONE
    if was_shown == is_shown:
        return CHANGED
    return SHOWN if is_shown else HIDDEN
