"""Beginning a case: step by step as a draft, or whole and quickly; and giving a draft up."""

from dataclasses import dataclass, field
from hashlib import sha256

from django.db import IntegrityError, models, transaction

from amparo.cases.changing import unnamed_source
from amparo.cases.datasets import own_dataset
from amparo.cases.dates import EventDate
from amparo.cases.desk import incidents_for
from amparo.cases.drafts import UNKNOWN, IncidentDraft, VictimDraft
from amparo.cases.held import take_incident
from amparo.cases.merging import Values
from amparo.cases.models import Incident, Information, Place, Source
from amparo.cases.parts import OF_KIND, PARTS, WHAT, records_of, sections_of, set_plain_values
from amparo.cases.services import record_incident
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vault import services as vault

BEGUN, RECORDED, DISCARDED = "case-begun", "case-recorded", "draft-discarded"
_MOST_SOURCES = 300


class NotDiscarded(Exception):
    """The draft is a case by now, or something hangs on it that would be lost."""

    code = "not-discarded"


@dataclass(frozen=True, slots=True)
class QuickFacts:
    """A case in ten fields. `source` is a code, or "kind:…" for one that isn't named; name and story go sealed."""

    date: EventDate | None
    country: str
    area: str
    name: str = field(repr=False)
    sex: str
    target: str
    acts: tuple[str, ...]
    perpetrator: str
    source: str
    text: str = field(repr=False)


def begin_case(user: User, institution: Institution, values: Values, place: Values, token: str) -> Incident:
    """A draft with what, when and where; the same one where the form with this token was sent before.

    `place` is the exact place, sealed to the institution; nothing where it is empty.
    """
    dataset, fingerprint = own_dataset(institution), _fingerprint(token)
    there = incidents_for(user).filter(dataset=dataset, fingerprint=fingerprint)
    if (found := there.first()) is not None:
        return found
    try:
        with transaction.atomic():
            incident = Incident(institution=institution, dataset=dataset, stage="draft", fingerprint=fingerprint)
            set_plain_values(WHAT, incident, values)
            incident.save()
            if any(place.get(name) for name in ("place", "latitude", "longitude")):
                sealed = {name: value for name, value in place.items() if name not in ("kind", "precision") and value}
                section = vault.keep_section(sealed, "place", [institution.key_pair])
                kind, precision = str(place.get("kind", UNKNOWN)), str(place.get("precision", UNKNOWN))
                Place.objects.create(incident=incident, kind=kind, precision=precision, section=section)
            _log(BEGUN, incident, user)
    except IntegrityError:
        # Sent twice at the same moment: the other one was quicker.
        return there.get()
    return incident


def record_quickly(user: User, institution: Institution, facts: QuickFacts, token: str) -> Incident:
    """A whole case, open at once; the same one where the form with this token was sent before."""
    dataset, fingerprint = own_dataset(institution), _fingerprint(token)
    there = incidents_for(user).filter(dataset=dataset, fingerprint=fingerprint)
    if (found := there.first()) is not None:
        return found
    victim = VictimDraft(
        sex=facts.sex,
        target=facts.target,
        acts=facts.acts,
        identity={"name": facts.name} if facts.name else {},
    )
    draft = IncidentDraft(
        date=facts.date,
        country=facts.country,
        area=facts.area,
        victims=(victim,),
        perpetrators=() if facts.perpetrator == UNKNOWN else (facts.perpetrator,),
        narrative={"text": facts.text} if facts.text else {},
        fingerprint=fingerprint,
    )
    try:
        with transaction.atomic():
            incident = record_incident(institution, dataset, draft)
            if facts.source:
                Information.objects.create(incident=incident, source=_source(facts.source))
            _log(RECORDED, incident, user)
    except IntegrityError:
        return there.get()
    return incident


@transaction.atomic
def discard_draft(user: User, incident: int) -> None:
    """Destroy a draft with all that was sealed in it. Raises `NotDiscarded`, and `Incident.DoesNotExist`."""
    held = take_incident(user, incident)
    if held.stage != "draft" or held.evidence.exists() or held.reports.exists():
        raise NotDiscarded
    sections = {section.pk for part in PARTS.values() for section in sections_of(part, records_of(part, held))}
    code = held.institution.code
    try:
        held.delete()
        vault.destroy_sections(sections)
    except models.ProtectedError:
        raise NotDiscarded from None
    log.record(DISCARDED, actor=user.pk, institution=code, record=f"incident:{incident}")


def published_sources() -> list[tuple[str, str]]:
    """The sources that publish under their names: code and name."""
    named = Source.objects.exclude(published_name="").order_by("published_name", "pk")
    return list(named.values_list("code", "published_name")[:_MOST_SOURCES])


def _source(said: str) -> Source:
    if said.startswith(OF_KIND):
        return unnamed_source(said.removeprefix(OF_KIND))
    return Source.objects.get(code=said)


def _fingerprint(token: str) -> bytes:
    return sha256(f"amparo/new-case/1/{token}".encode()).digest()


def _log(action: str, incident: Incident, user: User) -> None:
    log.record(action, actor=user.pk, institution=incident.institution.code, record=f"incident:{incident.pk}")
