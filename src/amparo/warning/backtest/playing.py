"""The records of a dataset played again, and what came of it kept until it is played once more."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from amparo.cases.models import Dataset, Incident
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vault.key_files import write_whole
from amparo.warning.backtest.watched import replay_watched
from amparo.warning.months import Month, read_month
from amparo.warning.problems import WarningRefused
from amparo.warning.replaying import AfterAlarms, Raised, ReplaySettings
from amparo.warning.running.found_words import keep_finding, read_finding
from amparo.warning.watching.findings import Finding
from amparo.warning.watching.grouping import Group
from amparo.warning.watching.reading import read_watched_plane

_LOG = logging.getLogger(__name__)
# Lists that others published, row by row: every institution may look back at them.
PUBLISHED = ("cpj", "global-witness", "colombia-social-leaders", "chile-truth-commission")
# Months that tell what is usual: of a short series fewer, so that something is left to judge.
_HISTORY, _SHORT_HISTORY, _FEWEST_JUDGED = 60, 36, 24


class TooEarly(Exception):
    """The first month to be judged has too few before it; `earliest` has enough, and is None where none has."""

    def __init__(self, earliest: Month | None) -> None:
        super().__init__("too-early")
        self.earliest = earliest


@dataclass(frozen=True, slots=True)
class After:
    """The `times` months after an alarm: how many `came`, and how many would have been `usual`."""

    times: int
    came: int
    usual: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """What would have been raised of a country in a month, the strongest finding and the `others`.

    Of the country: how many `came` in that month, how many were `usual` in a month, what came `after`; `again`: within
    three months after another.
    """

    finding: Finding
    others: tuple[Finding, ...]
    came: int
    usual: float
    again: bool
    after: tuple[After, ...]

    @property
    def country(self) -> str:
        return self.finding.stratum.country


@dataclass(frozen=True, slots=True)
class Played:
    """A dataset played from the month `first` to `end`: of `judged` counts of countries and their parts, the alarms and
    what came after them all.

    `state` tells of which records; `is_current` whether these still are those of the store.
    """

    first: Month
    end: Month
    judged: int
    alarms: tuple[Alarm, ...]
    summary: tuple[AfterAlarms, ...]
    state: str
    is_current: bool = True


def datasets_for(user: User) -> QuerySet[Dataset]:
    """Those that `user` may look back at: published lists, and what her institution alone documented."""
    there = Incident.objects.filter(dataset=OuterRef("pk"))
    mine = there.filter(institution=user.institution_id)
    others = there.exclude(institution=user.institution_id)
    allowed = Q(code__in=PUBLISHED) | (Exists(mine) & ~Exists(others))
    return Dataset.objects.filter(allowed, Exists(there)).order_by("pk")


def play_dataset(user: User, dataset: Dataset, first: Month | None = None) -> Played:
    """Play the records of a dataset again from `first`, or from the earliest month there is enough before; keep it.

    Raises `TooEarly`.
    """
    assert user.institution is not None  # noqa: S101  (a page for members only)
    state = state_of(dataset)
    prepared = read_watched_plane([dataset.code], as_happened=True)
    played = play(prepared, first, state)
    _keep(_place(user.institution, dataset), played)
    # Only this writes: while the past is played, others may.
    with transaction.atomic():
        log.record("backtest-played", actor=user.pk, institution=user.institution.code, facts={"dataset": dataset.pk})
    return played


def play(prepared: pa.Table, first: Month | None, state: str = "") -> Played:
    """A plane (`watching.reading.read_watched_plane`) played again. Raises `TooEarly`."""
    bounds = pc.min_max(prepared["month_number"]).as_py()
    if bounds["min"] is None:
        raise TooEarly(None)
    begin, end = Month.of_number(bounds["min"]), Month.of_number(bounds["max"])
    enough = end.number - begin.number >= _HISTORY + _FEWEST_JUDGED
    history = _HISTORY if enough else _SHORT_HISTORY
    earliest = begin.later(history)
    wanted = first or earliest
    if wanted < earliest or wanted > end:
        raise TooEarly(earliest if earliest <= end else None)
    try:
        found = replay_watched(prepared, begin, wanted, end, ReplaySettings(history=history))
    except WarningRefused:
        raise TooEarly(None) from None
    alarms = tuple(_alarm(group, raised) for group, raised in found.groups)
    return Played(wanted, end, found.played.judged, alarms, found.played.summary, state)


def _alarm(group: Group, raised: Raised) -> Alarm:
    after = tuple(After(each.times, each.came, each.usual) for each in raised.after)
    return Alarm(group.findings[0], group.findings[1:], raised.came, raised.usual, raised.again, after)


def is_played(user: User, dataset: Dataset) -> bool:
    """Whether something is kept of a dataset."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    return _place(user.institution, dataset).exists()


def read_played(user: User, dataset: Dataset) -> Played | None:
    """What was played last; None where nothing was, or what was kept cannot be read."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    try:
        kept = json.loads(_place(user.institution, dataset).read_text(encoding="utf-8"))
        return _read(kept, state_of(dataset))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        _LOG.warning("A kept backtest cannot be read; it can be played again.")
        return None


def state_of(dataset: Dataset) -> str:
    """Differs as soon as an incident was added, taken away, changed or merged."""
    facts = Incident.objects.filter(dataset=dataset).aggregate(
        number=Count("pk"), newest=Max("pk"), changes=Sum("version"), merged=Count("same_as")
    )
    return "-".join(str(facts[name] or 0) for name in ("number", "newest", "changes", "merged"))


def _place(institution: Institution, dataset: Dataset) -> Path:
    return Path(settings.DATA_DIR) / "backtests" / f"{institution.pk}-{dataset.pk}.json"


def _keep(path: Path, played: Played) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {
        "first": str(played.first),
        "end": str(played.end),
        "judged": played.judged,
        "state": played.state,
        "alarms": [
            {
                "findings": [keep_finding(its) for its in (each.finding, *each.others)],
                "came": each.came,
                "usual": each.usual,
                "again": each.again,
                "after": [[its.times, its.came, its.usual] for its in each.after],
            }
            for each in played.alarms
        ],
        "summary": [
            [its.times, its.alarms, its.followed, its.others, its.others_followed, its.rise, its.base_rise]
            for its in played.summary
        ],
    }
    write_whole(path, json.dumps(kept).encode())


def _read(kept: Mapping[str, Any], state: str) -> Played:
    first, end = read_month(kept["first"]), read_month(kept["end"])
    if first is None or end is None:
        raise ValueError
    return Played(
        first=first,
        end=end,
        judged=int(kept["judged"]),
        alarms=tuple(map(_read_alarm, kept["alarms"])),
        summary=tuple(AfterAlarms(*each) for each in kept["summary"]),
        state=kept["state"],
        is_current=kept["state"] == state,
    )


def _read_alarm(kept: Mapping[str, Any]) -> Alarm:
    findings = [finding for each in kept["findings"] if (finding := read_finding(each)) is not None]
    if not findings:
        raise ValueError
    return Alarm(
        finding=findings[0],
        others=tuple(findings[1:]),
        came=int(kept["came"]),
        usual=float(kept["usual"]),
        again=bool(kept["again"]),
        after=tuple(After(*each) for each in kept["after"]),
    )
