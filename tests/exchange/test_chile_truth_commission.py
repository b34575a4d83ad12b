"""The truth commission's file goes in, is counted as it is, and comes out again cell by cell."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Act, ActMethod, AllegedPerpetrator, Incident, Information, Place, RuledOut, Victim
from amparo.exchange.exporting import export_incidents
from amparo.exchange.importing import Outcome, import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.exchange.stored_incidents import drafts_of, imported_incidents
from amparo.institutions.services import Founded
from tests.factories import make_institution

NAME = "chile-truth-commission"
Rows = list[dict[str, str]]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def path(shared_data: Path) -> Path:
    return shared_data / NAME / "victims.csv"


@pytest.fixture(scope="module")
def rows(path: Path) -> Rows:
    return read_rows(path)


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def imported(path: Path, founded: Founded) -> Outcome:
    return import_incidents(path, load_mapping(NAME), founded.institution)


def read_rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_works(rows: Rows, imported: Outcome) -> None:
    assert imported.written
    assert imported.problem_count == 0
    summary = imported.summary
    groups = {row["group_id"] for row in rows}
    assert (summary.rows, summary.victims, summary.incidents) == (2398, 2398, len(groups) == 1391 and 1391)
    assert (str(summary.first_date), str(summary.last_date)) == ("1973-09-01", "1990-02-09")
    assert summary.by_sex == {"male": 2232, "female": 101, "unknown": 65}


def test_what_went_in_comes_out_again_cell_by_cell(
    path: Path, rows: Rows, founded: Founded, imported: Outcome, tmp_path: Path
) -> None:
    mapping = load_mapping(NAME)

    exported = export_incidents(tmp_path / "out.csv", mapping, founded.institution, founded.unlocked)

    assert (exported.incidents, exported.rows, exported.lost_columns) == (1391, 2398, ())
    out = read_rows(tmp_path / "out.csv")
    # In the original order, with the same columns in the same order, and numbers written as they were.
    assert [list(row) for row in out[:1]] == [list(row) for row in rows[:1]]
    assert len(out) == len(rows) == 2398
    assert len(out[0]) == 57
    assert [number for number, (one, other) in enumerate(zip(rows, out, strict=True)) if one != other] == []


def test_the_model_holds_it_and_not_a_copy_of_the_cells(rows: Rows, founded: Founded, imported: Outcome) -> None:
    """What the codes and dates don't give back is noted cell by cell: 144 of 136,686, each for a reason."""
    noted: Counter[str] = Counter()
    for incident in drafts_of(imported_incidents(founded.institution, NAME), founded.unlocked):
        for victim in incident.victims:
            noted.update(json.loads(victim.identity["as_written"])["cells"].keys())

    assert noted == {
        # Ends that are missing, lie before their starts, or in another month than the column beside says.
        "start_date_daily": 34,
        "start_date_monthly": 35,
        "end_date_daily": 16,
        "end_date_monthly": 17,
        # Regime, where only private citizens acted: with the State, not for it.
        "perpetrator_affiliation": 35,
        # Blank, beside those that are unresolved.
        "violence": 5,
        # Two medical causes under one code.
        "method": 2,
        # Two of one group, of whom the press told of one.
        "press": 2,
    }
    assert len(rows) * len(rows[0]) == 136_686


def test_several_acts_of_one_person_are_told_apart_from_what_was_ruled_out(rows: Rows, imported: Outcome) -> None:
    violence = Counter(row["violence"] for row in rows)
    dead_after_disappearance = violence["Disappearance, Information of Death"]
    acts = Counter(Act.objects.values_list("kind", flat=True))

    assert violence["Killed"] == 1331
    assert acts["killing"] == 1331 + dead_after_disappearance == 1439
    assert acts["enforced-disappearance"] == violence["Disappearance"] + dead_after_disappearance == 961
    for column, kind in (("torture", "torture"), ("mistreatment", "ill-treatment"), ("interrogation", "interrogation")):
        said = Counter(row[column] for row in rows)
        assert acts[kind] == said["1.0"] > 0
        # A blank is neither.
        assert RuledOut.objects.filter(kind=kind).count() == said["0.0"] > 0
    tortured = Act.objects.filter(kind="torture").values("victim")
    both = Act.objects.filter(kind="killing", victim__in=tortured).count()
    assert both == sum(row["torture"] == "1.0" and "Killed" in row["violence"] for row in rows) + sum(
        row["torture"] == "1.0" and row["violence"] == "Disappearance, Information of Death" for row in rows
    )
    assert not RuledOut.objects.filter(kind="torture", victim__in=tortured).exists()


def test_groups_are_incidents_whose_victims_have_dates_of_their_own(rows: Rows, imported: Outcome) -> None:
    sizes = Counter(row["group_id"] for row in rows)
    kept = Counter(Victim.objects.values_list("incident_id", flat=True))

    assert sorted(kept.values()) == sorted(sizes.values())
    for act in Act.objects.exclude(date=None).select_related("incident")[:200]:
        when, around = act.date, act.incident
        assert when != around.date
        assert around.earliest <= when.earliest <= when.latest <= around.latest
    precisions = Counter(str(each.date.precision) if each.date else "unknown" for each in Incident.objects.all())
    assert set(precisions) == {"day", "month", "range", "unknown"}


def test_places_means_and_alleged_perpetrators(rows: Rows, founded: Founded, imported: Outcome) -> None:
    filled = [
        (row[f"place_{number}"], row[f"exact_coordinates_{number}"])
        for row in rows
        for number in range(1, 7)
        if any(row[f"{part}_{number}"] for part in ("place", "location", "latitude", "longitude", "exact_coordinates"))
    ]
    assert Place.objects.count() == len(filled)
    assert Place.objects.filter(kind="custody").count() == sum(kind == "In Custody" for kind, _ in filled)
    assert Place.objects.filter(precision="near").count() == sum(exact == "1.0" for _, exact in filled)
    assert Place.objects.exclude(section=None).exists()
    firearms = sum("Gun" in row["method"].split(" and ") for row in rows)
    assert ActMethod.objects.filter(method="firearm").count() == firearms == 1161
    assert set(AllegedPerpetrator.objects.values_list("state_link", flat=True)) == {
        *("agent", "acquiescence", "none", "unknown")
    }
    # Who acts against the State, or beside it, is said to act for it nowhere.
    assert not AllegedPerpetrator.objects.filter(
        state_link="agent", kind__in=("non-state-actor", "armed-group")
    ).exists()
    pressed = {row["group_id"] for row in rows if row["press"] == "1"}
    assert Information.objects.filter(source__code="press-of-the-time").count() == len(pressed)


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_told_with_its_group(
    path: Path, rows: Rows, founded: Founded, imported: Outcome, tmp_path: Path
) -> None:
    again = import_incidents(path, load_mapping(NAME), founded.institution)

    assert not again.written
    assert (again.summary.already_there, again.summary.changed) == (2398, [])
    group = rows[1000]["group_id"]
    other = path.read_text(encoding="utf-8").splitlines(keepends=True)
    other[1001] = other[1001].replace(",Chilean,", ",Peruvian,")
    (tmp_path / "other.csv").write_text("".join(other), encoding="utf-8")
    changed = import_incidents(tmp_path / "other.csv", load_mapping(NAME), founded.institution)
    of_group = [number for number, row in enumerate(rows, start=2) if row["group_id"] == group]
    assert changed.summary.changed == of_group


def test_statistics_count_incidents_victims_and_acts_as_in_the_file(rows: Rows, imported: Outcome) -> None:
    table = (
        read_coded_plane([NAME]).select(["incident_id", "victim_id", "act_id", "act", "year", "country"]).to_pylist()
    )

    assert len({row["incident_id"] for row in table}) == 1391
    assert len({row["victim_id"] for row in table}) == 2398
    killed = {row["victim_id"] for row in table if row["act"] == "killing"}
    disappeared = {row["victim_id"] for row in table if row["act"] == "enforced-disappearance"}
    assert len(killed - disappeared) == 1331
    assert len(killed & disappeared) == 108
    assert len(disappeared) == 961
    assert {row["country"] for row in table} == {"CHL"}
