"""Requests for protection: asked for, changed, refused, taken up again."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from amparo.cases.drafts import UNKNOWN
from amparo.cases.models import Incident
from amparo.channel.models import Report
from amparo.channel.triage.accepting import suggest_facts
from amparo.channel.triage.opened import OpenedReport
from amparo.institutions.models import User
from amparo.protection.desk import requests_for, today
from amparo.protection.held import (
    NotNow,
    check_owner,
    log_step,
    note_change,
    take_open,
    take_request,
    write_words,
)
from amparo.protection.models import ProtectedProfile, ProtectionRequest
from amparo.protection.risk import assess_by
from amparo.vault import services as vault

REQUEST, ENDING = "protection-request", "protection-ending"
# Sealed fields of a request, in the order in which they are read.
WORDS = ("name", "contact", "asked_by", "asked_by_contact", "family", "reasons")
_CODES = ("country", "area", "sex", "gender", "urgency", "received_by", "consent_asked")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request: codes, the day on which it came, whose it is; `words` go sealed, under the names in `WORDS`."""

    received_on: date
    country: str = UNKNOWN
    area: str = UNKNOWN
    sex: str = UNKNOWN
    gender: str = UNKNOWN
    urgency: str = UNKNOWN
    received_by: str = UNKNOWN
    consent_asked: str = UNKNOWN
    profiles: tuple[str, ...] = ()
    owner: User | None = None
    words: dict[str, str] = field(default_factory=dict, repr=False)


@transaction.atomic
def ask_for_protection(
    user: User,
    facts: RequestFacts,
    token: UUID,
    unlocked: vault.Unlocked | None,
    *,
    incident: Incident | None = None,
    report: Report | None = None,
) -> ProtectionRequest:
    """Make a request; the same `token` twice is one request. Raises `KeysClosed`, `NotOurs`."""
    institution = user.institution
    assert institution is not None  # noqa: S101  (a page of the desk)
    there = requests_for(user).filter(token=token).first()
    if there is not None:
        return there
    check_owner(facts.owner, institution)
    made = ProtectionRequest(institution=institution, token=token, incident=incident, report=report)
    _set(made, facts)
    made.section = write_words(None, facts.words, REQUEST, institution, unlocked)
    made.save()
    _set_profiles(made, facts)
    log_step("protection-requested", made, user, {"urgency": made.urgency})
    return made


@transaction.atomic
def change_request(
    user: User, request: int, version: int, facts: RequestFacts, unlocked: vault.Unlocked | None
) -> ProtectionRequest:
    """Change who asks for whom, and the codes. Raises `NotNow`, `ChangedMeanwhile`, `KeysClosed`, `NotOurs`."""
    held = take_open(user, request, version=version)
    check_owner(facts.owner, held.institution)
    _set(held, facts)
    held.section = write_words(held.section, facts.words, REQUEST, held.institution, unlocked)
    _set_profiles(held, facts)
    note_change("protection-changed", held, user)
    return held


@transaction.atomic
def refuse(
    user: User, request: int, version: int, reason: str, words: str, unlocked: vault.Unlocked | None
) -> ProtectionRequest:
    """Refuse a request for a reason of protection-refusals. Raises `NotNow` where there is a plan already, and more."""
    held = take_open(user, request, version=version)
    if held.status not in ("requested", "assessing"):
        raise NotNow
    held.ending = write_words(held.ending, {"reasons": words}, ENDING, held.institution, unlocked)
    held.status, held.refusal, held.closed_on = "refused", reason, today()
    note_change("protection-refused", held, user, {"reason": reason})
    return held


@transaction.atomic
def reopen(user: User, request: int) -> ProtectionRequest:
    """Take a closed or refused request up again, at the point that it had reached. Twice is once."""
    held = take_request(user, request)
    if held.status not in ("closed", "refused"):
        return held
    plan = getattr(held, "plan", None)
    if plan is not None:
        held.status = "reviewed" if plan.reviews.exists() else "in-force"
    else:
        held.status = "requested" if held.first_assessed_on is None else "assessing"
    held.refusal = held.outcome = ""
    held.closed_on = None
    note_change("protection-reopened", held, user, {"status": held.status})
    return held


def suggest_from_case(incident: Incident, opened: dict[str, object] | None) -> RequestFacts:
    """What a case says of its first victim, for a person to check. `opened` is her identity, where it is open."""
    victim = incident.victims.order_by("pk").first()
    said = opened or {}
    words = {name: str(said[name]) for name in ("name", "contact") if said.get(name)}
    return RequestFacts(
        received_on=today(),
        country=incident.country,
        area=incident.area,
        sex=victim.sex if victim else UNKNOWN,
        gender=victim.gender if victim else UNKNOWN,
        profiles=tuple(victim.profiles.values_list("profile", flat=True)) if victim else (),
        words=words,
    )


def suggest_from_report(report: Report, opened: OpenedReport) -> RequestFacts:
    """What a report says, for a person to check. Who reported asks, unless it is the person herself."""
    said = opened.answers or {}
    coded = suggest_facts(report, said)
    names = {
        "victim_name": "name",
        "victim_contact": "contact",
        "name": "asked_by",
        "contact": "asked_by_contact",
        "what": "reasons",
    }
    words = {to: value for name, to in names.items() if isinstance(value := said.get(name), str)}
    return RequestFacts(
        received_on=report.received_at.date(),
        country=coded.country,
        sex=coded.sex,
        urgency=report.urgency,
        received_by="safe-channel",
        profiles=coded.profiles,
        words=words,
    )


def _set(request: ProtectionRequest, facts: RequestFacts) -> None:
    for name in _CODES:
        setattr(request, name, getattr(facts, name))
    request.received_on, request.owner = facts.received_on, facts.owner
    request.assess_by = assess_by(facts.received_on, facts.urgency)


def _set_profiles(request: ProtectionRequest, facts: RequestFacts) -> None:
    wanted = dict.fromkeys(facts.profiles)
    request.profiles.exclude(profile__in=wanted).delete()
    there = set(request.profiles.values_list("profile", flat=True))
    ProtectedProfile.objects.bulk_create(
        ProtectedProfile(request=request, profile=code) for code in wanted if code not in there
    )
