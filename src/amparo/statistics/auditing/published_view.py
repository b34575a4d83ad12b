"""What anybody can read of a release: its cells, shown or not, and nothing of what they were counted from. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from amparo.statistics.family import MEASURES, UNKNOWN, Family, Protected
from amparo.statistics.published import HIERARCHIES, MOST_DIMENSIONS, PUBLISHED, TableSet
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.places import ganhri_network, regional_group

Numbers = NDArray[np.int64]
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class SeenTable:
    """One published table: `codes[:, i]` are numbers of codes of the i-th dimension; `keys` are sorted and unique.

    `counts[:, i]` are the counts in the i-th measure, NaN where they are not shown.
    """

    dimensions: TableSet
    codes: Numbers
    keys: Numbers
    counts: Counts

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: Numbers) -> Numbers:
        """The place of each of `keys` in this table; -1 where it is not there."""
        if not len(self):
            return np.full(len(keys), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        return np.where(self.keys[places] == keys, places, -1).astype(np.int64)


@dataclass(frozen=True)
class SeenDataset:
    """All tables of one dataset in one release."""

    release: str
    dataset: str
    threshold: int
    codes: Mapping[str, tuple[str, ...]]
    belongs: Mapping[tuple[str, str], Mapping[str, str]]
    tables: Mapping[TableSet, SeenTable]

    @cached_property
    def groups(self) -> dict[tuple[str, str], Numbers]:
        """`groups[part, whole]`: the number of the code of `whole` that each code of `part` belongs to; -1 where that
        is not published.
        """
        found = {}
        for part, whole in HIERARCHIES:
            numbers = {code: number for number, code in enumerate(self.codes[whole])}
            wholes = [numbers.get(self.belongs[part, whole][code], -1) for code in self.codes[part]]
            found[part, whole] = np.array(wholes, dtype=np.int64)
        return found

    def keys(self, dimensions: TableSet, columns: Sequence[Numbers], number: int) -> Numbers:
        """One number for each of `number` cells, told from the numbers of its codes."""
        keys = np.zeros(number, dtype=np.int64)
        for dimension, column in zip(dimensions, columns, strict=True):
            keys = keys * len(self.codes[dimension]) + column
        return keys

    def make_table(self, dimensions: TableSet, codes: Numbers, counts: Counts) -> SeenTable:
        """A table of these cells, in the order of their keys."""
        keys = self.keys(dimensions, list(codes.T), len(codes))
        order = np.argsort(keys)
        return SeenTable(dimensions, codes[order], keys[order], counts[order])


def _group_of(part: str, whole: str, code: str) -> str:
    if code == UNKNOWN:
        return UNKNOWN
    if part == "calendar_month":
        return code.partition("-")[0]
    if whole == "act_group":
        return get_vocabulary("acts").top(code)
    return regional_group(code) if whole == "regional_group" else ganhri_network(code)


def read_release(folder: Path) -> Iterator[SeenDataset]:
    """The datasets of the release in `folder`, from its `cells.parquet` and `manifest.json` alone."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with pq.ParquetFile(folder / "cells.parquet") as cells:
        for about in manifest["datasets"]:
            groups = [number for number, each in enumerate(manifest["tables"]) if each["dataset"] == about["code"]]
            named = [
                (tuple(manifest["tables"][number]["dimensions"]), cells.read_row_group(number)) for number in groups
            ]
            yield _read_dataset(manifest, about["code"], named)


def _read_dataset(
    manifest: Mapping[str, Any], dataset: str, tables: Sequence[tuple[TableSet, pa.Table]]
) -> SeenDataset:
    codes: dict[str, set[str]] = {dimension: set() for dimension in PUBLISHED}
    for dimensions, cells in tables:
        for position, dimension in enumerate(dimensions, start=1):
            codes[dimension].update(cells[f"code_{position}"].unique().to_pylist())
    sorted_codes = {dimension: tuple(sorted(found)) for dimension, found in codes.items()}
    # Which code belongs to which group is published with the vocabularies.
    belongs = {
        (part, whole): {code: _group_of(part, whole, code) for code in sorted_codes[part]}
        for part, whole in HIERARCHIES
    }
    read: dict[TableSet, SeenTable] = {}
    seen = SeenDataset(manifest["identifier"], dataset, manifest["threshold"], sorted_codes, belongs, read)
    for dimensions, cells in tables:
        numbered = np.zeros((len(cells), len(dimensions)), dtype=np.int64)
        for position, dimension in enumerate(dimensions):
            names = np.array(cells[f"code_{position + 1}"].to_pylist(), dtype=object)
            numbered[:, position] = np.searchsorted(np.array(sorted_codes[dimension], dtype=object), names)
        counts = [cells[measure].to_numpy().astype(np.float64) for measure in MEASURES]
        read[dimensions] = seen.make_table(dimensions, numbered, np.stack(counts, axis=1))
    return seen


def see_family(
    family: Family, protected: Protected, threshold: int, *, release: str = "", dataset: str = ""
) -> SeenDataset:
    """What `read_release` would give of a release of `family`, before it is written."""
    read: dict[TableSet, SeenTable] = {}
    seen = SeenDataset(release, dataset, threshold, family.codes, family.groups, read)
    for dimensions in protected.tables:
        table = family.tables[dimensions]
        hidden = protected.hidden[table.start : table.start + len(table)]
        counts = np.stack([table.counts[measure] for measure in MEASURES], axis=1).astype(np.float64)
        counts[hidden] = np.nan
        # Of the finest tables only what is shown is published.
        kept = ~hidden if len(dimensions) == MOST_DIMENSIONS else np.ones(len(table), dtype=np.bool_)
        read[dimensions] = SeenTable(dimensions, table.codes[kept], table.keys[kept], counts[kept])
    return seen
