"""Publishing releases: the one door between the coded plane and the public."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo import __version__
from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Dataset
from amparo.statistics.auditing.audit import Audit
from amparo.statistics.codebook import make_codebook
from amparo.statistics.differencing import TooLittleChanged, are_nearly_the_same, find_foreknown, show_all
from amparo.statistics.dimensions import DIMENSIONS
from amparo.statistics.earlier import carry_over, read_earlier_releases, read_other_datasets
from amparo.statistics.family import MEASURES, Family, Foreknown, Protected, count_family
from amparo.statistics.models import Erratum, Release
from amparo.statistics.protecting import Outcome, Unprotected, protect_datasets
from amparo.statistics.published import MOST_DIMENSIONS, TableSet
from amparo.statistics.releases import NotPublished
from amparo.statistics.told_elsewhere import ToldCounts, add_told
from amparo.vocabularies.catalogue import LANGUAGES

LEAST_THRESHOLD = 2
LICENCE = "CC-BY-4.0"
CODEBOOK = "codebook.xml"
Progress = Callable[[str], None]
_EARLIER_DAMAGED = gettext_lazy(
    "The files of an earlier release are missing or changed, so nobody can tell what a new one would tell beside it. "
    "./amparo release verify ID names them: bring them back from a copy first."
)


class ReleaseRefused(Exception):
    """A release that cannot be published, with the reason for a person."""


def publish_release(
    title: str,
    *,
    threshold: int = 3,
    datasets: Sequence[str] | None = None,
    keep_earlier: Sequence[str] = (),
    progress: Progress = lambda step: None,
) -> Release:
    """Count, protect and publish: an immutable folder, and the row that vouches for it. Raises `ReleaseRefused`.

    Each dataset is counted and protected by itself: the same person may be in two, so their figures are never added.
    Without `datasets`, all that are not invented; invented ones are only released by themselves. Those of
    `keep_earlier` are published again as their newest release has them.
    """
    if threshold < LEAST_THRESHOLD:
        raise ReleaseRefused(_("The threshold must be 2 or more: below it nothing would be protected."))
    if not title.strip():
        raise ReleaseRefused(_("A release needs a title."))
    chosen = _choose_datasets(datasets)
    if strange := sorted(set(keep_earlier) - {dataset.code for dataset in chosen}):
        raise ReleaseRefused(_("“%(code)s” is not among the datasets of this release.") % {"code": strange[0]})
    published_at = timezone.now().replace(microsecond=0)
    draft = Path(settings.DATA_DIR) / "releases" / f".draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        with transaction.atomic():
            identifier = _next_identifier(published_at)
            manifest = _write_release(draft, identifier, title, threshold, chosen, keep_earlier, published_at, progress)
            release = Release(
                identifier=identifier,
                title=title,
                threshold=threshold,
                manifest_sha256=_sha256(manifest),
                published_at=published_at,
            )
            release.save()
            for file in draft.iterdir():
                file.chmod(0o444)
            # The folder appears whole, and only if the row does: a killed process leaves a draft that nothing reads.
            draft.rename(release.folder)
        # Only now can others read the row: whoever looked at the folder before must look again (portal.page_cache).
        os.utime(release.folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return release


@transaction.atomic
def note_erratum(release: Release, texts: Mapping[str, str], corrected_by: Release | None = None) -> Erratum:
    """Note what is wrong with `release`, in all four languages, without changing it; the same words twice are one.

    Raises `ReleaseRefused` where a language is missing, or where a release would correct itself or a later one.
    """
    said = {language: texts.get(language, "").strip() for language in LANGUAGES}
    if missing := [language for language, text in said.items() if not text]:
        raise ReleaseRefused(
            _("An erratum is written in all four languages. Missing: %(languages)s.")
            % {"languages": ", ".join(missing)}
        )
    if corrected_by is not None and corrected_by.pk <= release.pk:
        raise ReleaseRefused(_("Only a later release can correct it."))
    found = release.errata.filter(texts=said).first()
    if found is not None:
        return found
    noted = Erratum.objects.create(
        release=release, texts=said, corrected_by=corrected_by, noted_at=timezone.now().replace(microsecond=0)
    )
    # Pages that show it are kept for readers until the folder changes (portal.page_cache).
    transaction.on_commit(lambda: os.utime(release.folder.parent))
    return noted


def verify_release(release: Release) -> list[str]:
    """The names of the files that are missing or were changed since `release` was published; none where all is well."""
    manifest = release.folder / "manifest.json"
    if not manifest.exists() or _sha256(manifest) != release.manifest_sha256:
        return ["manifest.json"]
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    paths = {name: release.folder / name for name in files}
    return [name for name, path in paths.items() if not path.exists() or _sha256(path) != files[name]]


def _choose_datasets(codes: Sequence[str] | None) -> list[Dataset]:
    filled = Dataset.objects.filter(incidents__isnull=False).distinct().order_by("code")
    if codes is None:
        chosen = list(filled.filter(invented=False))
    else:
        chosen = list(filled.filter(code__in=codes))
        for missing in sorted(set(codes) - {dataset.code for dataset in chosen}):
            known = ", ".join(filled.values_list("code", flat=True))
            raise ReleaseRefused(
                _("There is no dataset “%(code)s” with incidents. There are: %(known)s.")
                % {"code": missing, "known": known}
            )
    if not chosen:
        raise ReleaseRefused(_("There is nothing to publish yet. Import incidents first: ./amparo import incidents."))
    if len({dataset.invented for dataset in chosen}) > 1:
        raise ReleaseRefused(_("Invented data and real data are never published together."))
    return chosen


def _next_identifier(now: datetime) -> str:
    numbers = [
        int(each.partition("-")[2])
        for each in Release.objects.values_list("identifier", flat=True).filter(identifier__startswith=f"{now.year}-")
    ]
    return f"{now.year}-{max(numbers, default=0) + 1}"


def _write_release(
    folder: Path,
    identifier: str,
    title: str,
    threshold: int,
    datasets: Sequence[Dataset],
    keep_earlier: Sequence[str],
    published_at: datetime,
    progress: Progress,
) -> Path:
    entries: list[dict[str, Any]] = []
    about: list[dict[str, Any]] = []
    codes: dict[str, set[str]] = {}
    writer = pq.ParquetWriter(folder / "cells.parquet", _CELLS, compression="zstd")
    anew = _count_and_protect([each for each in datasets if each.code not in keep_earlier], threshold, progress)
    with writer:
        for dataset in datasets:
            if dataset.code in keep_earlier:
                tables, said_of_it = _keep_dataset(dataset)
            else:
                tables, said_of_it = _take_counted(identifier, dataset, *anew[dataset.code])
            for dimensions, cells in tables:
                writer.write_table(cells, row_group_size=max(len(cells), 1))
                entries.append({"dataset": dataset.code, "dimensions": list(dimensions), "cells": len(cells)})
                for position, dimension in enumerate(dimensions, start=1):
                    codes.setdefault(dimension, set()).update(cells[f"code_{position}"].unique().to_pylist())
            about.append(said_of_it)
    manifest = folder / "manifest.json"
    (folder / CODEBOOK).write_bytes(make_codebook(identifier, title, codes))
    said = {
        "identifier": identifier,
        "title": title,
        "published_at": published_at.isoformat(),
        "threshold": threshold,
        "method": "docs/methods.md",
        "software": f"Amparo {__version__}",
        "licence": LICENCE,
        "measures": list(MEASURES),
        "datasets": about,
        # One row group of cells.parquet each, in this order.
        "tables": entries,
        "files": {name: _sha256(folder / name) for name in ("cells.parquet", CODEBOOK)},
    }
    manifest.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    return manifest


_CELLS = pa.schema(
    [
        ("dataset", pa.string()),
        ("dimensions", pa.string()),
        *((f"code_{number}", pa.string()) for number in range(1, MOST_DIMENSIONS + 1)),
        *((measure, pa.int64()) for measure in MEASURES),
        ("shown", pa.bool_()),
    ]
)


def _count_and_protect(
    datasets: Sequence[Dataset], threshold: int, progress: Progress
) -> dict[str, tuple[pa.Table, Family, Outcome]]:
    planes: dict[str, pa.Table] = {}
    waiting = []
    for dataset in datasets:
        progress(_("Counting %(dataset)s") % {"dataset": dataset.code})
        planes[dataset.code] = read_coded_plane([dataset.code])
        family = count_family(planes[dataset.code])
        waiting.append(Unprotected(dataset.code, family, _find_foreknown(dataset, family, threshold)))
    _check_lists_differ(waiting, threshold)

    def say_started(code: str) -> None:
        progress(_("Protecting %(dataset)s") % {"dataset": code})

    found = protect_datasets(waiting, threshold, say_started)
    for each in waiting:
        _tell_lost(each, found[each.dataset], progress)
    return {each.dataset: (planes[each.dataset], each.family, found[each.dataset]) for each in waiting}


def _tell_lost(counted: Unprotected, outcome: Outcome, progress: Progress) -> None:
    """Tell which breakdowns of an earlier release are not published again."""
    if counted.foreknown is None or outcome.protected is None:
        return
    tables = {each for each in counted.foreknown.tables if len(each) == 1} - set(outcome.protected.tables)
    if tables:
        progress(
            _(
                "“%(dataset)s” is published without the tables by %(tables)s: beside an earlier release they would "
                "tell small counts. To go on showing them, publish the list as it was, with --keep-earlier"
            )
            % {
                "dataset": counted.dataset,
                "tables": ", ".join(sorted(str(DIMENSIONS[code].name) for (code,) in tables)),
            }
        )


def _check_lists_differ(counted: Sequence[Unprotected], threshold: int) -> None:
    """Raises `ReleaseRefused` where two lists, of this release or another one, are the same but for one or two."""
    try:
        others = read_other_datasets([each.dataset for each in counted])
    except NotPublished:
        raise ReleaseRefused(_EARLIER_DAMAGED) from None
    for each in counted:
        for code, other in others.items():
            if are_nearly_the_same(each.family, other, threshold):
                raise ReleaseRefused(
                    _(
                        "Fewer than %(threshold)s records of “%(dataset)s” are not in “%(other)s”, or the other way "
                        "round: whoever subtracts the two would know of them. Publish one of these lists only."
                    )
                    % {"threshold": threshold, "dataset": each.dataset, "other": code}
                )
        others[each.dataset] = show_all(each.family, each.dataset)


def _take_counted(
    identifier: str, dataset: Dataset, plane: pa.Table, family: Family, outcome: Outcome
) -> tuple[Iterable[tuple[TableSet, pa.Table]], dict[str, Any]]:
    protected, audit = _check_outcome(dataset, outcome)
    _keep_snapshot(identifier, dataset.code, plane)
    return _published_cells(dataset.code, family, protected), _about(dataset, plane) | {"audit": audit.describe()}


def _check_outcome(dataset: Dataset, outcome: Outcome) -> tuple[Protected, Audit]:
    if outcome.untold is not None:
        raise ReleaseRefused(
            _(
                "“%(dataset)s” cannot be published so that nobody is told: in the table by %(table)s a small count "
                "would be known from the others. Publish with a higher threshold, or later, when more has come in."
            )
            % {"dataset": dataset.code, "table": ", ".join(str(DIMENSIONS[each].name) for each in outcome.untold)}
        )
    if outcome.protected is None or outcome.audit is None:
        raise ReleaseRefused(
            _("The counts of “%(dataset)s” do not fit each other: nothing is published. Please report this.")
            % {"dataset": dataset.code}
        )
    if not outcome.audit.holds:
        raise ReleaseRefused(
            _("An attack on “%(dataset)s” tells a small count. Publish with a higher threshold.")
            % {"dataset": dataset.code}
        )
    return outcome.protected, outcome.audit


def _find_foreknown(dataset: Dataset, family: Family, threshold: int) -> Foreknown | None:
    try:
        foreknown = find_foreknown(family, read_earlier_releases(dataset.code), threshold)
        return add_told(family, foreknown, _told_elsewhere(dataset.code), threshold)
    except TooLittleChanged as refused:
        raise ReleaseRefused(
            _(
                "Fewer than %(threshold)s records of “%(dataset)s” have come, gone or changed since release %(id)s: "
                "whoever subtracts the two would know of them. Publish later, when more has come in; or publish this "
                "dataset again as it was: --keep-earlier %(dataset)s."
            )
            % {"threshold": threshold, "dataset": dataset.code, "id": refused.release}
        ) from None
    except NotPublished:
        raise ReleaseRefused(_EARLIER_DAMAGED) from None


def _told_elsewhere(dataset: str) -> ToldCounts:
    # Named in the settings: what tells of counts beside releases is built upon them.
    tell: Callable[[str], ToldCounts] = import_string(settings.TOLD_ELSEWHERE)
    return tell(dataset)


def _keep_dataset(dataset: Dataset) -> tuple[Iterable[tuple[TableSet, pa.Table]], dict[str, Any]]:
    try:
        kept = carry_over(dataset.code, _CELLS)
    except NotPublished:
        raise ReleaseRefused(_EARLIER_DAMAGED) from None
    if kept is None:
        raise ReleaseRefused(_("“%(code)s” was never published: there is nothing to keep.") % {"code": dataset.code})
    return kept.tables, kept.about


def _published_cells(dataset: str, family: Family, protected: Protected) -> Iterator[tuple[TableSet, pa.Table]]:
    for dimensions in protected.tables:
        table = family.tables[dimensions]
        hidden = protected.hidden[table.start : table.start + len(table)]
        if len(dimensions) == MOST_DIMENSIONS:
            # The finest tables hold shown cells only: what is missing is hidden or zero, and nobody can tell which.
            table, hidden = table.keep(~hidden), np.zeros(int((~hidden).sum()), dtype=np.bool_)
        columns: dict[str, Any] = {
            "dataset": pa.array([dataset] * len(table), pa.string()),
            "dimensions": pa.array([",".join(dimensions)] * len(table), pa.string()),
        }
        for number in range(MOST_DIMENSIONS):
            codes: Any = [None] * len(table)
            if number < len(dimensions):
                codes = np.array(family.codes[dimensions[number]], dtype=object)[table.codes[:, number]]
            columns[f"code_{number + 1}"] = pa.array(codes, pa.string())
        for measure in MEASURES:
            columns[measure] = pa.array(table.counts[measure], pa.int64(), mask=hidden)
        columns["shown"] = pa.array(~hidden)
        yield dimensions, pa.table(columns, schema=_CELLS)


def _about(dataset: Dataset, plane: pa.Table) -> dict[str, Any]:
    years = [year for year in plane["year"].unique().to_pylist() if year is not None]
    return {
        "code": dataset.code,
        "titles": dataset.titles,
        "publisher": dataset.publisher,
        "coverage": dataset.coverage,
        "invented": dataset.invented,
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
    }


def _keep_snapshot(identifier: str, dataset: str, plane: pa.Table) -> None:
    # What the figures were counted from: for checking them again, inside the house. Never offered to anybody.
    folder = Path(settings.DATA_DIR) / "snapshots" / identifier
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pq.write_table(plane, folder / f"{dataset}.parquet", compression="zstd")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
