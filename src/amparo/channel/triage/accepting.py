"""Making a case of a report: what it says is carried over, nothing is typed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from amparo.cases.datasets import own_dataset
from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN, IncidentDraft, VictimDraft
from amparo.cases.models import Evidence, Incident, Source
from amparo.cases.services import record_incident
from amparo.channel.answers import Answers, clean_answers
from amparo.channel.consents import give_in_vault
from amparo.channel.models import Report
from amparo.channel.triage.opened import first_report
from amparo.channel.triage.services import NotNow, TriageError, log_step, take
from amparo.institutions.models import User, this_hour
from amparo.vault import services as vault
from amparo.vault.models import Section
from amparo.vocabularies.catalogue import get_vocabulary

# Answers → fields of the sealed sections of the case. Who reports stays with the report, which the case links to:
# a narrative is shared sooner than the name of who told it.
_NARRATIVE = {
    "what": "text",
    "when": "when",
    "place": "place",
    "by_whom": "by_whom",
    "still_going_on": "still_going_on",
    "nhri_forms": "nhri_forms",
    "because_of_work": "because_of_work",
    "because_of_mandate": "because_of_mandate",
    "because_of_cooperation": "because_of_cooperation",
    "budget_years": "budget_years",
    "budget_before": "budget_before",
    "budget_after": "budget_after",
    "budget": "budget",
    "procedure": "procedure",
    "procedure_done": "procedure_done",
    "un_cooperation": "un_cooperation",
    "un_details": "un_details",
}
_IDENTITY = {"victim_name": "name", "victim_contact": "contact", "function": "function"}
# What a form of reprisal against an NHRI is as a kind of act, for the person to check.
_ACT_OF_FORM = {
    "nhri-smear-campaign": "smear-campaign",
    "nhri-harassment": "harassment",
    "nhri-threat": "threat",
    "nhri-legal-action": "judicial-harassment",
    "nhri-arrest": "arbitrary-detention",
    "nhri-violent-act": "physical-attack",
    "nhri-killing": "killing",
    "budget-cut": "funding-restriction",
    "undue-dismissal": "dismissal",
}
SOURCE = "safe-channel"


class Closed(TriageError):
    """The report is closed to this session's key: nothing can be carried over."""

    code = "closed"


@dataclass(frozen=True, slots=True)
class CodedFacts:
    """The coded facts of a case, as a person checked them."""

    date: EventDate | None
    country: str
    area: str
    kind: str
    target: str
    sex: str
    age_band: str
    profiles: tuple[str, ...]
    acts: tuple[str, ...]
    perpetrators: tuple[str, ...]
    setting: str
    status: str


def suggest_facts(report: Report, answers: Answers) -> CodedFacts:
    """What the answers say of the coded facts, for a person to check; unknown where they say nothing."""
    acts = [*_codes(answers, "acts", "acts")]
    acts += [
        _ACT_OF_FORM[form] for form in _codes(answers, "nhri_forms", "nhri-reprisal-forms") if form in _ACT_OF_FORM
    ]
    target = _code(answers, "target", "targets")
    perpetrator = _code(answers, "perpetrator", "alleged-perpetrators")
    country = _code(answers, "country", "countries")
    if country == UNKNOWN and report.institution.kind == "nhri":
        country = report.institution.country or UNKNOWN
    return CodedFacts(
        date=read_when(str(answers.get("when", ""))),
        country=country,
        area=UNKNOWN,
        kind="institution" if target in ("nhri-institution", "organisation", "network") else "person",
        target=target,
        sex=_code(answers, "sex", "sex"),
        age_band=UNKNOWN,
        profiles=tuple(_codes(answers, "profiles", "defender-profiles")),
        acts=tuple(dict.fromkeys(acts)),
        perpetrators=() if perpetrator == UNKNOWN else (perpetrator,),
        setting=UNKNOWN,
        status="reported",
    )


def read_when(said: str) -> EventDate | None:
    """The date in what somebody wrote, where it is one and nothing else: 2026, 2026-10, 2026-10-22, or a range."""
    written = "".join(str(int(each)) if each.isdecimal() else each for each in said.strip())
    try:
        return EventDate.read(written)
    except ValueError:
        return None


def carried_over(answers: Answers) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of the case's narrative and of the victim's identity that the answers give."""
    return _fields(answers, _NARRATIVE), _fields(answers, _IDENTITY)


@transaction.atomic
def accept(user: User, report: UUID, facts: CodedFacts, unlocked: vault.Unlocked) -> Incident:
    """Make a case of the report, with its texts sealed and its files as evidence. Twice gives the same case.

    Raises `Closed` where `unlocked` does not open the report, `NotNow` where it was closed meanwhile.
    """
    held = take(user, report)
    if held.incident is not None:
        return held.incident
    if held.closed_at is not None and held.status != "referred":
        raise NotNow
    said = vault.open_sections([held.section], unlocked).get(held.section_id)
    if said is None:
        raise Closed
    narrative, identity = carried_over(clean_answers(said))
    draft = _draft(facts, narrative | {"language": held.language}, identity)
    source, _ = Source.objects.get_or_create(code=SOURCE, defaults={"kind": "person"})
    incident = record_incident(held.institution, own_dataset(held.institution), draft, {SOURCE: source})
    Evidence.objects.bulk_create(
        Evidence(incident=incident, file_id=each.file_id, added_at=this_hour())
        for each in first_report(held).files.order_by("pk")
    )
    give_in_vault(first_report(held), _sections_of_case(incident))
    held.incident, held.status, held.outcome = incident, "accepted", ""
    held.acknowledged_at = held.acknowledged_at or this_hour()
    held.closed_at = held.destroy_on = None
    held.save()
    log_step("report-accepted", held, user, {"incident": incident.pk})
    return incident


def _sections_of_case(incident: Incident) -> list[Section]:
    """What was made of the report's answers: what the reporter agreed to holds for it too."""
    victims = Section.objects.filter(victim__incident=incident)
    return list((Section.objects.filter(incident=incident) | victims).distinct())


def _draft(facts: CodedFacts, narrative: Mapping[str, str], identity: Mapping[str, str]) -> IncidentDraft:
    victim = VictimDraft(
        kind=facts.kind,
        target=facts.target,
        sex=facts.sex,
        age_band=facts.age_band,
        profiles=facts.profiles,
        acts=facts.acts,
        identity=identity,
    )
    return IncidentDraft(
        date=facts.date,
        country=facts.country,
        area=facts.area,
        setting=facts.setting,
        status=facts.status,
        victims=(victim,),
        perpetrators=facts.perpetrators,
        sources=(SOURCE,),
        narrative=narrative,
    )


def _fields(answers: Answers, names: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, field in names.items():
        if value := answers.get(name):
            found[field] = value if isinstance(value, str) else ", ".join(value)
    return found


def _code(answers: Answers, name: str, vocabulary: str) -> str:
    value = answers.get(name)
    return value if isinstance(value, str) and value in get_vocabulary(vocabulary).terms else UNKNOWN


def _codes(answers: Answers, name: str, vocabulary: str) -> list[str]:
    values = answers.get(name)
    known = get_vocabulary(vocabulary).terms
    return [each for each in values if each in known and each != UNKNOWN] if isinstance(values, list) else []
