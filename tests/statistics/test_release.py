"""Publishing: whole or not at all, never changed, and read again as it was counted."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pytest_django import Settings

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Dataset
from amparo.institutions.services import Founded
from amparo.statistics import downloads, services
from amparo.statistics.citation import cite, to_bibtex, to_csl
from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, TableQuery, latest_release, open_release
from amparo.statistics.services import ReleaseRefused, publish_release, verify_release
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def founded(settings: Settings, tmp_path: Path) -> Founded:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for year, sex, number in ((2019, "male", 6), (2019, "female", 4), (2020, "male", 8), (2020, "female", 2)):
        for _ in range(number):
            make_incident(founded, date=f"{year}-03-01", sex=sex, profile="land")
    return founded


def ask(**choice: str) -> TableQuery:
    return TableQuery("invented-list", **choice)


def test_it_works(founded: Founded) -> None:
    release = publish_release("First")

    table = open_release(release).read(ask(rows="year"))

    assert release.identifier.endswith("-1")
    assert (table.value("2019"), table.value("2020"), table.total) == (10, 10, 20)
    assert latest_release() == release
    assert verify_release(release) == []


def test_small_counts_and_what_tells_them_are_not_shown(founded: Founded) -> None:
    table = open_release(publish_release("First")).read(ask(rows="year", columns="sex"))

    assert table.value("2020", "female") is None
    hidden = [key for key, value in table.cells.items() if value is None]
    assert len(hidden) >= 4
    assert "suppressed" in table.notes


def test_a_lower_threshold_shows_more(founded: Founded) -> None:
    table = open_release(publish_release("First", threshold=2)).read(ask(rows="year", columns="sex"))

    assert table.value("2020", "female") == 2


def test_what_is_published_is_what_was_counted(founded: Founded) -> None:
    release = publish_release("First")
    snapshot = release.folder.parents[1] / "snapshots" / release.identifier / "invented-list.parquet"

    assert pq.read_table(snapshot).num_rows == read_coded_plane().num_rows == 20
    assert [path.name for path in release.folder.iterdir() if "snapshot" in path.name] == []


def test_names_are_nowhere_in_a_release(founded: Founded) -> None:
    for _ in range(3):
        make_incident(founded, name="Invented Person Zeta", narrative="An invented story")

    release = publish_release("First")

    for path in release.folder.parents[1].rglob("*"):
        if path.is_file():
            assert b"Zeta" not in path.read_bytes(), path


def test_identifiers_count_up(founded: Founded) -> None:
    first, second = publish_release("First"), publish_release("Second")

    assert int(second.identifier.partition("-")[2]) == int(first.identifier.partition("-")[2]) + 1
    assert latest_release() == second


@pytest.mark.parametrize("threshold", [-1, 0, 1])
def test_a_threshold_that_protects_nothing_is_refused(founded: Founded, threshold: int) -> None:
    with pytest.raises(ReleaseRefused):
        publish_release("First", threshold=threshold)


def test_an_empty_store_is_refused_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    with pytest.raises(ReleaseRefused):
        publish_release("First")

    assert not Release.objects.exists()
    assert list((tmp_path / "releases").glob("*")) == []


def test_invented_and_real_data_are_never_published_together(founded: Founded) -> None:
    other = Dataset.objects.create(
        code="made-up", titles={"en": "x"}, publisher="x", coverage={"en": "x"}, invented=True
    )
    incident = make_incident(founded)
    incident.dataset = other
    incident.save()

    release = publish_release("First")

    assert open_release(release).datasets == ("invented-list",)
    with pytest.raises(ReleaseRefused):
        publish_release("Second", datasets=["invented-list", "made-up"])


def test_an_unknown_dataset_is_refused(founded: Founded) -> None:
    with pytest.raises(ReleaseRefused, match="no-such-list"):
        publish_release("First", datasets=["no-such-list"])


def test_a_release_that_breaks_half_way_leaves_nothing(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(services, "_about", break_down)

    with pytest.raises(OSError, match="no space"):
        publish_release("First")

    assert not Release.objects.exists()
    assert list((Path(services.settings.DATA_DIR) / "releases").iterdir()) == []


def test_a_changed_file_is_found(founded: Founded) -> None:
    release = publish_release("First")
    path = release.folder / "cells.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")

    assert verify_release(release) == ["cells.parquet"]


def test_a_changed_manifest_is_not_read(founded: Founded) -> None:
    release = publish_release("First")
    path = release.folder / "manifest.json"
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace("First", "Other"), encoding="utf-8")

    assert verify_release(release) == ["manifest.json"]
    with pytest.raises(NotPublished) as refused:
        open_release(release)
    assert refused.value.code == "damaged"


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"rows": "name"}, "unknown-dimension"),
        ({"measure": "deaths"}, "unknown-measure"),
        ({"rows": "sex", "columns": "sex"}, "same-twice"),
        ({"rows": "area"}, "area-without-country"),
        ({"rows": "sex", "columns": "year", "where": {"country": "COL", "status": "verified"}}, "too-many"),
        ({"rows": "act", "columns": "sex", "where": {"year": "2020"}}, "no-filter"),
        ({"rows": "calendar_month", "columns": "act", "where": {"country": "COL"}}, "months-too-fine"),
    ],
)
def test_what_is_not_published_says_why(founded: Founded, choice: dict, code: str) -> None:
    opened = open_release(publish_release("First"))

    with pytest.raises(NotPublished) as refused:
        opened.read(ask(**choice))

    assert refused.value.code == code


def test_downloads_hold_the_same_figures(founded: Founded) -> None:
    release = publish_release("First")
    table = open_release(release).read(ask(rows="year"))

    lines = downloads.table_to_csv(table).decode("utf-8-sig").splitlines()
    said = json.loads(downloads.table_to_json(table, release))
    everything = json.loads(b"".join(downloads.release_to_json(release)))
    rows = b"".join(downloads.release_to_csv(release)).decode("utf-8-sig").splitlines()

    assert any("2019" in line and ",10," in line for line in lines)
    assert {"year": "2019", "victims": 10, "shown": True} in said["cells"]
    assert len(everything["cells"]) == len(rows) - 1
    assert downloads.table_to_xlsx(table, release)[:2] == downloads.release_to_xlsx(release)[:2] == b"PK"


def test_a_release_can_be_cited(founded: Founded) -> None:
    release = publish_release("First {with} braces")

    assert release.identifier in cite(release)
    assert f"amparo-{release.identifier}" in to_bibtex(release)
    assert "{with}" not in to_bibtex(release)
    assert json.loads(to_csl(release))[0]["version"] == release.identifier
