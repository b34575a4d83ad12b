"""The past of all series that are watched played again, and what would have been raised by country and month. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from amparo.warning.months import Month
from amparo.warning.replaying import Raised, Replay, ReplayedSeries, ReplaySettings, replay
from amparo.warning.watching.counting import count_cell, watch
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.grouping import Group, group_findings
from amparo.warning.watching.strata import Stratum

_METHOD = "bayes-pooled"


@dataclass(frozen=True, slots=True)
class ReplayedWatch:
    """What was `played`, and its alarms by country and month, the oldest first."""

    played: Replay
    groups: tuple[tuple[Group, Raised], ...]


def replay_watched(
    prepared: pa.Table, begin: Month, first: Month, end: Month, settings: ReplaySettings
) -> ReplayedWatch:
    """Countries and all their parts of a plane (`reading.read_watched_plane`, `as_happened`) from `begin` to `end`,
    judged together from `first` on. Raises WarningRefused for too little before `first`.

    Of each group stands one of its alarms, which says what came after in the country.
    """
    watched = watch(prepared, end, end.number - begin.number + 1, longest=0)
    strata = {_name(each): each for each in watched.strata}
    series = ReplayedSeries(
        names=tuple(strata),
        counts=watched.happened,
        kinds=tuple(each.by for each in watched.strata),
        wholes=tuple(each.country for each in watched.strata),
    )
    played = replay(series, first.number - begin.number, settings)
    return ReplayedWatch(played, tuple(_group(prepared, played, strata, begin, end)))


def _group(
    prepared: pa.Table, played: Replay, strata: Mapping[str, Stratum], begin: Month, end: Month
) -> list[tuple[Group, Raised]]:
    findings, raised = [], {}
    for each in played.raised:
        stratum, month = strata[each.series], begin.later(each.position)
        findings.append(_finding(prepared, each, stratum, month, end))
        raised[stratum.country, month] = each
    return [(each, raised[each.country, each.month]) for each in group_findings(findings)]


def _finding(prepared: pa.Table, raised: Raised, stratum: Stratum, month: Month, end: Month) -> Finding:
    cell = count_cell(prepared, stratum, month, end)
    return Finding(
        stratum=stratum,
        month=month,
        basis=Basis.HAPPENED,
        observed=raised.observed,
        victims=cell.victims,
        low=raised.observed,
        high=raised.observed,
        expected=raised.expected,
        upperbound=raised.upperbound,
        tail=raised.tail,
        adjusted=raised.adjusted,
        detector=_METHOD,
        acts=cell.acts,
    )


def _name(stratum: Stratum) -> str:
    """A country by its code, a part by what it is besides."""
    return ":".join((*stratum.by[1:], *stratum.codes))
