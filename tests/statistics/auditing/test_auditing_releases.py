"""A published release was audited and says so; whoever runs the audit again finds what an attacker finds."""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pytest_django import Settings

from amparo.statistics import services
from amparo.statistics.auditing.audit import audit_dataset
from amparo.statistics.auditing.published_view import read_release, see_family
from amparo.statistics.commands import release as command
from amparo.statistics.family import Protected, count_family
from amparo.statistics.models import Release
from amparo.statistics.services import publish_release
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(settings: Settings, tmp_path: Path) -> Release:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for year, sex, number in ((2019, "male", 6), (2019, "female", 4), (2020, "male", 8), (2020, "female", 2)):
        for _ in range(number):
            make_incident(founded, date=f"{year}-03-01", sex=sex, profile="land")
    return publish_release("First")


def publish_without_protection(first: Release) -> Release:
    """A further release of the same records, of which small counts are hidden and nothing else."""
    plane = pq.read_table(first.folder.parents[1] / "snapshots" / first.identifier / "invented-list.parquet")
    family = count_family(plane)
    primary = Protected(family.find_small(3), tuple(family.tables))
    folder = first.folder.parent / "2000-1"
    folder.mkdir()
    manifest = json.loads((first.folder / "manifest.json").read_text(encoding="utf-8")) | {"tables": []}
    with pq.ParquetWriter(folder / "cells.parquet", services._CELLS) as writer:
        for dimensions, cells in services._published_cells("invented-list", family, primary):
            writer.write_table(cells, row_group_size=max(len(cells), 1))
            manifest["tables"].append({"dataset": "invented-list", "dimensions": list(dimensions)})
    manifest["files"] = {"cells.parquet": hashlib.sha256((folder / "cells.parquet").read_bytes()).hexdigest()}
    raw = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(raw)
    return Release.objects.create(
        identifier="2000-1",
        title="Weak",
        threshold=3,
        manifest_sha256=hashlib.sha256(raw).hexdigest(),
        published_at=first.published_at,
    )


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["audit", *arguments])
    return result.exit_code, result.stdout


def test_it_works(published: Release) -> None:
    code, said = run(published.identifier, "--json")

    found = json.loads(said)
    assert (code, found["holds"], found["narrow"], found["told"]) == (0, True, 0, 0)
    assert found["attacked"] > 0
    about = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))["datasets"][0]
    assert about["audit"]["numbers_attacked"] > 0
    assert about["audit"]["narrowest"] >= 1


def test_what_is_read_is_what_was_seen_before_it_was_written(published: Release) -> None:
    plane = pq.read_table(published.folder.parents[1] / "snapshots" / published.identifier / "invented-list.parquet")
    family = count_family(plane)
    (read,) = read_release(published.folder)
    shown = sum(int(table.counts[:, 0].size) for table in read.tables.values())

    everything = see_family(family, Protected(family.find_small(1), tuple(read.tables)), 3)

    assert shown <= sum(len(table) for table in everything.tables.values())
    for dimensions, table in read.tables.items():
        assert table.dimensions == dimensions
        assert (table.keys[1:] > table.keys[:-1]).all()


def test_a_release_that_tells_ends_with_1_and_names_no_count(published: Release) -> None:
    weak = publish_without_protection(published)

    code, said = run(weak.identifier)
    as_json, found = run(weak.identifier, "--json")

    assert (code, as_json) == (1, 1)
    assert "too narrow" in said
    worst = json.loads(found)["worst"]
    assert worst
    assert set(worst[0]) == {"dataset", "cell", "measures", "width"}
    (seen,) = read_release(weak.folder)
    assert audit_dataset(seen).told == json.loads(found)["told"] > 0


def test_an_unknown_release_is_said_to_be_unknown(published: Release) -> None:
    code, _ = run("1999-1")

    assert code == 1
