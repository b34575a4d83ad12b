"""Two institutions and a case: an NHRI that documents, a network with which it shares."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Incident, Share
from amparo.cases.sharing import services
from amparo.cases.sharing.parts import parts_of
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import Section
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import SUPPORT, give_consent, make_incident, make_institution

NAME = "Invented Person One"
STORY = "An invented story of a threat by telephone."


@dataclass(frozen=True)
class Case:
    """A case of `desk` with a story and a victim's name, and the network's desk."""

    desk: Desk
    there: Desk
    incident: Incident

    @property
    def founded(self) -> Founded:
        return self.desk.founded

    @property
    def user(self) -> User:
        return self.desk.user

    @property
    def client(self) -> Client:
        return self.desk.client

    def parts(self) -> dict[str, UUID]:
        return {part.label: part.section for part in parts_of(self.incident)}

    def sections(self) -> list[Section]:
        return list(Section.objects.filter(pk__in=self.parts().values()))

    def address(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.incident.pk, *more])

    def agree(self, **facts: object) -> None:
        give_consent(*self.sections(), **facts)  # type: ignore[arg-type]

    def share(self, purpose: str = SUPPORT) -> Share:
        to = self.there.founded.institution
        unlocked = self.founded.unlocked
        return services.share_case(self.user, self.incident.pk, to, purpose, self.parts().values(), unlocked)

    def opens_there(self) -> int:
        return len(vault.open_sections(self.sections(), self.there.founded.unlocked))


@pytest.fixture
def case() -> Case:
    return make_case()


def make_case(make: Callable[..., Incident] = make_incident) -> Case:
    desk = make_desk()
    there = make_desk(make_institution(kind="network"))
    return Case(desk, there, make(desk.founded, name=NAME, narrative=STORY))
