"""The way in for an emergency: a request, a plan with its first measures due today, and word to the focal points."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.notices.kinds import PROTECTION_DUE
from amparo.notices.services import tell
from amparo.protection.asking import REQUEST, suggest_from_case
from amparo.protection.desk import requests_for, today
from amparo.protection.held import log_step
from amparo.protection.models import Measure, ProtectedProfile, ProtectionPlan, ProtectionRequest
from amparo.protection.risk import Level, assess_by
from amparo.vault import services as vault

URGENCY = "danger-now"
# What is offered as done first; the first of them always is: a plan of nothing protects nobody.
FIRST_MEASURES = (
    "contact",
    "accompaniment",
    "relocation",
    "police",
    "legal",
    "medical",
    "representations",
    "digital",
    "family",
    "international",
)


@transaction.atomic
def open_emergency(
    user: User, words: Mapping[str, str], measures: Sequence[str], token: UUID, incident: Incident | None = None
) -> ProtectionRequest:
    """Open a request with its plan in one step; the same `token` twice is one. All of it is `user`'s, and due today.

    Works with closed keys too: to seal takes the public key only, and a life does not wait for a password.
    """
    institution = user.institution
    assert institution is not None  # noqa: S101  (a page of the desk)
    there = requests_for(user).filter(token=token).first()
    if there is not None:
        return there
    day, said = today(), {name: text.strip() for name, text in words.items() if text.strip()}
    coded = suggest_from_case(incident, None) if incident is not None else None
    request = ProtectionRequest(
        institution=institution,
        incident=incident,
        token=token,
        is_emergency=True,
        received_on=day,
        assess_by=assess_by(day, URGENCY),
        urgency=URGENCY,
        country=coded.country if coded else institution.country or "unknown",
        status="in-force",
        owner=user,
    )
    if coded is not None:
        request.area, request.sex, request.gender = coded.area, coded.sex, coded.gender
    if said:
        request.section = vault.keep_section(said, REQUEST, [institution.key_pair])
    request.save()
    if coded is not None:
        ProtectedProfile.objects.bulk_create(
            ProtectedProfile(request=request, profile=code) for code in dict.fromkeys(coded.profiles)
        )
    plan = ProtectionPlan.objects.create(request=request, opened_on=day, review_on=assess_by(day, URGENCY))
    kinds = dict.fromkeys((FIRST_MEASURES[0], *measures))
    Measure.objects.bulk_create(Measure(plan=plan, kind=kind, owner=user, due_on=day) for kind in kinds)
    focal_points = institution.members.filter(role="focal-point", is_active=True)
    tell(institution, PROTECTION_DUE, only=focal_points.values_list("pk", flat=True))
    log_step("protection-emergency", request, user, {"measures": len(kinds), "level": str(Level.UNKNOWN)})
    return request
