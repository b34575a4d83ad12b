"""Rows that are one incident: told together, checked together, told again together; and what goes in comes out."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Act, ActMethod, AllegedPerpetrator, Incident, Involvement, Place, RuledOut, Victim
from amparo.exchange import imported_rows
from amparo.exchange.exporting import rows_of
from amparo.exchange.giving_back import as_written
from amparo.exchange.importing import Outcome, import_incidents
from amparo.exchange.mapping import Mapping, load_mapping, parse_mapping
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import Row
from amparo.exchange.report import problem_lines
from amparo.institutions.services import Founded
from tests.exchange.invented_files import write_csv
from tests.factories import make_institution

GROUPED = """
[dataset]
code = "invented-groups"
publisher = "Invented publisher"
invented = true
titles = { en = "Invented", fr = "Inventé", es = "Inventado", ar = "مخترع" }
coverage = { en = "Nothing.", fr = "Rien.", es = "Nada.", ar = "لا شيء." }
[rows]
key = ["number"]
group = "event"
as_written = true
[joined]
"identity.name" = ["given", "family"]
[columns]
number = { seal = "identity.number" }
event = { seal = "identity.event" }
country = { field = "incident.country" }
day = { field = "act.start" }
month = { field = "act.start", precision = "month" }
end = { field = "act.end" }
given = { seal = "identity.given_name" }
family = { seal = "identity.family_name" }
minor = { field = "victim.age_band", values = { yes = "0-17", no = "unknown" } }
act = { field = "act.kind", values = { killed = "killing", both = ["enforced-disappearance", "killing"], open = "" } }
means = { field = "act.method", separator = " and ", values = { gun = "firearm", knife = "sharp-weapon" } }
tortured = { field = "act.kind", values = { "1.0" = "torture" }, rules_out = { "0.0" = "torture" } }
side = { field = "perpetrator.state_link", values = { State = "agent", other = "none" } }
[columns.who]
field = "perpetrator.kind"
seal = "perpetrator.organisation"
otherwise = "unknown"
words = { "polic" = "police", "soldier" = "military", "civil" = "non-state-actor" }
[place]
kind = { home = "home", prison = "custody" }
precision = { "1.0" = "exact" }
[[places]]
kind = "kind_1"
place = "place_1"
latitude = "latitude_1"
precision = "exact_1"
[[places]]
kind = "kind_2"
place = "place_2"
"""
MAPPING: Mapping = parse_mapping(GROUPED.encode())
COLUMNS = MAPPING.column_order
BLANK = dict.fromkeys(COLUMNS, "")


def make_row(number: int, event: str = "1", **cells: str) -> dict[str, str]:
    names = {"given": f"Inventada {number}", "family": "Segunda"}
    return BLANK | {"number": str(number), "event": event, "country": "CHL", "act": "killed"} | names | cells


def run(path: Path, founded: Founded, mapping: Mapping = MAPPING, **options: bool) -> Outcome:
    return import_incidents(path, mapping, founded.institution, **options)  # type: ignore[arg-type]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    return write_csv(path, rows, columns=COLUMNS)


@pytest.fixture
def founded(db: None) -> Founded:
    return make_institution()


def test_it_works(tmp_path: Path, founded: Founded) -> None:
    rows = [
        make_row(1, day="1973-09-11", month="1973-09-01", tortured="1.0", means="gun and knife", side="State"),
        make_row(2, event="2", month="1974-02-01", end="1974-03-05"),
        make_row(3, day="1973-09-13", end="1973-09-14", tortured="0.0", who="Policemen (X), civilians", side="State"),
        make_row(4, event="", kind_1="home", exact_1="1.0", place_1="Invented Street", kind_2="prison"),
    ]

    outcome = run(write(tmp_path / "list.csv", rows), founded)

    assert (outcome.summary.incidents, outcome.summary.victims, outcome.summary.acts) == (3, 4, 5)
    group = Incident.objects.exclude(date=None).order_by("earliest").first()
    assert group is not None
    assert str(group.date) == "1973-09-11/1973-09-14"
    dates = group.acts.order_by("pk").values_list("kind", "date")
    assert [(kind, str(date)) for kind, date in dates] == [
        ("killing", "1973-09-11"),
        ("torture", "1973-09-11"),
        ("killing", "1973-09-13/1973-09-14"),
    ]
    assert str(Incident.objects.get(earliest="1974-02-01").date) == "1974-02/1974-03-05"
    assert sorted(ActMethod.objects.values_list("act__kind", "method")) == [
        ("killing", "firearm"),
        ("killing", "sharp-weapon"),
    ]
    assert list(RuledOut.objects.values_list("kind", flat=True)) == ["torture"]
    # A civilian beside the police acts with the State, not for it.
    alleged = set(AllegedPerpetrator.objects.values_list("kind", "state_link"))
    assert alleged == {("unknown", "agent"), ("police", "agent"), ("non-state-actor", "acquiescence")}
    third = group.victims.order_by("pk").last()
    against = Involvement.objects.filter(act__victim=third).values_list("alleged_perpetrator__kind", flat=True)
    assert set(against) == {"police", "non-state-actor"}
    assert list(Place.objects.values_list("order", "kind", "precision")) == [
        (1, "home", "exact"),
        (2, "custody", "unknown"),
    ]
    assert rows_of(MAPPING, founded.institution, founded.unlocked) == rows


def test_the_same_rows_in_another_order_change_nothing(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(number, event=str(number % 3)) for number in range(1, 10)]
    run(write(tmp_path / "list.csv", rows), founded)

    again = run(write(tmp_path / "other.csv", rows[::-1]), founded)

    assert (again.written, again.summary.already_there, again.summary.changed) == (False, 9, [])
    assert Incident.objects.count() == 3


def test_a_group_that_is_there_with_other_rows_is_told_and_left(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1), make_row(2, event="2"), make_row(3)]
    run(write(tmp_path / "list.csv", rows), founded)

    more = run(write(tmp_path / "more.csv", [*rows, make_row(4), make_row(5, event="3")]), founded)

    assert (more.summary.incidents, more.summary.changed) == (1, [2, 4, 5])
    assert Victim.objects.count() == 4


def test_a_bad_row_takes_its_whole_group_and_says_so(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1), make_row(2, event="2"), make_row(3, act="hexed"), make_row(4)]
    path = write(tmp_path / "list.csv", rows)

    assert not run(path, founded).written
    outcome = run(path, founded, partial=True)

    assert (outcome.summary.incidents, outcome.summary.rejected, outcome.summary.taken_along) == (1, 3, 2)
    assert "2 good rows go with bad rows of their groups, or of their keys." in list(problem_lines(outcome))
    kept = outcome.rejected_file
    assert kept is not None
    kept.write_text(kept.read_text(encoding="utf-8-sig").replace("hexed", "killed"), newline="")
    assert run(kept, founded).summary.victims == 3
    # And the whole list, mended, is all there.
    mended = [*rows[:2], rows[2] | {"act": "killed"}, rows[3]]
    assert run(write(tmp_path / "mended.csv", mended), founded).summary.already_there == 4


def test_rows_of_a_group_that_disagree_on_the_incident_are_bad(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1), make_row(2, country=""), make_row(3, country="Chile"), make_row(4, country="ARG")]

    outcome = run(write(tmp_path / "list.csv", rows), founded)

    (problem,) = outcome.problems
    assert (problem.code, problem.row, problem.column) == ("group-disagrees", 5, "country")
    assert "the same as in the other rows of its group" in describe(problem)


def test_too_many_rows_that_wait_are_refused_and_nothing_is_written(
    tmp_path: Path, founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported_rows, "MOST_ROWS_WAITING", 5)
    rows = [make_row(number, event=str(number % 8)) for number in range(16)]

    with pytest.raises(FileRefused) as refused:
        run(write(tmp_path / "list.csv", rows), founded)

    assert refused.value.problem.code == "groups-scattered"
    assert "event" in describe(refused.value.problem)
    assert not Incident.objects.exists()
    by_group = sorted(rows, key=lambda row: row["event"])
    assert run(write(tmp_path / "sorted.csv", by_group), founded).summary.incidents == 8


def test_an_end_before_its_start_is_refused_where_it_would_be_lost(tmp_path: Path, founded: Founded) -> None:
    row = make_row(1, day="1973-09-20", end="1973-09-02")
    forgetful = parse_mapping(GROUPED.replace("as_written = true", "").encode())

    outcome = run(write(tmp_path / "list.csv", [row]), founded, forgetful)
    assert [problem.code for problem in outcome.problems] == ["dates-run-back"]

    run(write(tmp_path / "list.csv", [row]), founded)
    assert str(Incident.objects.get().date) == "1973-09-02/1973-09-20"
    assert rows_of(MAPPING, founded.institution, founded.unlocked) == [row]


def test_what_was_changed_since_comes_out_as_it_is_now(tmp_path: Path, founded: Founded) -> None:
    run(write(tmp_path / "list.csv", [make_row(1, act="", day="1973-09-01"), make_row(2, event="2")]), founded)

    Act.objects.filter(kind="unknown").update(kind="killing")

    out = rows_of(MAPPING, founded.institution, founded.unlocked)
    assert [row["act"] for row in out] == ["killed", "killed"]


def test_columns_that_would_be_lost_are_named() -> None:
    forgetful = parse_mapping(GROUPED.replace("as_written = true", "").encode())

    assert MAPPING.is_lossless
    assert not forgetful.is_lossless
    assert {"country", "day", "act", "tortured", "kind_1"} <= set(forgetful.lost_columns)
    assert not {"given", "who", "place_1"} & set(forgetful.lost_columns)
    assert load_mapping("global-witness").lost_columns == load_mapping("global-witness").ignored_columns


CELLS = {
    "event": st.sampled_from(["", "1", "2", " 2"]),
    "country": st.sampled_from(["CHL", "Chile", "chile", " CHL "]),
    "day": st.sampled_from(["", "1973-09-11", "1974-02-28", "1974", "1973-10"]),
    "month": st.sampled_from(["", "1973-09-01", "1975-01-01"]),
    "end": st.sampled_from(["", "1973-09-11", "1973-09-12", "1972", " 1980-01-01"]),
    "minor": st.sampled_from(["", "yes", "no", "YES", "41", "0-17"]),
    "act": st.sampled_from(["", "killed", "both", "open", "Killed", "threat"]),
    "means": st.sampled_from(["", "gun", "knife", "gun and knife", "knife and gun", "gun and gun", "other"]),
    "tortured": st.sampled_from(["", "1.0", "0.0"]),
    "side": st.sampled_from(["", "State", "other", "unknown"]),
    "kind_1": st.sampled_from(["", "home", "prison", "HOME", "  "]),
    "exact_1": st.sampled_from(["", "1.0", "near"]),
    "kind_2": st.sampled_from(["", "home"]),
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {column: CELLS.get(column, st.text(max_size=12)) for column in COLUMNS if column != "number"}
    ),
    min_size=1,
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(ROWS)
def test_any_rows_come_out_as_they_went_in(rows: list[dict[str, str]]) -> None:
    groups: dict[object, list[Row]] = {}
    for number, row in enumerate(rows, start=2):
        cells = row | {"number": str(number)}
        groups.setdefault(row["event"].strip() or number, []).append(Row(number, cells))

    out: dict[int | None, dict[str, str]] = {}
    for group in groups.values():
        draft = MAPPING.draft_of(group)
        assert isinstance(draft, IncidentDraft), draft
        for victim in draft.victims:
            number, cells = as_written(victim, MAPPING.inverse.cells(draft, victim))
            out[number] = cells

    assert out == {row.number: row.cells for group in groups.values() for row in group}


def test_the_shipped_lists_come_out_as_they_went_in(shared_data: Path, founded: Founded, tmp_path: Path) -> None:
    for name, file in published_files(shared_data):
        mapping = load_mapping(name)
        import_incidents(file, mapping, founded.institution)
        with_numbers = list(read(file))

        out = rows_of(mapping, founded.institution, founded.unlocked)

        kept = [column for column in mapping.column_order if column not in mapping.lost_columns]
        assert len(out) == len(with_numbers)
        for one, other in zip(with_numbers, out, strict=True):
            assert [one[column] for column in kept] == [other[column] for column in kept]


def published_files(shared_data: Path) -> Iterator[tuple[str, Path]]:
    yield "global-witness", shared_data / "environmental-defenders-killed" / "defenders_killed.csv"
    yield "colombia-social-leaders", shared_data / "colombia-social-leaders" / "lideres_sociales_2016_2020.csv"
    yield "cpj", shared_data / "journalists-killed" / "cpj_1992_2016.csv"


def read(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)
