"""Invented requests for protection and an invented country's system, for the demonstration."""

import uuid
from datetime import timedelta
from decimal import Decimal

from amparo.cases.dates import EventDate
from amparo.cases.money import Money
from amparo.institutions.models import User
from amparo.protection.asking import RequestFacts, ask_for_protection
from amparo.protection.assessing import AssessmentFacts, record_assessment
from amparo.protection.desk import today
from amparo.protection.national import ConsultationFacts, PartFacts, StateFacts, add_consultation, add_part
from amparo.protection.planning import MeasureFacts, add_measure, open_plan
from amparo.protection.risk import QUESTIONS
from amparo.vault import services as vault


def seed_demo_protection(user: User, unlocked: vault.Unlocked) -> None:
    """A plan in force, a request that waits, three parts of a system. `unlocked` is the key of `user`'s institution."""
    _plan(user, unlocked)
    _waiting(user, unlocked)
    _system(user, unlocked)


def _plan(user: User, unlocked: vault.Unlocked) -> None:
    country, day = _country(user), today()
    facts = RequestFacts(
        received_on=day - timedelta(days=9),
        country=country,
        sex="female",
        gender="woman",
        urgency="danger-soon",
        received_by="organisation",
        consent_asked="yes",
        profiles=("land", "indigenous-peoples"),
        owner=user,
        words={
            "name": "Invented Person Twelve",
            "contact": "Invented: through her sister, in the evening.",
            "family": "Invented: two children and her mother.",
            "reasons": "Invented: calls at night since the hearing on the dam.",
        },
    )
    request = ask_for_protection(user, facts, uuid.uuid4(), unlocked)
    answers = dict.fromkeys(QUESTIONS, "no") | dict.fromkeys(
        ("gender_threats", "care_duties", "family_at_risk", "grounds_apply", "children"), "yes"
    )
    found = AssessmentFacts(
        assessed_on=day - timedelta(days=7),
        next_review_on=day + timedelta(days=5),
        factors={
            "threat": ("death-threats", "against-family"),
            "vulnerability": ("known-routine", "remote"),
            "capacity": ("community", "organisation"),
        },
        answers=answers,
        grounds=("indigenous",),
        likelihood=4,
        impact=5,
        likelihood_after=2,
        impact_after=4,
        words={
            "threat:death-threats": "Invented: four calls, one voice.",
            "care_duties": "Invented: she cannot leave without the children.",
            "likelihood": "Invented: a neighbour who spoke at the hearing was attacked last month.",
            "impact": "Invented: the calls name her house.",
        },
    )
    record_assessment(user, request.pk, found, uuid.uuid4(), unlocked)
    open_plan(user, request.pk, user, day + timedelta(days=5))
    measures = (
        MeasureFacts("accompaniment", day, agreed="yes", status="in-progress", owner=user),
        MeasureFacts("care", day + timedelta(days=2), for_whom="children", agreed="yes", owner=user),
        MeasureFacts(
            "relocation",
            day + timedelta(days=4),
            for_whom="family",
            owner=user,
            cost=Money(Decimal(1200), "USD"),
            what="Invented: a room near the school of the next town.",
        ),
    )
    for measure in measures:
        add_measure(user, request.pk, measure, uuid.uuid4(), unlocked)


def _waiting(user: User, unlocked: vault.Unlocked) -> None:
    facts = RequestFacts(
        received_on=today() - timedelta(days=1),
        country=_country(user),
        sex="male",
        gender="man",
        urgency="not-urgent",
        received_by="in-person",
        profiles=("freedom-of-expression",),
        words={"name": "Invented Person Thirteen", "reasons": "Invented: he was followed twice."},
    )
    ask_for_protection(user, facts, uuid.uuid4(), unlocked)


def _system(user: User, unlocked: vault.Unlocked) -> None:
    country = _country(user)
    law = add_part(
        user,
        PartFacts(country, "law", "Invented act on the protection of defenders", "en", "yes"),
        StateFacts("adopted", EventDate.read("2025-11"), "Invented gazette, number 7"),
        uuid.uuid4(),
    )
    add_part(
        user,
        PartFacts(country, "mechanism", "Invented office for the protection of defenders", "en", "no"),
        StateFacts("not-funded", EventDate.read("2026")),
        uuid.uuid4(),
    )
    add_part(
        user,
        PartFacts(country, "focal-point", "Invented focal point at the ministry of justice", "en", "unknown"),
        StateFacts("in-force", EventDate.read("2024-02-01"), "Invented list of offices"),
        uuid.uuid4(),
    )
    asked = ConsultationFacts(
        held=EventDate.read("2025-03"),
        groups=("women-defenders", "indigenous"),
        took_part=23,
        women_took_part=16,
        is_public=True,
        effect="partly-taken-up",
        said="Invented: protection must reach families, and villages without a road.",
        changed="Invented: an article on families was added; none on villages.",
        names="Invented Person Fourteen",
    )
    add_consultation(user, law.pk, asked, uuid.uuid4(), unlocked)


def _country(user: User) -> str:
    return user.institution.country if user.institution else "unknown"
