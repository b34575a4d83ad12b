"""What earlier releases published of a dataset: to be subtracted from, or to be published again as it was."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from amparo.statistics.differencing import EarlierRelease, read_earlier
from amparo.statistics.models import Release
from amparo.statistics.published import TableSet
from amparo.statistics.releases import OpenRelease


@dataclass(frozen=True)
class CarriedOver:
    """A dataset as its newest release has it. `about` is the manifest's, with the release it was counted for."""

    tables: list[tuple[TableSet, pa.Table]]
    about: dict[str, Any]


def read_earlier_releases(dataset: str) -> list[EarlierRelease]:
    """Every release of `dataset` so far, the newest first: whoever has kept an old one still has it.

    Raises `NotPublished` ("damaged") where one cannot be read any more.
    """
    releases = [(each, OpenRelease(each)) for each in Release.objects.all()]
    return [
        read_earlier(release.folder / "cells.parquet", dataset, release.identifier)
        for release, opened in releases
        if dataset in opened.datasets
    ]


def read_other_datasets(left_out: Collection[str]) -> dict[str, EarlierRelease]:
    """Every published dataset as its newest release shows it, without those `left_out`.

    Raises `NotPublished` ("damaged").
    """
    found: dict[str, EarlierRelease] = {}
    for release in Release.objects.all():
        for dataset in OpenRelease(release).datasets:
            if dataset not in found and dataset not in left_out:
                found[dataset] = read_earlier(release.folder / "cells.parquet", dataset, release.identifier)
    return found


def carry_over(dataset: str, schema: pa.Schema) -> CarriedOver | None:
    """`dataset` as its newest release has it, in columns of `schema`; None where it was never published.

    Raises `NotPublished` ("damaged").
    """
    for release in Release.objects.all():
        opened = OpenRelease(release)
        if dataset in opened.datasets:
            about = dict(opened.about(dataset))
            counted_for = {"counted_for": release.identifier, "threshold": release.threshold}
            return CarriedOver(list(_read_tables(release, opened, dataset, schema)), counted_for | about)
    return None


def _read_tables(
    release: Release, opened: OpenRelease, dataset: str, schema: pa.Schema
) -> Iterator[tuple[TableSet, pa.Table]]:
    with pq.ParquetFile(release.folder / "cells.parquet") as cells:
        for number, each in enumerate(opened.manifest["tables"]):
            if each["dataset"] == dataset:
                yield tuple(each["dimensions"]), cells.read_row_group(number).select(schema.names).cast(schema)
