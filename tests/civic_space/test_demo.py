"""The invented conditions of the demonstration."""

from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from amparo.civic_space.demo import seed_demo_conditions
from amparo.civic_space.models import Condition
from amparo.institutions.log_words import describe_action
from amparo.vault.models import LogEntry
from amparo.vocabularies.catalogue import LANGUAGES
from tests.channel.triage.conftest import Desk

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk, colleague: Desk, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    seed_demo_conditions(desk.user, colleague.user)
    kept = seed_demo_conditions(desk.user, colleague.user)

    assert len(kept) == Condition.objects.count() == 10
    states = [each.latest.state for each in Condition.objects.select_related("latest") if each.latest]
    assert Counter(states) == {"approved": 8, "in-review": 1, "draft": 1}
    for each in Condition.objects.select_related("latest"):
        assert each.latest is not None
        # Whoever finds one of them elsewhere sees that it is invented.
        assert set(each.latest.titles) == set(LANGUAGES)
        assert "nvented" in each.latest.titles["en"]
        assert "متخيَّل" in each.latest.titles["ar"]
    actions = set(LogEntry.objects.values_list("action", flat=True))
    assert {
        action for action in actions if action.startswith("condition") and describe_action(action) == action
    } == set()
