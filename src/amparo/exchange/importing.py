"""Importing incidents: a file and a mapping in, coded and sealed records out; all of it, or nothing."""

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Dataset, Incident, Source
from amparo.cases.services import record_incidents
from amparo.exchange.mapping import Mapping
from amparo.exchange.models import ImportRun
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import Row, Table, open_table
from amparo.institutions.models import Institution
from amparo.vault.blind_index import fingerprint
from amparo.vault.services import fingerprint_key

Progress = Callable[[int], None]


@dataclass
class Summary:
    """What an import did, or would do: counts, and the span of what it holds."""

    rows: int = 0
    incidents: int = 0
    victims: int = 0
    acts: int = 0
    already_there: int = 0
    changed: list[int] = field(default_factory=list)
    rejected: int = 0
    first_date: date | None = None
    last_date: date | None = None
    countries: set[str] = field(default_factory=set)
    by_sex: Counter[str] = field(default_factory=Counter)
    by_profile: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    by_date_precision: Counter[str] = field(default_factory=Counter)

    def add(self, draft: IncidentDraft) -> None:
        """Count `draft` in."""
        self.incidents += 1
        self.by_status[draft.status] += 1
        self.by_date_precision[draft.date.precision if draft.date else "unknown"] += 1
        if draft.country != "unknown":
            self.countries.add(draft.country)
        if draft.date:
            self.first_date = min(self.first_date or draft.date.earliest, draft.date.earliest)
            self.last_date = max(self.last_date or draft.date.latest, draft.date.latest)
        for victim in draft.victims:
            self.victims += 1
            self.acts += len(victim.acts)
            self.by_sex[victim.sex] += 1
            self.by_profile.update(victim.profiles or ("unknown",))


@dataclass(frozen=True)
class Outcome:
    """An import's summary, and what was wrong. `rejected_file` is where the bad rows went."""

    summary: Summary
    problems: tuple[Problem, ...]
    written: bool
    rejected_file: Path | None = None


def import_incidents(
    path: Path,
    mapping: Mapping,
    institution: Institution,
    *,
    sheet: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    rejected_file: Path | None = None,
    progress: Progress = lambda rows: None,
) -> Outcome:
    """Import `path`. With problems nothing is written, unless `partial`, which writes the good rows and puts the bad
    ones into `rejected_file`. What is there already stays as it is. Raises `FileRefused`.
    """
    rows = _ImportedRows(mapping, institution, progress)
    with open_table(path, sheet) as table:
        mapping.check_columns(table.columns)
        drafts = list(rows.drafts(table))
    if not rows.summary.rows:
        raise FileRefused("no-rows")
    write = not dry_run and bool(drafts) and (partial or not rows.problems)
    if write:
        with transaction.atomic():
            dataset = _take_dataset(mapping)
            record_incidents(institution, dataset, drafts, _take_sources(mapping))
            ImportRun.objects.create(
                institution=institution,
                dataset=dataset,
                file_sha256=_file_sha256(path),
                mapping_sha256=mapping.sha256,
                rows=rows.summary.rows,
                recorded=len(drafts),
            )
    kept = None
    if partial and rows.bad and not dry_run:
        kept = rejected_file or path.with_name(f"{path.stem}.rejected.csv")
        _write_rejected(kept, table.columns, rows.bad)
    return Outcome(rows.summary, tuple(rows.problems), write, kept)


class _ImportedRows:
    """Turns rows into drafts, telling again those that are in the store, and counting."""

    def __init__(self, mapping: Mapping, institution: Institution, progress: Progress) -> None:
        self.mapping = mapping
        self.progress = progress
        self.summary = Summary()
        self.problems: list[Problem] = []
        self.bad: list[Row] = []
        self._key = fingerprint_key()
        self._times: Counter[bytes] = Counter()
        known = Incident.objects.filter(institution=institution, dataset__code=mapping.dataset)
        self._known = {
            bytes(known_row): bytes(content or b"")
            for known_row, content in known.values_list("fingerprint", "content_fingerprint")
            if known_row is not None
        }

    def drafts(self, table: Table) -> Iterator[IncidentDraft]:
        for row in table.rows:
            self.summary.rows += 1
            if self.summary.rows % 100 == 0:
                self.progress(self.summary.rows)
            draft = self.mapping.draft(row)
            if isinstance(draft, list):
                self.problems += draft
                self.bad.append(row)
                self.summary.rejected += 1
                continue
            identity, content = self._fingerprints(row, table.columns)
            if identity in self._known:
                self.summary.already_there += 1
                if self._known[identity] != content:
                    self.summary.changed.append(row.number)
                continue
            self.summary.add(draft)
            yield _with_fingerprints(draft, identity, content)
        self.progress(self.summary.rows)

    def _fingerprints(self, row: Row, columns: tuple[str, ...]) -> tuple[bytes, bytes]:
        parts = [row.cells[column] for column in self.mapping.key]
        # Rows that share their key are told apart by their order: two unnamed victims of one day are two.
        same = fingerprint(parts, self._key, "import-key")
        self._times[same] += 1
        if self._times[same] > 1:
            parts.append(str(self._times[same]))
        content = [cell for column in sorted(columns) for cell in (column, row.cells[column])]
        return fingerprint(parts, self._key, "import-row"), fingerprint(content, self._key, "import-content")


def _with_fingerprints(draft: IncidentDraft, identity: bytes, content: bytes) -> IncidentDraft:
    # As dataclasses.replace, but several times quicker, which a hundred thousand rows notice.
    object.__setattr__(draft, "fingerprint", identity)
    object.__setattr__(draft, "content_fingerprint", content)
    return draft


def _take_dataset(mapping: Mapping) -> Dataset:
    dataset, _ = Dataset.objects.update_or_create(
        code=mapping.dataset,
        defaults={
            "titles": dict(mapping.titles),
            "publisher": mapping.publisher,
            "coverage": dict(mapping.coverage),
        },
        create_defaults={
            "titles": dict(mapping.titles),
            "publisher": mapping.publisher,
            "coverage": dict(mapping.coverage),
            "invented": mapping.invented,
        },
    )
    if dataset.invented != mapping.invented:
        raise FileRefused("dataset-invented", code=mapping.dataset)
    return dataset


def _take_sources(mapping: Mapping) -> dict[str, Source]:
    return {
        entry.code: Source.objects.get_or_create(
            code=entry.code, defaults={"kind": entry.kind, "published_name": entry.published_name}
        )[0]
        for entry in mapping.sources.values()
    }


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_rejected(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    # The rows are in clear, as they were: for the eyes of who imports only.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row.cells[column] for column in columns] for row in rows)
