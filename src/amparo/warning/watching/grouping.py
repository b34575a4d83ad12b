"""What is unusual in a country in one month as one thing: a massacre shows in the country and in its parts. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from amparo.warning.months import Month
from amparo.warning.watching.findings import Finding

_RAREST = 1e-300
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of a country in a month, the strongest first."""

    country: str
    month: Month
    findings: tuple[Finding, ...]


def group_findings(findings: Iterable[Finding]) -> list[Group]:
    """`findings` by country and month, in the order in which their first ones come."""
    found: defaultdict[tuple[str, Month], list[Finding]] = defaultdict(list)
    for each in findings:
        found[each.stratum.country, each.month].append(each)
    return [Group(country, month, tuple(sorted(its, key=_strength))) for (country, month), its in found.items()]


def _strength(finding: Finding) -> tuple[int, int, float, tuple[str, ...]]:
    """The less probable first. Where two are nearly alike the narrower part says more: which kind, where."""
    magnitude = floor(log10(max(finding.tail, _RAREST)))
    return magnitude, -len(finding.stratum.by), finding.tail, finding.stratum.codes


def keep_together(kept: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of several findings as those of one signal: of the first, and what is kept of the `others`."""
    return {**kept[0], _OTHERS: [dict(each) for each in kept[1:]]}


def add_to(facts: Mapping[str, Any], more: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`facts` of a signal with those of further findings."""
    return {**facts, _OTHERS: [*facts.get(_OTHERS, ()), *map(dict, more)]}


def each_kept(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The facts of each finding of a signal, the first one first."""
    return facts, *facts.get(_OTHERS, ())
