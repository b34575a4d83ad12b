"""What is unusual in a country in one month as one thing: a massacre shows in the country and in its parts. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from amparo.warning.months import Month
from amparo.warning.watching.findings import Finding

_RAREST = 1e-300
# So much of the magnitude of the least probable one is as good.
_ALIKE = 0.8
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
    return [Group(country, month, _in_order(its)) for (country, month), its in found.items()]


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The less probable first. Among those nearly as improbable as the first, that with the most incidents; and where
    these are the same, the narrower part, which says more: which kind, where.
    """
    strongest = min(map(_magnitude, findings))

    def order(finding: Finding) -> tuple[bool, float, int, float, tuple[str, ...]]:
        alike = _magnitude(finding) <= _ALIKE * strongest
        first = -finding.observed if alike else finding.tail
        return not alike, first, -len(finding.stratum.by), finding.tail, finding.stratum.codes

    return tuple(sorted(findings, key=order))


def _magnitude(finding: Finding) -> float:
    return log10(max(finding.tail, _RAREST))


def keep_together(kept: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of several findings as those of one signal: of the first, and what is kept of the `others`."""
    return {**kept[0], _OTHERS: [dict(each) for each in kept[1:]]}


def add_to(facts: Mapping[str, Any], more: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`facts` of a signal with those of further findings."""
    return {**facts, _OTHERS: [*facts.get(_OTHERS, ()), *map(dict, more)]}


def each_kept(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The facts of each finding of a signal, the first one first."""
    return facts, *facts.get(_OTHERS, ())
