"""A release of all coded facts of the demo, for the tests of pages: published once in a run of several processes."""

import fcntl
import json
import os
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Dataset, Source
from amparo.cases.services import record_incidents
from amparo.exchange.mapping import load_mapping
from amparo.portal.demo.coded_facts import read_coded_facts
from amparo.portal.demo.make_coded_facts import LISTS
from amparo.statistics.models import Release
from amparo.statistics.services import publish_release
from tests.factories import make_institution

_FIELDS = ("identifier", "title", "threshold", "manifest_sha256", "published_at")


@dataclass(frozen=True, slots=True)
class Published:
    """A data folder with one release in it, and the row that vouches for it."""

    data_dir: Path
    row: dict[str, object]

    def save_row(self) -> Release:
        """The release in the database of this test."""
        return Release.objects.create(**self.row)


@lru_cache(maxsize=1)
def published_facts() -> dict[str, list[IncidentDraft]]:
    """What was published, by dataset, to count again without any code of ours."""
    found: dict[str, list[IncidentDraft]] = {load_mapping(name).dataset: [] for name in LISTS}
    for dataset, draft in read_coded_facts():
        found[dataset].append(draft)
    return found


def publish_once(factory: pytest.TempPathFactory, worker: str, blocker: DjangoDbBlocker) -> Published:
    """The release: published by the first process of the run that asks, read by the others.

    What takes the longest of all is done once for both runs of `./amparo test`: the second one gets a copy, as it was
    before any test had it. That both databases count the same is tested where counts are made.
    """
    # Processes of one run have their folders side by side.
    shared = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    folder, row = shared / "published", shared / "published.json"
    with (shared / "published.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not row.exists():
            kept = Path(os.environ["AMPARO_TEST_KEPT"]) if "AMPARO_TEST_KEPT" in os.environ else None
            if kept is not None and (kept / row.name).exists():
                _copy(kept, shared)
            else:
                with blocker.unblock():
                    said = json.dumps(_publish(folder), default=str)
                row.write_text(said, encoding="utf-8")
                if kept is not None:
                    _copy(shared, kept)
    return Published(folder, json.loads(row.read_text(encoding="utf-8")))


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source / "published", target / "published")
    shutil.copy2(source / "published.json", target / "published.json")


def _publish(folder: Path) -> dict[str, object]:
    folder.mkdir()
    # The folder stays; what was counted goes, so that every test begins with an empty database.
    with override_settings(DATA_DIR=folder), transaction.atomic():
        institution = make_institution().institution
        for name in LISTS:
            mapping = load_mapping(name)
            drafts = published_facts()[mapping.dataset]
            dataset = Dataset.objects.create(
                code=mapping.dataset,
                titles=dict(mapping.titles),
                publisher=mapping.publisher,
                coverage=dict(mapping.coverage),
            )
            codes = sorted({code for draft in drafts for code in draft.sources})
            sources = {code: Source.objects.get_or_create(code=code, defaults={"kind": "ngo"})[0] for code in codes}
            record_incidents(institution, dataset, drafts, sources)
        release = publish_release("Published for tests")
        transaction.set_rollback(True)
    return {name: getattr(release, name) for name in _FIELDS}
