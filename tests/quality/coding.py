"""A sample of cases with stories, and how a colleague codes one of them."""

from typing import Any

from django.urls import reverse

from amparo.cases.models import Act, AllegedPerpetrator, Incident
from amparo.quality.models import CodingRound
from amparo.quality.recoding import draw_sample
from tests.channel.triage.conftest import Desk
from tests.factories import make_incident

FIELDS = ("setting", "act", "sex", "age", "perpetrator")
STORY = "Invented: the quillonbrand gate was closed at dusk."
NAME = "Invented Person Vexarminda"


def make_case(desk: Desk, **coded: Any) -> Incident:
    """A case with a story and a name, coded in every field of FIELDS."""
    coded = {"setting": "online", "sex": "female", "age_band": "25-34", "acts": ("threat",)} | coded
    incident = make_incident(desk.founded, name=NAME, narrative=STORY, **coded)
    AllegedPerpetrator.objects.create(incident=incident, kind="police")
    return incident


def draw(desk: Desk, cases: int, *, token: str = "a" * 32, seed: int = 5) -> CodingRound:
    """A sample of so many new cases."""
    for _ in range(cases):
        make_case(desk)
    return draw_sample(desk.user, cases, FIELDS, seed, token)


def as_coded(**changed: object) -> dict[str, object]:
    """What the form is sent where a colleague codes as `make_case` did, with what she codes otherwise."""
    same = {"setting": "online", "act": ["threat"], "sex": "female", "age": "25-34", "perpetrator": ["police"]}
    return same | changed


def code(colleague: Desk, number: int, **changed: object) -> Any:
    return colleague.client.post(reverse("quality-code-again", args=[number]), as_coded(**changed))


def add_act(incident: Incident, kind: str) -> None:
    Act.objects.create(incident=incident, victim=incident.victims.get(), kind=kind)
