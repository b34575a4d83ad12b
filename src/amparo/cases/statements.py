"""What sources say of single facts, and where they disagree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from amparo.cases.models import Incident, Statement, Victim

# Fact → vocabulary of its values; "" for a date as EDTF. One value a source, but for those of SEVERAL.
OF_INCIDENT: Mapping[str, str] = {
    "incident.date": "",
    "incident.country": "countries",
    "incident.area": "areas",
    "incident.setting": "settings",
    "perpetrator.kind": "alleged-perpetrators",
}
OF_VICTIM: Mapping[str, str] = {
    "victim.sex": "sex",
    "victim.gender": "gender",
    "victim.age_band": "age-bands",
    "victim.target": "targets",
    "act.kind": "acts",
}
SEVERAL = frozenset({"perpetrator.kind", "act.kind"})
FACT_NAMES: Mapping[str, str] = {
    "incident.date": _("Date"),
    "incident.country": _("Country"),
    "incident.area": _("Area"),
    "incident.setting": _("Offline or online"),
    "perpetrator.kind": _("Alleged perpetrators"),
    "victim.sex": _("Sex"),
    "victim.gender": _("Gender"),
    "victim.age_band": _("Age"),
    "victim.target": _("In what capacity"),
    "act.kind": _("Kinds of act"),
}
_VOCABULARIES = {**OF_INCIDENT, **OF_VICTIM}


@dataclass(frozen=True, slots=True)
class FactSaid:
    """One fact with what each source says of it, and the values that the case takes.

    `said` is information → values; `victim` None for a fact of the incident. `vocabulary` is "" for a date.
    """

    fact: str
    victim: int | None
    taken: tuple[str, ...]
    said: Mapping[int, tuple[str, ...]]

    @property
    def name(self) -> str:
        """What the fact is called, to be translated where it is shown; the fact itself where another package's."""
        return FACT_NAMES.get(self.fact, self.fact)

    @property
    def vocabulary(self) -> str:
        return _VOCABULARIES.get(self.fact, "")

    @property
    def is_date(self) -> bool:
        return self.fact.endswith(".date")

    @property
    def differs(self) -> bool:
        """Whether two sources say different things, or one says something else than the case takes.

        Where a fact has several values, a source that tells of only some of those the case takes denies none of them.
        """
        values = {frozenset(each) for each in self.said.values()}
        taken = set(self.taken)
        if self.fact in SEVERAL:
            return len(values) > 1 or any(not said <= taken for said in values)
        return len(values) > 1 or any(said != taken for said in values)


def facts_of(incident: Incident, victims: Iterable[Victim]) -> list[FactSaid]:
    """What the sources say of `incident` and of `victims`, in order, with what is taken. Few queries, however many."""
    of = {victim.pk: victim for victim in victims}
    said: defaultdict[tuple[int | None, str], defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    found = Statement.objects.filter(information__incident=incident).order_by("information_id", "value")
    for information, victim, fact, value in found.values_list("information_id", "victim_id", "fact", "value"):
        if victim is None or victim in of:
            said[victim, fact][information].append(value)
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    perpetrators: set[str] = set()
    if any(fact == "act.kind" for _victim, fact in said):
        for victim_id, kind in incident.acts.filter(victim__in=of).values_list("victim_id", "kind").distinct():
            kinds[victim_id].add(kind)
    if any(fact == "perpetrator.kind" for _victim, fact in said):
        perpetrators = set(incident.alleged_perpetrators.values_list("kind", flat=True))
    order = {fact: place for place, fact in enumerate(FACT_NAMES)}
    keys = sorted(said, key=lambda key: (key[0] or 0, order.get(key[1], len(order)), key[1]))
    return [
        FactSaid(
            fact,
            victim,
            _taken(fact, incident, of.get(victim or 0), kinds[victim or 0], perpetrators),
            {information: tuple(values) for information, values in said[victim, fact].items()},
        )
        for victim, fact in keys
    ]


def _taken(
    fact: str, incident: Incident, victim: Victim | None, kinds: set[str], perpetrators: set[str]
) -> tuple[str, ...]:
    owner, _dot, column = fact.partition(".")
    if fact == "perpetrator.kind":
        return tuple(sorted(perpetrators))
    if fact == "act.kind":
        return tuple(sorted(kinds))
    record = {"incident": incident, "victim": victim}.get(owner)
    value = getattr(record, column, None) if record is not None else None
    return (str(value),) if value else ()
