"""A victim of whom no act is recorded is a victim everywhere, under "not known"; no violation counts her."""

import json
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import Settings

from amparo.cases.coded_plane import SCHEMA, read_coded_plane
from amparo.statistics.commands import stats
from amparo.statistics.cube import count
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.family import count_family
from amparo.statistics.in_memory import open_plane
from amparo.statistics.releases import TableQuery, open_release
from amparo.statistics.services import publish_release
from tests.factories import make_incident, make_institution
from tests.statistics.planes import make_plane
from tests.statistics.test_cube import as_table


def make_unfinished_plane() -> pa.Table:
    """Three killed, a victim of whom no act is known, and an incident of which no victim is."""
    row = make_plane(1, 1).to_pylist()[0] | {"act": "killing", "act_group": "attack-on-life", "sex": "female"}
    nothing = {"act_id": None, "act": "unknown", "act_group": "unknown"}
    rows = [row | {"incident_id": n, "victim_id": n, "act_id": n, "person": n} for n in range(3)]
    rows.append(row | {"incident_id": 3, "victim_id": 3, "person": 3} | nothing)
    rows.append(row | {"incident_id": 4, "victim_id": None, "person": None, "sex": "unknown"} | nothing)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def check_counts(plane: ir.Table) -> None:
    """The same on every engine."""
    totals = {measure: count(plane, measure).total for measure in ("victims", "acts", "incidents", "killings")}
    assert totals == {"victims": 4, "acts": 3, "incidents": 5, "killings": 3}
    assert count(plane, "victims", ["act"]).cells == {("killing",): 3, ("unknown",): 1}
    assert count(plane, "acts", ["act"]).cells == {("killing",): 3}
    assert count(plane, "incidents", ["act"]).cells == {("killing",): 3, ("unknown",): 2}


@pytest.mark.parametrize("make", [as_table, open_plane])
def test_it_works(make: object) -> None:
    check_counts(make(make_unfinished_plane()))


def test_a_release_counts_the_same() -> None:
    family = count_family(make_unfinished_plane())

    assert {measure: int(family.tables[()].counts[measure][0]) for measure in MEASURES} == {
        "victims": 4,
        "acts": 3,
        "incidents": 5,
    }


@pytest.fixture
def unfinished(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    facts = {"status": "verified", "target": "human-rights-defender", "date": "2020-03-01"}
    for acts, number in ((("killing",), 6), (("torture",), 6), ((), 4)):
        for _ in range(number):
            make_incident(founded, acts=acts, **facts)


@pytest.mark.django_db
@pytest.mark.usefixtures("unfinished", "fewer_tables")
def test_the_portal_shows_her_under_not_known_and_says_so() -> None:
    opened = open_release(publish_release("First"))

    victims = opened.read(TableQuery("invented-list", rows="act"))
    acts = opened.read(TableQuery("invented-list", "acts", rows="act"))

    assert (victims.total, victims.value("unknown")) == (16, 4)
    assert (acts.total, acts.value("unknown")) == (12, 0)
    said = Client().get("/en/about/").content.decode()
    assert "those too of whom it is not known what was done to them" in said


@pytest.mark.django_db
@pytest.mark.usefixtures("unfinished")
def test_no_violation_of_the_indicator_counts_her() -> None:
    said = CliRunner().invoke(stats, ["sdg", "--country", "COL", "--json"])

    rows = json.loads(said.stdout)["rows"]
    assert {row["violation"]: row["victims"] for row in rows if row["breakdown"] is None} == {
        "all": 12,
        "killing": 6,
        "torture": 6,
    }
    assert count(as_table(read_coded_plane(["invented-list"])), "victims").total == 16
