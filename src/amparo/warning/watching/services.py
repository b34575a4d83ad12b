"""Watch what the store holds: findings of the last months, and what of them may be told outside."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from amparo.warning.months import Month
from amparo.warning.replaying import Replay, ReplayedSeries, ReplaySettings, replay
from amparo.warning.watching.counting import Cell, count_cell, count_countries, count_countries_by_year
from amparo.warning.watching.disclosing import PublicFinding, disclose_each
from amparo.warning.watching.findings import Basis, Finding, WatchSettings, find_unusual
from amparo.warning.watching.known_outside import KnownOutside
from amparo.warning.watching.outside import THRESHOLD
from amparo.warning.watching.reading import read_watched_plane
from amparo.warning.watching.strata import Stratum

# What others know of some countries.
Known = Callable[[Collection[str]], KnownOutside]
# Months: what is usual is learnt from, how many must be judged for a record, and how far back it goes.
_HISTORY, _FEWEST_JUDGED, _LONGEST_RECORD = 36, 24, 156


@dataclass(frozen=True, slots=True)
class WatchRun:
    """What was found of the months that end with `now`, and what of each may be told outside; None where nothing."""

    now: Month
    findings: tuple[Finding, ...]
    told: Mapping[Finding, PublicFinding | None]

    @property
    def outside(self) -> tuple[PublicFinding, ...]:
        """All that may be told outside, each once."""
        return tuple(dict.fromkeys(each for each in self.told.values() if each is not None))


def last_full_month(today: date) -> Month:
    """The month before that of `today`: this one isn't over."""
    return Month(today.year, today.month).later(-1)


def watch_store(
    now: Month,
    *,
    datasets: Iterable[str] | None = None,
    basis: Basis = Basis.HAPPENED,
    settings: WatchSettings | None = None,
    threshold: int = THRESHOLD,
    known: Known | None = None,
    as_happened: bool = False,
) -> WatchRun:
    """All series of `datasets`, or of all, judged as of the end of the month `now`. Nothing is written.

    Without `known` nobody knows anything outside; with it what they know of the countries that have a finding.

    `as_happened`: see `reading.read_watched_plane`.
    """
    prepared = read_watched_plane(datasets, as_happened=as_happened)
    findings = find_unusual(prepared, now, settings or WatchSettings(), basis)

    def count(stratum: Stratum, month: Month) -> Cell:
        return count_cell(prepared, stratum, month, now)

    others_know = known({each.stratum.country for each in findings}) if known and findings else None
    return WatchRun(now, tuple(findings), disclose_each(findings, count, threshold, others_know))


def play_record(prepared: pa.Table, now: Month) -> Replay | None:
    """The record of watching countries: the last ten years to `now` played again; None where records are too young."""
    settings = ReplaySettings(history=_HISTORY)
    numbers = pc.min(prepared["month_number"]).as_py()
    if numbers is None or now.number - numbers < _HISTORY + _FEWEST_JUDGED:
        return None
    begin = max(Month.of_number(numbers), now.later(-_LONGEST_RECORD))
    return replay_countries(prepared, begin, begin.later(_HISTORY), now, settings)


def replay_countries(prepared: pa.Table, begin: Month, first: Month, end: Month, settings: ReplaySettings) -> Replay:
    """The countries of a plane (`reading.read_watched_plane`) from `begin` to `end` played again: what would have been
    raised from `first` on, and what came after. Raises WarningRefused for too little before `first`.

    Lists published years after do not say when a case became known: each counts as known in its own month.
    """
    names, counts = count_countries(prepared, begin, end)
    return replay(ReplayedSeries(names, counts), first.number - begin.number, settings)


def replay_countries_by_year(prepared: pa.Table, begin: int, first: int, end: int) -> Replay:
    """The same by years. Raises WarningRefused for too little before the year `first`."""
    names, counts = count_countries_by_year(prepared, begin, end)
    return replay(ReplayedSeries(names, counts), first - begin, ReplaySettings.yearly())
