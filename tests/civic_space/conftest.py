"""Two colleagues who keep conditions, signed in; and conditions in the states that tests start from."""

import uuid

import pytest

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import ConditionFacts, SourceLink, StageFacts
from amparo.civic_space.models import Condition
from amparo.civic_space.services import approve_condition, send_to_review, write_condition
from amparo.institutions.models import User
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import make_institution

TITLE = "Invented Act on Associations"


@pytest.fixture
def desk() -> Desk:
    return make_desk(role="editor")


@pytest.fixture
def colleague(desk: Desk) -> Desk:
    """Somebody else of the same institution."""
    return make_desk(desk.founded, role="analyst")


@pytest.fixture
def network() -> Desk:
    return make_desk(make_institution(kind="network"), role="editor")


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
