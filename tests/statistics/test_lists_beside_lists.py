"""Two lists that are the same but for one or two records would tell of these if both were published."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from amparo.cases.models import Incident
from amparo.statistics.models import Release
from amparo.statistics.services import ReleaseRefused, publish_release
from tests.factories import make_dataset, make_incident, make_institution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fewer_tables")]
Fill = Callable[..., None]
REFUSAL = "Publish one of these lists only"


@pytest.fixture
def fill(settings: Settings, tmp_path: Path) -> Fill:
    """Puts the twenty incidents of a list into another, with some more."""
    settings.DATA_DIR = tmp_path
    founded = make_institution()

    def fill_list(code: str, *, more: int = 0, year: int = 2020) -> None:
        numbers = {("male", year - 1): 6, ("female", year - 1): 4, ("male", year): 6 + more, ("female", year): 4}
        dataset = make_dataset(code)
        for (sex, of_year), number in numbers.items():
            for _ in range(number):
                incident = make_incident(founded, date=f"{of_year}-03-01", sex=sex, profile="land")
                Incident.objects.filter(pk=incident.pk).update(dataset=dataset)

    return fill_list


@pytest.mark.parametrize("more", [1, 2])
def test_a_copy_with_one_or_two_more_is_refused(fill: Fill, more: int) -> None:
    fill("national-list")
    fill("network-list", more=more)

    with pytest.raises(ReleaseRefused, match=REFUSAL):
        publish_release("Both")

    assert not Release.objects.exists()


def test_a_copy_beside_an_earlier_release_is_refused(fill: Fill) -> None:
    fill("national-list")
    publish_release("First")
    fill("network-list", more=1)

    with pytest.raises(ReleaseRefused, match=REFUSAL):
        publish_release("Second", datasets=["network-list"])


@pytest.mark.parametrize("more", [0, 5])
def test_the_same_list_and_a_longer_one_are_published(fill: Fill, more: int) -> None:
    fill("national-list")
    fill("network-list", more=more)

    assert publish_release("Both").identifier


def test_lists_of_the_same_length_are_not_taken_for_copies(fill: Fill) -> None:
    fill("national-list")
    fill("network-list", more=1, year=2015)

    assert publish_release("Both").identifier
