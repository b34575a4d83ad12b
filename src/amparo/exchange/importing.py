"""Importing incidents: a file and a mapping in, coded and sealed records out; all of it, or nothing.

The file is read twice: once to find everything that is wrong with it, before the store is touched, and once to write.
Neither time more than some hundred rows are held.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Dataset, Incident, Source
from amparo.cases.services import record_incidents
from amparo.exchange.checked_mapping import Mapping
from amparo.exchange.imported_rows import ImportedRows, Progress, Summary
from amparo.exchange.models import ImportRun
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import ReadAs, open_table
from amparo.exchange.rejected import NewFileOfRows, place_of_rejected
from amparo.institutions.models import Institution
from amparo.vault.services import fingerprint_key


@dataclass(frozen=True)
class Outcome:
    """An import's summary, and what was wrong: the first problems, and how many there are.

    `rejected_file` is where the bad rows went.
    """

    read_as: ReadAs
    summary: Summary
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    written: bool = False
    rejected_file: Path | None = None


def import_incidents(
    path: Path,
    mapping: Mapping,
    institution: Institution | None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    rejected_file: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Outcome:
    """Import `path`. With problems nothing is written, unless `partial`, which writes the good rows and puts the bad
    ones into `rejected_file`. What is there already stays as it is. `institution` may be None for a dry run, in a store
    that has none yet. Raises `FileRefused`.
    """
    rows = ImportedRows(mapping, fingerprint_key(), progress)
    with open_table(path, sheet, encoding) as table:
        mapping.check_columns(table.columns)
        digest = _sha256_of(path)
        rows.check(table)
    if not rows.summary.rows:
        raise FileRefused("no-rows")
    checked = _Checked(path, sheet, digest, table.read_as, table.columns, mapping, institution, rows)
    written, kept = False, None
    if partial or not rows.problem_count:
        if dry_run or institution is None:
            for _ in checked.drafts(None):
                pass
        else:
            kept = place_of_rejected(path, rejected_file) if rows.problem_count else None
            written = _write(checked, institution, kept)
    return Outcome(table.read_as, rows.summary, tuple(rows.problems), rows.problem_count, written, kept)


@dataclass(frozen=True)
class _Checked:
    """A file that was read once, as it was then."""

    path: Path
    sheet: str | None
    sha256: str
    read_as: ReadAs
    columns: tuple[str, ...]
    mapping: Mapping
    institution: Institution | None
    rows: ImportedRows

    def drafts(self, bad: NewFileOfRows | None) -> Iterator[IncidentDraft]:
        """What is new in the file, which is read again. Raises `FileRefused` where it changed."""
        self.rows.known = _fingerprints_of(self.institution, self.mapping)
        with open_table(self.path, self.sheet, self.read_as.encoding or None) as table:
            yield from self.rows.drafts(table, bad)
        if _sha256_of(self.path) != self.sha256:
            raise FileRefused("file-changed")


def _write(checked: _Checked, institution: Institution, kept: Path | None) -> bool:
    """Write what is new, and the bad rows into `kept`, in one transaction. Whether anything was new."""
    with ExitStack() as until_done:
        bad = None
        if kept is not None:
            bad = until_done.enter_context(NewFileOfRows(kept, checked.columns, checked.read_as.delimiter))
        until_done.enter_context(transaction.atomic())
        # One import of an institution at a time: two would take the same rows for new.
        Institution.objects.select_for_update().get(pk=institution.pk)
        dataset = _take_dataset(checked.mapping)
        sources = _take_sources(checked.mapping)
        recorded = record_incidents(institution, dataset, checked.drafts(bad), sources)
        if bad is not None:
            bad.finish()
        if not recorded:
            transaction.set_rollback(True)
            return False
        ImportRun.objects.create(
            institution=institution,
            dataset=dataset,
            file_sha256=checked.sha256,
            mapping_sha256=checked.mapping.sha256,
            rows=checked.rows.summary.rows,
            recorded=recorded,
        )
    return True


def _fingerprints_of(institution: Institution | None, mapping: Mapping) -> dict[bytes, bytes]:
    if institution is None:
        return {}
    known = Incident.objects.filter(
        institution=institution, dataset__code=mapping.dataset, fingerprint__isnull=False
    ).values_list("fingerprint", "content_fingerprint")
    return {bytes(identity or b""): bytes(content or b"") for identity, content in known.iterator(10_000)}


def _take_dataset(mapping: Mapping) -> Dataset:
    said = {"titles": dict(mapping.titles), "publisher": mapping.publisher, "coverage": dict(mapping.coverage)}
    dataset, _ = Dataset.objects.get_or_create(code=mapping.dataset, defaults={**said, "invented": mapping.invented})
    # Real and invented incidents under one name could not be told apart again.
    if dataset.invented != mapping.invented:
        raise FileRefused("dataset-invented", code=mapping.dataset)
    Dataset.objects.filter(pk=dataset.pk).update(**said)
    return dataset


def _take_sources(mapping: Mapping) -> dict[str, Source]:
    return {
        entry.code: Source.objects.get_or_create(
            code=entry.code, defaults={"kind": entry.kind, "published_name": entry.published_name}
        )[0]
        for entry in mapping.sources.values()
    }


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
