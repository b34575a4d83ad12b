"""Publishing counts with noise, out of a budget of each dataset that is spent once and for all."""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from amparo import __version__
from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Dataset
from amparo.statistics.models import PrivateRelease
from amparo.statistics.noise.mechanism import NoisyCounts, add_noise, check_extra
from amparo.statistics.noise.tables import DIMENSIONS, BoundedCounts, TableSet, count_bounded
from amparo.statistics.services import LICENCE, ReleaseRefused
from amparo.vault import log

MOST_DIMENSIONS = 2
LEAST_EPSILON = Decimal("0.001")
_COLUMNS = (*(f"dimension_{n}" for n in (1, 2)), *(f"code_{n}" for n in (1, 2)), "acts")


@dataclass(frozen=True, slots=True)
class PrivateQuestion:
    """What is to be counted with noise: `most` acts of one person at most, with `epsilon` out of the `budget`."""

    title: str
    dataset: str
    tables: tuple[TableSet, ...]
    years: range
    epsilon: Decimal
    most: int
    budget: Decimal | None = None


def publish_private_release(question: PrivateQuestion) -> PrivateRelease:
    """Count, add noise, take `epsilon` from the budget, and publish. Raises `ReleaseRefused`, `ExtraMissing`.

    Nothing is drawn that the budget does not allow, and what was drawn is either published and spent or gone.
    """
    check_extra()
    _check_question(question)
    drafts = Path(settings.DATA_DIR) / "private-releases"
    draft = drafts / f".draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        with transaction.atomic():
            # Two that spend from one budget wait for each other.
            dataset = Dataset.objects.select_for_update().filter(code=question.dataset).first()
            if dataset is None:
                raise ReleaseRefused(_("There is no dataset “%(code)s”.") % {"code": question.dataset})
            release = PrivateRelease(
                identifier=_next_identifier(),
                title=question.title.strip(),
                dataset=dataset,
                epsilon=question.epsilon,
                budget=_find_budget(dataset, question),
                most_of_one_person=question.most,
                published_at=timezone.now().replace(microsecond=0),
            )
            plane = read_coded_plane([dataset.code])
            bounded = count_bounded(plane, question.tables, question.years, question.most, SystemRandom())
            noisy = add_noise(bounded.counts, bounded.distance, float(question.epsilon))
            release.manifest_sha256 = _write(draft, release, question, bounded, noisy)
            release.save()
            log.record(
                "privacy-budget-spent",
                record=f"private-release:{release.identifier.lower()}",
                facts={"dataset": dataset.pk, "thousandths": int(question.epsilon * 1000)},
            )
            draft.rename(release.folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return release


def find_spent(dataset: str) -> Decimal:
    """What has been spent of the budget of `dataset`."""
    spent = PrivateRelease.objects.filter(dataset__code=dataset).aggregate(all=Sum("epsilon"))["all"]
    return spent or Decimal(0)


def _check_question(question: PrivateQuestion) -> None:
    if not question.title.strip():
        raise ReleaseRefused(_("A release needs a title."))
    if question.epsilon < LEAST_EPSILON or question.epsilon != question.epsilon.quantize(LEAST_EPSILON):
        raise ReleaseRefused(_("Epsilon is more than 0, with three decimals at most."))
    if question.most < 1 or not question.years or not question.tables:
        raise ReleaseRefused(_("Nothing would be counted: at least one act of each person, one year, one table."))
    if len(set(question.tables)) < len(question.tables):
        raise ReleaseRefused(_("The same table twice costs twice, and tells nothing more."))
    for table in question.tables:
        if not 0 < len(table) <= MOST_DIMENSIONS or len(set(table)) < len(table) or not {*table} <= {*DIMENSIONS}:
            raise ReleaseRefused(
                _("A table has one dimension or two of these: %(dimensions)s.") % {"dimensions": ", ".join(DIMENSIONS)}
            )


def _find_budget(dataset: Dataset, question: PrivateQuestion) -> Decimal:
    """The budget of `dataset`: as it was set the first time. Raises `ReleaseRefused` where it would be overspent."""
    first = PrivateRelease.objects.filter(dataset=dataset).order_by("pk").first()
    if first is not None:
        budget = first.budget
        if question.budget not in (None, budget):
            raise ReleaseRefused(
                _("The budget of “%(code)s” was set to %(budget)s, and stays.")
                % {"code": dataset.code, "budget": budget}
            )
    elif question.budget is None:
        raise ReleaseRefused(
            _("The first such release of a dataset sets its whole budget, once and for all: --budget.")
        )
    else:
        budget = question.budget
    left = budget - find_spent(dataset.code)
    if question.epsilon > left:
        raise ReleaseRefused(
            _("Of the budget of “%(code)s” %(left)s is left, and %(epsilon)s was asked for. What is spent is spent.")
            % {"code": dataset.code, "left": left, "epsilon": question.epsilon}
        )
    return budget


def _next_identifier() -> str:
    year = timezone.now().year
    there = PrivateRelease.objects.filter(identifier__startswith=f"N{year}-").count()
    return f"N{year}-{there + 1}"


def _write(
    folder: Path, release: PrivateRelease, question: PrivateQuestion, bounded: BoundedCounts, noisy: NoisyCounts
) -> str:
    with (folder / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for (table, codes), count in zip(bounded.cells, noisy.counts, strict=True):
            writer.writerow([*_filled(table), *_filled(codes), count])
    said = _describe(release, question, bounded, noisy) | {"files": {"counts.csv": _sha256(folder / "counts.csv")}}
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o444)
    return _sha256(manifest)


def _describe(
    release: PrivateRelease, question: PrivateQuestion, bounded: BoundedCounts, noisy: NoisyCounts
) -> dict[str, Any]:
    return {
        "identifier": release.identifier,
        "title": release.title,
        "published_at": release.published_at.isoformat(),
        "software": f"Amparo {__version__}",
        "licence": LICENCE,
        "method": "docs/methods.md",
        "dataset": {"code": release.dataset.code, "titles": release.dataset.titles},
        "counts": "acts against persons",
        "tables": [list(table) for table in question.tables],
        "years": [question.years.start, question.years.stop - 1],
        "noise": {
            "distribution": "discrete Laplace",
            "scale": noisy.scale,
            "accuracy_95": noisy.accuracy,
            "epsilon": str(release.epsilon),
            "unit": "one person: all acts against one person in this dataset",
            "most_acts_of_one_person": release.most_of_one_person,
            "distance": bounded.distance,
            "negative": "Counts may be negative. They stand as drawn: cut off at zero, sums would be too high.",
        },
        "budget": {"total": str(release.budget), "spent": str(find_spent(release.dataset.code) + release.epsilon)},
    }


def _filled(names: Sequence[str]) -> list[str]:
    return [*names, *[""] * (MOST_DIMENSIONS - len(names))]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
