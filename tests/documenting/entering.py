"""What tests of documenting share: somebody at her desk, and what she fills in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Act, Incident, Victim
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import Section
from tests.factories import make_incident, make_institution, make_member, sign_in

NAME = "Invented Person One"
STORY = "An invented story of a threat by telephone."
TOKEN = "0123456789abcdef" * 2
WHAT = {
    "date-year": "2026",
    "date-month": "3",
    "date-day": "",
    "country": "COL",
    "area": "CO-CAU",
    "setting": "offline",
    "sector": "mining",
    "because_of_work": "yes",
    "because_of_mandate": "no",
    "because_of_cooperation": "unknown",
}


@dataclass
class Desk:
    """Somebody at the desk of an institution, with keys open."""

    founded: Founded
    user: User
    client: Client

    def post(self, page: str, /, *arguments: object, **fields: Any) -> HttpResponse:
        return self.client.post(reverse(page, args=arguments), fields)

    def get(self, page: str, /, *arguments: object, **query: Any) -> HttpResponse:
        return self.client.get(reverse(page, args=arguments), query)

    def page(self, page: str, /, *arguments: object, **query: Any) -> str:
        """The page in words; fails where it is none."""
        response = self.get(page, *arguments, **query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def opened(self, section: Section | None) -> dict[str, object]:
        """What is sealed in a section, as the institution's key opens it."""
        assert section is not None
        return vault.open_sections([section], self.founded.unlocked)[section.pk]

    def colleague(self) -> "Desk":
        """Another person of the same institution, at a desk of her own."""
        return make_desk(self.founded)


def make_desk(founded: Founded | None = None, role: str = "case-worker") -> Desk:
    """Somebody signed in at an invented institution."""
    founded = founded or make_institution()
    user, client = make_member(founded, role=role), Client()
    sign_in(client, user)
    return Desk(founded, user, client)


def make_draft(desk: Desk) -> Incident:
    """A case that was begun and is a draft."""
    desk.post("case-new", token=TOKEN, place_kind="unknown", place_precision="unknown", **WHAT)
    return Incident.objects.get(stage="draft")


def make_case(desk: Desk, **coded: Any) -> tuple[Incident, Victim, Act]:
    """A case with one victim and one act."""
    incident = make_incident(desk.founded, name=NAME, narrative=STORY, **coded)
    return incident, incident.victims.get(), incident.acts.get()


def form_of(desk: Desk, name: str, *arguments: object, **query: Any) -> dict[str, Any]:
    """What a browser would send back of the form on a page, nothing changed."""
    response = desk.get(name, *arguments, **query)
    assert response.status_code == 200, response.status_code
    form = response.context["form"]
    sent: dict[str, Any] = {"token": response.context["token"]}
    if "opened" in response.context:
        sent["opened"] = response.context["opened"]
    for field in form:
        value = field.value()
        if hasattr(field.field.widget, "get_context") and field.field.widget.__class__.__name__ == "WhenWidget":
            boxes = field.field.widget.get_context(field.name, value, {"id": "x"})["widget"]
            for each in (boxes["starts"], boxes["ends"]):
                sent |= dict(each.values())
        elif isinstance(value, bool) or field.field.__class__.__name__ == "BooleanField":
            if value:
                sent[field.name] = "on"
        elif value is not None:
            sent[field.name] = value
    return sent
