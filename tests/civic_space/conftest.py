"""Two colleagues who keep conditions, signed in; and conditions in the states that tests start from."""

import uuid
from itertools import count

import pytest
from django.test import Client

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import ConditionFacts, SourceLink, StageFacts
from amparo.civic_space.models import Condition
from amparo.civic_space.services import approve_condition, send_to_review, write_condition
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.channel.triage.conftest import Desk
from tests.factories import make_institution

TITLE = "Invented Act on Associations"
_NUMBERS = count(1)


def make_desk(founded: Founded | None = None, role: str = "editor") -> Desk:
    """Somebody signed in without keys, which public texts need none of: her password is no matter here."""
    founded = founded or make_institution()
    username = f"invented-keeper-{next(_NUMBERS)}"
    user, client = User.objects.create(username=username, institution=founded.institution, role=role), Client()
    client.force_login(user)
    return Desk(founded, user, client)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def colleague(desk: Desk) -> Desk:
    """Somebody else of the same institution."""
    return make_desk(desk.founded, role="analyst")


@pytest.fixture
def network() -> Desk:
    return make_desk(make_institution(kind="network"))


def facts(**other: object) -> ConditionFacts:
    given: dict[str, object] = {
        "country": "XDM",
        "titles": {"en": TITLE},
        "kind": "law-association",
        "effect": "restrictive",
        "setting": "offline",
        "date": EventDate.read("2024-03"),
        "stages": (
            StageFacts("tabled", EventDate.read("2024-03")),
            StageFacts("in-force", EventDate.read("2024-11-02")),
        ),
        "themes": ("association",),
        "sources": (SourceLink("Invented Gazette 12", "https://gazette.invalid.example/12"),),
    }
    return ConditionFacts(**(given | other))  # type: ignore[arg-type]


def write(user: User, **other: object) -> Condition:
    return write_condition(user, facts(**other), uuid.uuid4())


def publish(user: User, second: User, **other: object) -> Condition:
    """A condition that `user` wrote and `second` approved."""
    made = write(user, **other)
    send_to_review(user, made.pk, 1)
    return approve_condition(second, made.pk, 1)
