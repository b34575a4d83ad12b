"""What somebody asks to count, read from words and checked; and the answer with all that has to be said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import process

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Dataset
from amparo.statistics.cube import NUMBERED, Cell, Counts, count
from amparo.statistics.derived import SHIPPED, SHIPPED_SOURCE, rates, read_populations, shares
from amparo.statistics.dimensions import COUNTABLE, DIMENSIONS
from amparo.statistics.in_memory import open_plane
from amparo.statistics.one_table import ProtectedTable, protect_table
from amparo.statistics.verification import median_days
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

MOST_PROTECTED = 3


class QuestionRefused(Exception):
    """A question that cannot be counted, with the reason for a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Counts, with what they cover and as of when."""

    measure: str
    where: Mapping[str, tuple[str, ...]]
    counts: Counts
    # Where what was recorded later is left out: the last day that counts.
    recorded_until: date | None
    coverage: tuple[Mapping[str, Any], ...]
    as_of: datetime
    # What stands beside each count, by its code in `dimensions.BESIDE`.
    beside: Mapping[str, Mapping[Cell, float | None]] = field(default_factory=dict)
    # Where the populations of rates come from.
    populations: str | None = None
    # Where small counts are hidden: the table as it may be shown.
    protected: ProtectedTable | None = None

    @property
    def rows(self) -> list[tuple[Cell, int | None]]:
        """The cells in order, with None where a count is not shown."""
        if self.protected is None:
            return sorted(self.counts.cells.items())
        hidden = dict.fromkeys(self.protected.hidden)
        return sorted((hidden | self.protected.shown).items(), key=lambda row: row[0])

    @property
    def total(self) -> int | None:
        """What all that is counted comes to, where it may be shown."""
        return self.protected.total if self.protected else self.counts.total

    @property
    def notes(self) -> tuple[str, ...]:
        """Codes of what must be said: "multivalued", "datasets-overlap", "recorded-until",
        "suppressed", "finest", "by-itself"."""
        # A victim of two kinds of act stands in two rows as well.
        several = any(DIMENSIONS[each].multivalued for each in self.counts.by)
        several = several or sum(self.counts.cells.values()) > self.counts.total
        notes = ["multivalued"] if several else []
        if len(self.coverage) > 1:
            notes.append("datasets-overlap")
        if self.recorded_until:
            notes.append("recorded-until")
        if self.protected:
            notes += ["suppressed", *(["finest"] if len(self.counts.by) > 2 else []), "by-itself"]
        return tuple(notes)


def check_measure(name: str) -> str:
    """`name`, where it is a measure. Raises `QuestionRefused`."""
    return _known(name, COUNTABLE, _("There is no measure “%(name)s”. There are: %(known)s."))


def read_dimensions(text: str) -> tuple[str, ...]:
    """The dimensions in "sex,year". Raises `QuestionRefused`."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(set(names)) < len(names):
        raise QuestionRefused(_("Each dimension can stand once only."))
    refusal = _("There is no dimension “%(name)s”. Nearest: %(nearest)s. There are: %(known)s.")
    return tuple(_known(name, DIMENSIONS, refusal) for name in names)


def read_where(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The filters in ["country=COL,BRA", "year=2016-2020"]; a code stands for its narrower ones too."""
    where: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, codes = text.partition("=")
        if not equals or not codes:
            raise QuestionRefused(
                _("A filter is written dimension=code, such as country=COL; not “%(text)s”.") % {"text": text}
            )
        dimension = read_dimensions(name)[0]
        where[dimension] = tuple(each for code in codes.split(",") for each in _read_code(dimension, code.strip()))
    return where


def answer(
    measure: str,
    by: Sequence[str],
    where: Mapping[str, tuple[str, ...]],
    recorded_until: date | None = None,
    *,
    share: bool = False,
    populations: Path | None = None,
    delay: bool = False,
    threshold: int | None = None,
) -> Answer:
    """Count in the coded plane as it is now, or only what was recorded by the end of a day (UTC); and beside each count
    its share, its rate by a file of populations, the median days to verification. With a `threshold` small counts are
    hidden, and what would tell them.

    What was corrected since is counted as corrected: a release is what never changes. Raises `QuestionRefused` where
    there is nothing to count, and `derived.PopulationRefused`.
    """
    plane = read_coded_plane(recorded_until=recorded_until)
    if not plane.num_rows:
        raise QuestionRefused(_("There is nothing to count yet. Import incidents first: ./amparo import incidents."))
    opened = open_plane(plane)
    counts = count(opened, measure, by, where)
    protected = None if threshold is None else _protect(measure, counts, threshold)
    beside: dict[str, Mapping[Cell, float | None]] = {}
    if share:
        beside["share"] = shares(counts)
    if populations is not None:
        known = read_populations(populations)
        beside["per_million"] = rates(counts, known, where.get("country", ()), where.get("year", ()))
    if delay:
        delays = median_days(opened, by, where)
        beside["median_days"] = {cell: each.days for cell, each in delays.items()}
        beside["verified_here"] = {cell: each.incidents for cell, each in delays.items()}
    return Answer(
        measure,
        where,
        counts,
        recorded_until,
        _coverage(where),
        timezone.now().replace(microsecond=0),
        beside,
        None if populations is None else SHIPPED_SOURCE if populations == SHIPPED else populations.name,
        protected,
    )


def _protect(measure: str, counts: Counts, threshold: int) -> ProtectedTable:
    if measure == "persons":
        raise QuestionRefused(_("Different persons are counted for inside the house only."))
    if len(counts.by) > MOST_PROTECTED:
        raise QuestionRefused(_("A table by more than three dimensions is too fine to be protected."))
    protected = protect_table(counts, threshold)
    if protected is None:
        raise QuestionRefused(_("With this threshold nothing could be shown without giving somebody away."))
    return protected


def _coverage(where: Mapping[str, tuple[str, ...]]) -> tuple[Mapping[str, Any], ...]:
    datasets = Dataset.objects.filter(incidents__isnull=False).distinct().order_by("code")
    if "dataset" in where:
        datasets = datasets.filter(code__in=where["dataset"])
    return tuple({"dataset": each.code, "titles": each.titles, "coverage": each.coverage} for each in datasets)


def _read_code(dimension: str, code: str) -> tuple[str, ...]:
    if dimension in NUMBERED:
        first, _dash, last = code.partition("-")
        if code == UNKNOWN:
            return (code,)
        if not first.isdigit() or (_dash and not last.isdigit()):
            raise QuestionRefused(_("A year is written 2016, a span 2016-2020; not “%(code)s”.") % {"code": code})
        return tuple(str(number) for number in range(int(first), int(last or first) + 1))
    vocabulary = DIMENSIONS[dimension].vocabulary
    if vocabulary is None:
        return (code,)
    terms = get_vocabulary(vocabulary)
    found = code if code in terms.terms else terms.find(code)
    if found is None:
        nearest = ", ".join(terms.nearest(code))
        told = _("“%(title)s” has no code “%(code)s”. Nearest: %(nearest)s.")
        raise QuestionRefused(told % {"title": terms.title("en"), "code": code, "nearest": nearest})
    return terms.with_narrower(found)


def _known(name: str, known: Mapping[str, Any], refusal: str) -> str:
    if name in known:
        return name
    nearest = process.extractOne(name, list(known))
    raise QuestionRefused(refusal % {"name": name, "nearest": nearest[0] if nearest else "", "known": ", ".join(known)})
