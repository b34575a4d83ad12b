"""The coded plane as one wide table: what statistics count, and nothing that names anybody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from amparo.cases.models import Act, AllegedPerpetrator, DefenderProfile, Incident, Information, Victim
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.places import ganhri_network, regional_group

_CODES = pa.list_(pa.string())
SCHEMA = pa.schema(
    [
        ("incident_id", pa.int64()),
        ("victim_id", pa.int64()),
        ("act_id", pa.int64()),
        ("year", pa.int16()),
        ("month", pa.int8()),
        *(
            (name, pa.string())
            for name in (
                "dataset",
                "country",
                "area",
                "regional_group",
                "network",
                "date_precision",
                "act",
                "act_group",
                "status",
                "setting",
                "sector",
                "victim_kind",
                "target",
                "sex",
                "gender",
                "age_band",
            )
        ),
        ("profile", _CODES),
        ("perpetrator", _CODES),
        ("source", _CODES),
        # A number that stands for one person in several incidents; for the internal snapshot only.
        ("person", pa.int64()),
        # From the day of recording the incident to that of verifying it here; for the internal snapshot only.
        ("days_to_verification", pa.int32()),
    ]
)
_AT_ONCE = 20_000
_BODIES = frozenset({"group", "institution"})


def read_coded_plane(datasets: Iterable[str] | None = None, *, recorded_until: date | None = None) -> pa.Table:
    """One row per act and victim; a victim without acts and an incident without victims still have one.

    `profile`, `perpetrator` and `source` hold lists, ["unknown"] where nothing is known; `year` and `month` are null
    where the date does not lie within one. Incidents found to be the same event are counted as one: that which is kept,
    or of those chosen the first; with the sources of all, and with the victims of copies who are none of its own: a
    person once, a group or institution once for each kind and target. Only of `datasets`, and only what was recorded
    by the end of the day `recorded_until` (UTC), where they are given.
    """
    # A draft is nobody's word yet.
    incidents = Incident.objects.exclude(stage="draft")
    if datasets is not None:
        incidents = incidents.filter(dataset__code__in=list(datasets))
    if recorded_until is not None:
        incidents = incidents.filter(
            created_at__lt=datetime.combine(recorded_until + timedelta(days=1), time(), tzinfo=UTC)
        )
    chosen = incidents.values("pk")
    counted_as = _counted_as(incidents)
    perpetrators = _lists(AllegedPerpetrator.objects.filter(incident__in=chosen).values_list("incident_id", "kind"))
    sources = _lists(
        Information.objects.filter(incident__in=chosen).values_list("incident_id", "source__code"), counted_as
    )
    profiles = _lists(DefenderProfile.objects.filter(victim__incident__in=chosen).values_list("victim_id", "profile"))
    acts: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for victim_id, act_id, kind in (
        Act.objects.filter(incident__in=chosen).order_by("pk").values_list("victim_id", "pk", "kind").iterator(_AT_ONCE)
    ):
        acts[victim_id].append((act_id, kind))
    victims: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    of_copies: list[tuple[Any, ...]] = []
    for incident_id, *facts in (
        Victim.objects.filter(incident__in=chosen)
        .order_by("pk")
        .values_list("incident_id", "pk", "kind", "target", "sex", "gender", "age_band", "person_id")
        .iterator(_AT_ONCE)
    ):
        if incident_id in counted_as:
            of_copies.append((counted_as[incident_id], *facts))
        else:
            victims[incident_id].append(tuple(facts))
    _add_victims_of_copies(victims, of_copies)
    columns = _columns(incidents.exclude(pk__in=counted_as), victims, acts, profiles, perpetrators, sources)
    return pa.table(columns, schema=SCHEMA)


def _counted_as(incidents: Any) -> dict[int, int]:
    """For each chosen incident that is counted with another, that other."""
    copies = dict(incidents.exclude(same_as=None).order_by("pk").values_list("pk", "same_as_id"))
    kept = set(incidents.filter(pk__in=set(copies.values())).values_list("pk", flat=True)) if copies else set()
    first: dict[int, int] = {}
    found = {}
    for copy, its in copies.items():
        stands = its if its in kept else first.setdefault(its, copy)
        if stands != copy:
            found[copy] = stands
    return found


def _add_victims_of_copies(
    victims: defaultdict[int, list[tuple[Any, ...]]], of_copies: Iterable[tuple[Any, ...]]
) -> None:
    for incident_id, *facts in of_copies:
        _, kind, target, *_, person = facts
        if kind in _BODIES:
            there = any(each[1:3] == (kind, target) for each in victims[incident_id])
        else:
            there = person is not None and any(each[-1] == person for each in victims[incident_id])
        if not there:
            victims[incident_id].append(tuple(facts))


def _lists(pairs: Any, counted_as: Mapping[int, int] | None = None) -> dict[int, list[str]]:
    """The codes of each key; those of a copy with those of what it is counted as."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key, code in pairs.iterator(_AT_ONCE):
        found[(counted_as or {}).get(key, key)].add(code)
    return {key: sorted(codes) for key, codes in found.items()}


def _columns(
    incidents: Any,
    victims: dict[int, list[tuple[Any, ...]]],
    acts: dict[int, list[tuple[int, str]]],
    profiles: dict[int, list[str]],
    perpetrators: dict[int, list[str]],
    sources: dict[int, list[str]],
) -> list[list[Any]]:
    kinds = get_vocabulary("acts")
    groups = {code: kinds.top(code) for code in kinds.terms}
    nobody = [(None, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, None)]
    nothing = [(None, UNKNOWN)]
    not_known = [UNKNOWN]

    def rows() -> Iterator[tuple[Any, ...]]:
        facts = incidents.order_by("pk").values_list(
            "pk", "date", "dataset__code", "country", "area", "status", "setting", "sector", "created_at", "verified_on"
        )
        for pk, when, dataset, country, area, status, setting, sector, recorded, verified in facts.iterator(_AT_ONCE):
            days = max((verified - recorded.date()).days, 0) if verified and status == "verified" else None
            group, network = regional_group(country), ganhri_network(country)
            year, month = (when.year, when.month) if when else (None, None)
            precision = str(when.precision) if when else UNKNOWN
            for victim_id, victim_kind, target, sex, gender, age_band, person in victims.get(pk, nobody):
                for act_id, act in acts.get(victim_id, nothing):
                    yield (
                        pk,
                        victim_id,
                        act_id,
                        year,
                        month,
                        dataset,
                        country,
                        area,
                        group,
                        network,
                        precision,
                        act,
                        groups.get(act, act),
                        status,
                        setting,
                        sector,
                        victim_kind,
                        target,
                        sex,
                        gender,
                        age_band,
                        profiles.get(victim_id, not_known),
                        perpetrators.get(pk, not_known),
                        sources.get(pk, not_known),
                        _number_of(victim_id, victim_kind, person),
                        days,
                    )

    return [list(column) for column in zip(*rows(), strict=True)] or [[] for _ in SCHEMA]


def _number_of(victim: int | None, kind: str, person: int | None) -> int | None:
    """The person's number; below zero of who is found in one incident only; None for a body and for nobody."""
    if victim is None or kind in _BODIES:
        return None
    return -victim if person is None else person
