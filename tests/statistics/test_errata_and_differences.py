"""Releases never change: what was wrong is said beside them, and what differs between two can be read off."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import Settings

from amparo.institutions.services import Founded
from amparo.statistics.commands import release as command
from amparo.statistics.comparing import ADDED, CHANGED, HIDDEN, SHOWN, Difference, compare_cells
from amparo.statistics.models import Erratum, Release
from amparo.statistics.services import ReleaseRefused, note_erratum, publish_release, verify_release
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {language: f"An invented slip ({language})." for language in ("en", "fr", "es", "ar")}


@pytest.fixture
def founded(settings: Settings, tmp_path: Path) -> Founded:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    add(founded, 2019, 12)
    return founded


def add(founded: Founded, year: int, number: int, **coded: str) -> None:
    for _ in range(number):
        make_incident(founded, date=f"{year}-03-01", sex=coded.get("sex", "male"), profile="land")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(words))
    return done.exit_code, done.output


def compare(before: Release, after: Release) -> dict[tuple[tuple[str, ...], tuple[str, ...]], Difference]:
    found = compare_cells(before.folder / "cells.parquet", after.folder / "cells.parquet")
    return {(each.dimensions, each.codes): each for each in found}


def test_it_works(founded: Founded) -> None:
    before = publish_release("First")
    add(founded, 2020, 15)
    after = publish_release("Second")

    found = compare(before, after)

    assert found[(), ()].kind == CHANGED
    assert (found[(), ()].before, found[(), ()].after) == ((12, 12, 12), (27, 27, 27))
    assert found[("year",), ("2020",)].kind == ADDED
    assert (("year",), ("2019",)) not in found


def test_what_is_hidden_or_shown_now_is_told_apart(founded: Founded) -> None:
    add(founded, 2020, 2)
    add(founded, 2021, 8)
    before = publish_release("First")
    add(founded, 2020, 13)
    add(founded, 2021, 20)
    after = publish_release("Second")

    there, back = compare(before, after), compare(after, before)

    assert there[("year",), ("2020",)].kind == SHOWN
    assert there[("year",), ("2020",)].before == (None, None, None)
    assert back[("year",), ("2020",)].kind == HIDDEN


def test_a_release_does_not_differ_from_itself(founded: Founded) -> None:
    made = publish_release("First")

    assert compare(made, made) == {}
    assert run("diff", made.identifier, made.identifier) == (0, "No cell differs.\n")


def test_the_command_counts_and_writes_every_difference(founded: Founded, tmp_path: Path) -> None:
    before = publish_release("First")
    add(founded, 2020, 15)
    after = publish_release("Second")
    file = tmp_path / "differences.csv"

    status, said = run("diff", before.identifier, after.identifier, "--output", str(file), "--json")

    told = json.loads(said)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert status == 0
    assert sum(told["cells"].values()) == len(rows) == len(compare(before, after))
    assert rows[0]["victims_before"] == "12"
    assert run("diff", before.identifier, "1999-1")[0] == 1


def test_a_release_whose_files_were_changed_is_not_compared(founded: Founded) -> None:
    made = publish_release("First")
    cells = made.folder / "cells.parquet"
    cells.chmod(0o644)
    cells.write_bytes(cells.read_bytes() + b" ")

    status, said = run("diff", made.identifier, made.identifier)

    assert status == 1
    assert "cells.parquet" in said


def test_an_erratum_stands_on_the_page_and_changes_no_file(client: Client, founded: Founded) -> None:
    wrong = publish_release("First")
    add(founded, 2020, 15)
    right = publish_release("Second")
    words = [part for language, text in TEXTS.items() for part in (f"--{language}", text)]

    status, _said = run("erratum", wrong.identifier, *words, "--corrected-by", right.identifier)

    page = client.get(reverse("release", args=[wrong.identifier])).content.decode()
    arabic = client.get(f"/ar/releases/{wrong.identifier}/").content.decode()
    told = client.get(f"/api/releases/{wrong.identifier}").json()
    assert status == 0
    assert TEXTS["en"] in page
    assert reverse("release", args=[right.identifier]) in page
    assert TEXTS["ar"] in arabic
    assert told["errata"][0]["corrected_by"] == right.identifier
    assert verify_release(wrong) == []
    assert TEXTS["en"] not in client.get(reverse("release", args=[right.identifier])).content.decode()


def test_the_same_erratum_twice_is_one(founded: Founded) -> None:
    made = publish_release("First")

    assert note_erratum(made, TEXTS) == note_erratum(made, TEXTS)
    assert Erratum.objects.count() == 1


def test_an_erratum_is_written_in_all_languages(founded: Founded) -> None:
    made = publish_release("First")

    with pytest.raises(ReleaseRefused, match="ar"):
        note_erratum(made, TEXTS | {"ar": "  "})


def test_no_release_corrects_itself_or_a_later_one(founded: Founded) -> None:
    made = publish_release("First")

    with pytest.raises(ReleaseRefused):
        note_erratum(made, TEXTS, made)


def test_the_codebook_names_every_published_code_in_four_languages(client: Client, founded: Founded) -> None:
    made = publish_release("First")

    answer = client.get(reverse("release-download", args=[made.identifier, "codebook.xml"]))

    space = {"d": "ddi:codebook:2_5"}
    book = etree.fromstring(answer.content)
    labels = book.xpath("//d:var[@ID='act']/d:catgry[d:catValu='killing']/d:labl", namespaces=space)
    assert [each.text for each in labels] == ["Killing", "Meurtre", "Asesinato", "قتل"]
    assert book.xpath("//d:var[@ID='victims']/d:txt", namespaces=space)
    assert not book.xpath("//d:var[@ID='act']/d:catgry[d:catValu='threat']", namespaces=space)
    assert "codebook.xml" in json.loads((made.folder / "manifest.json").read_text())["files"]
