"""What is asked of a case, as conditions on its own columns: nothing is copied, so nothing can be stale."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, Model, OuterRef, Q

from amparo.cases.models import (
    Act,
    ActMethod,
    AllegedPerpetrator,
    DefenderProfile,
    Evidence,
    Information,
    Intervention,
    Involvement,
    LawUsed,
    RuledOut,
    Victim,
)
from amparo.finding.facets import BECAUSE, EVIDENCE, REASONS, Facet, Level

Asked = Mapping[Facet, Sequence[str]]


def having(asked: Asked) -> Q:
    """The incidents that have, for every facet asked for, one of its codes, or a narrower one.

    What is asked of victims and of acts is asked of one and the same victim: "women" and "killing" finds cases in which
    a woman was killed, not those in which a woman was threatened and a man killed. So it is with perpetrators and with
    sources.
    """
    by_level: defaultdict[Level, Q] = defaultdict(Q)
    for facet, codes in asked.items():
        by_level[facet.level] &= _one_of(facet, codes)
    found = by_level[Level.INCIDENT] & by_level[Level.OWN]
    found &= _of_victims(by_level)
    perpetrator = by_level[Level.PERPETRATOR] & _some(Involvement, "alleged_perpetrator", by_level[Level.INVOLVEMENT])
    found &= _some(AllegedPerpetrator, "incident", perpetrator)
    found &= _some(Information, "incident", by_level[Level.INFORMATION])
    found &= _some(Intervention, "incident", by_level[Level.INTERVENTION])
    return found


def _of_victims(by_level: Mapping[Level, Q]) -> Q:
    act = by_level[Level.ACT]
    act &= _some(ActMethod, "act", by_level[Level.METHOD]) & _some(LawUsed, "act", by_level[Level.LAW])
    victim = by_level[Level.VICTIM]
    victim &= _some(DefenderProfile, "victim", by_level[Level.PROFILE])
    victim &= _some(RuledOut, "victim", by_level[Level.RULED_OUT])
    if victim:
        return _some(Victim, "incident", victim & _some(Act, "victim", act))
    return _some(Act, "incident", act)


def _one_of(facet: Facet, codes: Iterable[str]) -> Q:
    if facet.code == BECAUSE:
        found = Q()
        for code in codes:
            found |= Q(**{REASONS[code]: "yes"})
        return found
    if facet.code == EVIDENCE:
        there = Exists(Evidence.objects.filter(incident=OuterRef("pk")))
        wanted = set(codes)
        return (Q(there) if "yes" in wanted else Q()) | (~Q(there) if "no" in wanted else Q())
    if facet.condition is not None:
        return facet.condition(list(codes))
    every = dict.fromkeys(narrower for code in codes for narrower in facet.with_narrower(code))
    return Q(**{f"{facet.column}__in": list(every)})


def _some(model: type[Model], link: str, condition: Q) -> Q:
    """That there is one of `model` that fits; nothing where nothing is asked of it."""
    if not condition:
        return Q()
    return Q(Exists(model._default_manager.filter(condition, **{link: OuterRef("pk")})))
