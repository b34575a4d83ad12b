"""Interventions on a case (R4): what was done, by whom, when, and what came of it."""

from dataclasses import dataclass, field

from django.db import transaction

from amparo.cases.dates import EventDate
from amparo.cases.held import note_change, take_incident, write_section
from amparo.cases.models import Incident, Intervention, Victim
from amparo.institutions.models import User
from amparo.vault import services as vault

INTERVENTION = "intervention"


class KeysClosed(Exception):
    """Text was given that goes sealed, and the person's keys are not open."""


@dataclass(frozen=True, slots=True)
class InterventionFacts:
    """An intervention: codes of interventions, intervention-actors and intervention-results; `notes` go sealed."""

    kind: str
    by: str
    result: str
    date: EventDate | None = None
    victim: int | None = None
    notes: str = field(default="", repr=False)


@transaction.atomic
def add_intervention(
    user: User, incident: int, facts: InterventionFacts, unlocked: vault.Unlocked | None
) -> Intervention:
    """Add an intervention to a case; the same one twice in a row is one: a form sent twice.

    Raises `KeysClosed`, `Incident.DoesNotExist`, `Victim.DoesNotExist`.
    """
    held = take_incident(user, incident)
    last = held.interventions.select_related("section").last()
    if last is not None and _facts_of(last, unlocked) == facts:
        return last
    added = Intervention(incident=held)
    _set(added, held, facts, unlocked)
    added.save()
    note_change("intervention-added", held, user, {"kind": added.kind, "result": added.result})
    return added


@transaction.atomic
def change_intervention(
    user: User, incident: int, intervention: int, facts: InterventionFacts, unlocked: vault.Unlocked | None
) -> Intervention:
    """Change an intervention. Raises as `add_intervention`, and `Intervention.DoesNotExist`."""
    held = take_incident(user, incident)
    found = held.interventions.select_related("section").get(pk=intervention)
    _set(found, held, facts, unlocked)
    found.save()
    note_change("intervention-changed", held, user, {"kind": found.kind, "result": found.result})
    return found


@transaction.atomic
def remove_intervention(user: User, incident: int, intervention: int) -> None:
    """Remove an intervention and what is sealed with it. Raises `Intervention.DoesNotExist`."""
    held = take_incident(user, incident)
    found = held.interventions.select_related("section").get(pk=intervention)
    found.delete()
    if found.section is not None:
        vault.destroy_sections([found.section.pk])
    note_change("intervention-removed", held, user, {"kind": found.kind})


def _set(
    intervention: Intervention, incident: Incident, facts: InterventionFacts, unlocked: vault.Unlocked | None
) -> None:
    """Put `facts` into `intervention`. With closed keys its notes stay as they are."""
    victim: Victim | None = incident.victims.get(pk=facts.victim) if facts.victim is not None else None
    intervention.kind, intervention.by, intervention.result = facts.kind, facts.by, facts.result
    intervention.date, intervention.victim = facts.date, victim
    if unlocked is None:
        if facts.notes:
            raise KeysClosed
        return
    intervention.section = write_section(intervention.section, facts.notes, INTERVENTION, incident, unlocked)


def _facts_of(intervention: Intervention, unlocked: vault.Unlocked | None) -> InterventionFacts:
    section, notes = intervention.section, ""
    if section is not None and unlocked is not None:
        notes = str(vault.open_sections([section], unlocked).get(section.pk, {}).get("text", ""))
    return InterventionFacts(
        intervention.kind, intervention.by, intervention.result, intervention.date, intervention.victim_id, notes
    )
