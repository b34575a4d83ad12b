"""A release after others of the same dataset: refused, or published so that subtracting tells nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django.fixtures import Settings

from amparo.statistics.commands import release as release_command
from amparo.statistics.comparing import compare_cells
from amparo.statistics.models import Release
from amparo.statistics.releases import TableQuery, open_release
from amparo.statistics.services import ReleaseRefused, publish_release
from tests.factories import Founded, make_incident, make_institution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fewer_tables")]
Add = Callable[..., None]


@pytest.fixture
def add(settings: Settings, tmp_path: Path) -> Add:
    """Adds incidents to a list of twenty that is published already."""
    settings.DATA_DIR = tmp_path
    founded = make_institution()

    def add_incidents(number: int, **facts: str) -> None:
        for _ in range(number):
            make_incident(founded, **({"date": "2020-03-01", "sex": "male", "profile": "land"} | facts))

    _fill(founded, add_incidents)
    publish_release("First")
    return add_incidents


def _fill(founded: Founded, add: Add) -> None:
    for year, sex, number in ((2019, "male", 6), (2019, "female", 4), (2020, "male", 6), (2020, "female", 4)):
        add(number, date=f"{year}-03-01", sex=sex)


def small_changes(before: Release, after: Release) -> list[object]:
    files = (each.folder / "cells.parquet" for each in (before, after))
    return [
        (each.dimensions, each.codes, one, other)
        for each in compare_cells(*files)
        for one, other in zip(each.before, each.after, strict=True)
        if one is not None and other is not None and 0 < abs(one - other) < 3
    ]


def test_one_more_record_is_refused(add: Add) -> None:
    add(1)

    with pytest.raises(ReleaseRefused, match="Fewer than 3 records of “invented-list”"):
        publish_release("Second")

    assert Release.objects.count() == 1
    assert [each.name for each in Release.objects.get().folder.parent.iterdir()] == [Release.objects.get().identifier]


def test_several_more_are_published_and_no_small_change_is_shown(add: Add) -> None:
    add(6)
    add(1, date="2019-03-01", sex="female")

    second = publish_release("Second")

    assert small_changes(Release.objects.get(title="First"), second) == []
    table = open_release(second).read(TableQuery("invented-list", rows="sex"))
    assert table.total == 27
    assert table.value("female") is None


def test_nothing_changed_is_published_as_before(add: Add) -> None:
    second = publish_release("Second")

    assert (
        list(
            compare_cells(Release.objects.get(title="First").folder / "cells.parquet", second.folder / "cells.parquet")
        )
        == []
    )


def test_a_dataset_can_be_published_again_as_it_was(add: Add) -> None:
    add(1)

    second = publish_release("Second", keep_earlier=["invented-list"])
    third = publish_release("Third", keep_earlier=["invented-list"])

    first = Release.objects.get(title="First")
    cells = [pq.read_table(each.folder / "cells.parquet") for each in (first, second, third)]
    assert cells[1].equals(cells[0])
    assert cells[2].equals(cells[0])
    for each in (second, third):
        about = json.loads((each.folder / "manifest.json").read_text(encoding="utf-8"))["datasets"][0]
        assert (about["counted_for"], about["threshold"]) == (first.identifier, 3)
    page = Client().get(f"/en/releases/{third.identifier}/").content.decode()
    assert f"These are the figures of release {first.identifier}" in page


def test_what_was_kept_counts_as_told(add: Add) -> None:
    add(1)
    publish_release("Second", keep_earlier=["invented-list"])
    add(1)

    with pytest.raises(ReleaseRefused, match="Fewer than 3 records"):
        publish_release("Third")


def test_only_a_dataset_of_the_release_can_be_kept(add: Add) -> None:
    with pytest.raises(ReleaseRefused, match="is not among"):
        publish_release("Second", keep_earlier=["other-list"])


def test_what_was_never_published_cannot_be_kept(add: Add) -> None:
    Release.objects.all().delete()

    with pytest.raises(ReleaseRefused, match="never published"):
        publish_release("Second", keep_earlier=["invented-list"])


def test_an_earlier_release_that_cannot_be_read_stops_the_next(add: Add) -> None:
    cells = Release.objects.get().folder / "cells.parquet"
    cells.chmod(0o644)
    cells.unlink()
    add(6)

    with pytest.raises(ReleaseRefused, match="./amparo release verify"):
        publish_release("Second")


def test_the_command_keeps_what_it_is_told_to_keep(add: Add) -> None:
    add(1)

    refused = CliRunner().invoke(release_command, ["--title", "Second"])
    kept = CliRunner().invoke(release_command, ["--title", "Second", "--keep-earlier", "invented-list"])

    assert refused.exit_code == 1
    assert "--keep-earlier invented-list" in refused.output
    assert kept.exit_code == 0, kept.output
