"""Reading published tables. Every figure that leaves the house is read here, from a release, and from nothing else."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.models import Release
from amparo.statistics.published import FILTERS, MOST_DIMENSIONS, PUBLISHED, is_too_fine
from amparo.vocabularies.catalogue import get_vocabulary

Key = tuple[str | None, str | None]
_IDENTIFIER = re.compile(r"[0-9]{4}-[0-9]{1,9}", re.ASCII)


class NotPublished(Exception):
    """A table that this release does not hold. `code` says why: unknown-measure, unknown-dimension, unknown-dataset,
    unknown-code, too-many, no-filter, area-without-country, months-too-fine, same-twice, not-counted-by (an older
    release), withheld, damaged."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


def find_release(identifier: str) -> Release | None:
    """The release that is called so, or None."""
    # Looked at before it is looked for: PostgreSQL takes no text with a zero byte.
    return Release.objects.filter(identifier=identifier).first() if _IDENTIFIER.fullmatch(identifier) else None


def latest_release() -> Release | None:
    """The newest release, or None before the first."""
    return Release.objects.first()


@dataclass(frozen=True)
class TableQuery:
    """Which table: a measure of a dataset, by rows and columns, for the codes of `where`."""

    dataset: str
    measure: str = "victims"
    rows: str | None = None
    columns: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the table that holds it, in the release's order."""
        asked = {each for each in (self.rows, self.columns, *self.where) if each}
        return tuple(each for each in PUBLISHED if each in asked)


@dataclass(frozen=True)
class PublishedTable:
    """Published counts. `cells[row, column]`; None in a key is the total, None as a value is "not shown".

    What is not in `cells` was counted as zero; but in one of the finest tables (three dimensions, filters
    included) a zero and a hidden count look the same, and both are "not shown". `notes`: "suppressed" where anything
    is not shown, "multivalued" where rows or columns add up to more than their total.
    """

    query: TableQuery
    release: str
    row_codes: tuple[str, ...]
    column_codes: tuple[str, ...]
    cells: Mapping[Key, int | None]
    notes: tuple[str, ...]

    def value(self, row: str | None = None, column: str | None = None) -> int | None:
        """The count, 0 where nothing was reported, None where it is not shown."""
        dimensions = len(self.query.where) + (row is not None) + (column is not None)
        return self.cells.get((row, column), None if dimensions == MOST_DIMENSIONS else 0)

    @property
    def total(self) -> int | None:
        return self.value()


class OpenRelease:
    """A release whose files fit its row, open for reading. Raises `NotPublished` ("damaged") where they do not."""

    def __init__(self, release: Release) -> None:
        self.identifier = release.identifier
        raw = _read_unchanged(release.folder / "manifest.json", release.manifest_sha256)
        self.manifest: dict[str, Any] = json.loads(raw)
        for name, sha256 in self.manifest["files"].items():
            _read_unchanged(release.folder / name, sha256)
        self._path = release.folder / "cells.parquet"
        tables = self.manifest["tables"]
        self._row_groups = {(each["dataset"], tuple(each["dimensions"])): n for n, each in enumerate(tables)}

    @property
    def datasets(self) -> tuple[str, ...]:
        """The codes of its datasets."""
        return tuple(each["code"] for each in self.manifest["datasets"])

    def about(self, dataset: str) -> Mapping[str, Any]:
        """What the manifest says of `dataset`: titles, publisher, coverage, years."""
        found: Mapping[str, Any] = next(each for each in self.manifest["datasets"] if each["code"] == dataset)
        return found

    def holds(self, dataset: str, dimensions: tuple[str, ...]) -> bool:
        """Whether the table of these dimensions was published."""
        return (dataset, dimensions) in self._row_groups

    def read(self, query: TableQuery) -> PublishedTable:
        """The table that `query` asks for. Raises `NotPublished`."""
        self._check(query)
        cells: dict[Key, int | None] = {}
        for rows in {query.rows, None}:
            for columns in {query.columns, None}:
                cells |= self._read_part(query, rows, columns)
        row_codes = tuple(sorted({row for row, _ in cells if row is not None}))
        column_codes = tuple(sorted({column for _, column in cells if column is not None}))
        for margin in self._withheld_margins(query, row_codes, column_codes):
            cells.setdefault(margin, None)
        notes = []
        if None in cells.values() or len(query.dimensions) == MOST_DIMENSIONS:
            notes.append("suppressed")
        if len(query.dimensions) == MOST_DIMENSIONS:
            notes.append("finest")
        if any(DIMENSIONS[each].multivalued for each in (query.rows, query.columns) if each):
            notes.append("multivalued")
        return PublishedTable(query, self.identifier, row_codes, column_codes, cells, tuple(notes))

    def _withheld_margins(
        self, query: TableQuery, row_codes: tuple[str, ...], column_codes: tuple[str, ...]
    ) -> Iterator[Key]:
        """Totals of rows or columns whose table was not published: not shown, and no zero."""
        for rows in {query.rows, None}:
            for columns in {query.columns, None}:
                part = TableQuery(query.dataset, query.measure, rows, columns, query.where)
                if not self.holds(query.dataset, part.dimensions):
                    yield from product(row_codes if rows else (None,), column_codes if columns else (None,))

    def _check(self, query: TableQuery) -> None:
        if query.dataset not in self.datasets:
            raise NotPublished("unknown-dataset", name=query.dataset)
        if query.measure not in MEASURES:
            raise NotPublished("unknown-measure", name=query.measure)
        asked = [each for each in (query.rows, query.columns, *query.where) if each]
        for each in asked:
            if each not in PUBLISHED:
                raise NotPublished("unknown-dimension", name=each)
        if len(set(asked)) < len(asked):
            raise NotPublished("same-twice")
        for each, code in query.where.items():
            vocabulary = DIMENSIONS[each].vocabulary
            if vocabulary and code not in get_vocabulary(vocabulary).terms:
                raise NotPublished("unknown-code", name=code, dimension=each)
        dimensions = query.dimensions
        if self.holds(query.dataset, dimensions):
            return
        if len(dimensions) > MOST_DIMENSIONS:
            raise NotPublished("too-many")
        if "area" in dimensions and "country" not in dimensions:
            raise NotPublished("area-without-country")
        if len(dimensions) == MOST_DIMENSIONS and not FILTERS & set(dimensions):
            raise NotPublished("no-filter")
        if is_too_fine(dimensions):
            raise NotPublished("months-too-fine")
        for each in dimensions:
            if not any(each in counted for dataset, counted in self._row_groups if dataset == query.dataset):
                raise NotPublished("not-counted-by", name=str(DIMENSIONS[each].name))
        raise NotPublished("withheld")

    def _read_part(self, query: TableQuery, rows: str | None, columns: str | None) -> dict[Key, int | None]:
        dimensions = TableQuery(query.dataset, query.measure, rows, columns, query.where).dimensions
        number = self._row_groups.get((query.dataset, dimensions))
        if number is None:
            return {}
        table = _read_row_group(str(self._path), number)
        places = {each: table[f"code_{position}"] for position, each in enumerate(dimensions, start=1)}
        nothing: list[str | None] = [None] * len(table["shown"])
        found: dict[Key, int | None] = {}
        row_codes, column_codes = (places[each] if each else nothing for each in (rows, columns))
        for place, value in enumerate(table[query.measure]):
            if all(places[each][place] == code for each, code in query.where.items()):
                found[row_codes[place], column_codes[place]] = value
        return found


def _read_unchanged(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotPublished("damaged") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotPublished("damaged")
    return content


@lru_cache(maxsize=512)
def _read_row_group(path: str, number: int) -> dict[str, list[Any]]:
    # A release never changes, so neither does a row group of it.
    columns: dict[str, list[Any]] = pq.ParquetFile(path).read_row_group(number).to_pydict()
    return columns


@lru_cache(maxsize=4)
def _open(identifier: str, manifest_sha256: str) -> OpenRelease:
    return OpenRelease(Release.objects.get(identifier=identifier, manifest_sha256=manifest_sha256))


def open_release(release: Release) -> OpenRelease:
    """`release`, checked once and kept open. Raises `NotPublished` ("damaged") where its manifest was changed."""
    return _open(release.identifier, release.manifest_sha256)
