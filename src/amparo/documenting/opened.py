"""A case as who documents it sees it, and what its forms offer of its own records."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.cases.parts import ACT, PERPETRATOR, PLACE, VICTIM, Part, records_of
from amparo.cases.records import open_records, perpetrator_label, place_label, victim_label, victim_number
from amparo.documenting.beginning import published_sources
from amparo.documenting.part_form import CaseChoices
from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import get_vocabulary

# So many are offered to choose from; of more, the page of the record itself is the way.
MOST_OFFERED = 300
_MOST_ACTS = 50


def find_case(request: HttpRequest, incident: int) -> Incident:
    """The case, where it is of the signed-in person's institution. Raises Http404, whoever else's it is."""
    found = incidents_for(cast(User, request.user)).select_related("institution__key_pair", "dataset")
    shown: Incident = get_object_or_404(found, pk=incident)
    return shown


def case_choices(incident: Incident, unlocked: vault.Unlocked | None) -> CaseChoices:
    """What forms of `incident` offer of its own records, in a constant number of queries."""
    victims = open_records(VICTIM, _with_sets(VICTIM, incident), unlocked)
    perpetrators = open_records(PERPETRATOR, list(records_of(PERPETRATOR, incident)[:MOST_OFFERED]), unlocked)
    places = open_records(PLACE, list(records_of(PLACE, incident)[:MOST_OFFERED]), unlocked)
    number = {each.record.pk: each.number for each in victims}
    acts = records_of(ACT, incident).values_list("pk", "kind", "victim_id")[:_MOST_ACTS]
    language = get_language() or "en"
    kinds = get_vocabulary("acts").terms
    return CaseChoices(
        victims=[(str(each.record.pk), victim_label(each)) for each in victims],
        perpetrators=[(str(each.record.pk), perpetrator_label(each)) for each in perpetrators],
        places=[(str(each.record.pk), place_label(each)) for each in places],
        acts=[
            (str(pk), f"{kinds[kind].label(language) if kind in kinds else kind} · {victim_number(number.get(victim))}")
            for pk, kind, victim in acts
        ],
        number_of_acts=incident.acts.count(),
        date=incident.date,
        sources=published_sources(),
    )


def _with_sets(part: Part, incident: Incident) -> list[Any]:
    found = records_of(part, incident).prefetch_related(*(rows.related for rows in part.sets.values()))
    return list(found[:MOST_OFFERED])
