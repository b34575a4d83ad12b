import hashlib
import json
import os
import shutil
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from amparo.portal.recompute.reading import read_figures
from amparo.statistics.models import Release
from amparo.statistics.services import publish_release
from tests.factories import make_incident, make_institution
from tests.portal.reading import read_tables


def test_it_works(release: Release, client: Client) -> None:
    page = client.get(f"/en/releases/{release.identifier}/").content.decode()

    assert release.title in page
    assert release.manifest_sha256 in page
    assert f"SHA-256 {release.manifest_sha256[:16]}" in page
    for name in ("cells.csv", "tables.xlsx", "cells.json", "cells.parquet", "manifest.json", "citation.bib"):
        assert f'href="/en/releases/{release.identifier}/{name}"' in page


def test_the_list_has_every_release_the_newest_first(release: Release, client: Client) -> None:
    release.pk, release.identifier, release.title = None, "2020-1", "An older one"
    release.published_at = "2020-01-01T00:00:00+00:00"
    release.save()

    page = client.get("/en/releases/").content.decode()

    assert page.index("Published for tests") < page.index("An older one")


def test_one_that_there_is_not_has_no_page(release: Release, client: Client) -> None:
    for address in ("1999-1/", "1999-1/cells.csv", f"{release.identifier}/cells.sqlite", f"{release.identifier}/..%2f"):
        assert client.get(f"/en/releases/{address}").status_code == 404


def test_its_hash_can_be_checked_by_anybody(release: Release, client: Client) -> None:
    manifest = client.get(f"/en/releases/{release.identifier}/manifest.json").content
    cells = b"".join(client.get(f"/en/releases/{release.identifier}/cells.parquet").streaming_content)

    assert hashlib.sha256(manifest).hexdigest() == release.manifest_sha256
    assert hashlib.sha256(cells).hexdigest() == json.loads(manifest)["files"]["cells.parquet"]


@pytest.fixture
def damaged(release: Release, settings: Settings, tmp_path: Path) -> Path:
    """A copy of the release's folder, to do harm to."""
    copy = shutil.copytree(release.folder, tmp_path / "releases" / release.identifier)
    settings.DATA_DIR = tmp_path
    # Of another hash than the whole one, so that nothing that was read before vouches for it.
    manifest = copy / "manifest.json"
    manifest.chmod(0o600)
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    release.manifest_sha256 = hashlib.sha256(manifest.read_bytes()).hexdigest()
    release.save()
    return copy


def change_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"{}")


def change_cells(folder: Path) -> None:
    os.chmod(folder / "cells.parquet", 0o600)
    with (folder / "cells.parquet").open("r+b") as file:
        file.seek(1000)
        file.write(b"\0")


def lose_cells(folder: Path) -> None:
    (folder / "cells.parquet").unlink()


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [change_manifest, change_cells, lose_cells, lose_folder])
@pytest.mark.parametrize(
    "page",
    ["", "countries/", "countries/COL/", "explore/", "explore/table.csv", "releases/{}/", "releases/{}/cells.csv"],
)
def test_figures_of_changed_files_are_never_shown(
    harm: object, page: str, damaged: Path, release: Release, client: Client
) -> None:
    assert callable(harm)
    harm(damaged)

    answer = client.get(f"/en/{page}".format(release.identifier))

    assert answer.status_code == 503
    assert "not as they were published" in answer.content.decode()


def test_other_pages_go_on_when_files_were_changed(damaged: Path, client: Client) -> None:
    lose_folder(damaged)

    assert {client.get(f"/en/{page}").status_code for page in ("releases/", "about/", "vocabularies/")} == {200}


def test_its_page_leads_to_all_that_is_said_of_it(release: Release, client: Client) -> None:
    page = client.get(f"/en/releases/{release.identifier}/").content.decode()

    for name in ("changes/", "codebook.xml", "citation.bib", "citation.json"):
        address = f"/en/releases/{release.identifier}/{name}"
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert "Nothing was found to be wrong with this release so far" in page


@pytest.fixture
def later(settings: Settings, tmp_path: Path, db: None) -> Release:
    """The second of two releases, between which women and a year were added."""
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for number in range(16):
        make_incident(founded, date="2019-03-01", sex=("male", "female")[number % 2])
    publish_release("First")
    for _ in range(8):
        make_incident(founded, date="2020-03-01", sex="female")
    return publish_release("Second")


def test_what_changed_since_the_release_before_is_shown(later: Release, client: Client) -> None:
    page = client.get(f"/en/releases/{later.identifier}/changes/").content.decode()

    tables = {caption.partition(" · ")[0]: rows for caption, rows in read_tables(page).items()}
    assert tables["Victims by sex"] == {"Female": ["8", "16"], "Total": ["16", "24"]}
    assert tables["Victims by year"] == {"2020": ["0", "8"], "Total": ["16", "24"]}
    first = Release.objects.order_by("pk")[0]
    assert f"./amparo release diff {first.identifier} {later.identifier}" in page
    for figure in read_figures("changes", page):
        assert {dict(parse_qsl(urlsplit(each).query))["release"] for each in figure.links.queries} == {
            first.identifier,
            later.identifier,
        }


def test_the_first_release_changed_nothing(release: Release, client: Client) -> None:
    page = client.get(f"/en/releases/{release.identifier}/changes/").content.decode()

    assert "This is the first release" in page
