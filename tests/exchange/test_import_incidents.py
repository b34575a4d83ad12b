"""Importing incidents: everything or nothing, once and not twice, and what is wrong told row by row."""

import os
import resource
import stat
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from amparo.cases.models import (
    Act,
    AllegedPerpetrator,
    Dataset,
    DefenderProfile,
    Incident,
    Information,
    Involvement,
    Source,
    Victim,
)
from amparo.exchange.importing import Outcome, import_incidents
from amparo.exchange.messages import describe
from amparo.exchange.models import ImportRun
from amparo.exchange.problems import FileRefused
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import Section, SectionKey
from tests.exchange.invented_files import COLUMNS, MAPPING, make_mapping, make_row, make_rows, write_csv, write_xlsx
from tests.factories import make_institution

pytestmark = pytest.mark.django_db

TABLES = (
    *(Incident, Victim, Act, AllegedPerpetrator, Involvement, DefenderProfile, Information, Source, Dataset),
    *(Section, SectionKey, ImportRun),
)


@pytest.fixture
def founded() -> Founded:
    return make_institution()


def run(path: Path, founded: Founded, mapping: str = MAPPING, **options: object) -> Outcome:
    return import_incidents(path, make_mapping(mapping), founded.institution, **options)  # type: ignore[arg-type]


def store() -> dict[str, int]:
    """How many rows each table has."""
    return {model.__name__: model._default_manager.count() for model in TABLES}


def opened(founded: Founded) -> list[dict[str, object]]:
    """What is sealed, opened with the institution's key."""
    return list(vault.open_sections(Section.objects.all(), founded.unlocked).values())


def test_it_works(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="M", threatened="No", sources="Herald")])

    outcome = run(path, founded)

    summary = outcome.summary
    assert outcome.written
    assert (summary.rows, summary.incidents, summary.victims, summary.acts) == (2, 2, 2, 3)
    assert (summary.by_sex, summary.countries) == ({"female": 1, "male": 1}, {"COL"})
    assert (str(summary.first_date), str(summary.last_date)) == ("2020-05-17", "2020-05-17")
    assert store() == {
        "Incident": 2,
        "Victim": 2,
        "Act": 3,
        "AllegedPerpetrator": 4,
        "Involvement": 6,
        "DefenderProfile": 2,
        "Information": 3,
        "Source": 2,
        "Dataset": 1,
        "Section": 4,
        "SectionKey": 4,
        "ImportRun": 1,
    }
    assert {"name": "Inventada 001", "age": "41"} in opened(founded)
    assert {"place": "Cauca", "text": "An invented story."} in opened(founded)


def test_coded_facts_are_in_columns(tmp_path: Path, founded: Founded) -> None:
    run(write_csv(tmp_path / "list.csv", [make_row(date="March 2019 to June 2019")]), founded)

    incident = Incident.objects.get()
    victim = incident.victims.get()
    assert (str(incident.date), str(incident.earliest), str(incident.latest)) == (
        "2019-03/2019-06",
        "2019-03-01",
        "2019-06-30",
    )
    assert (incident.country, incident.area, incident.dataset.code) == ("COL", "CO-CAU", "invented-list")
    assert (victim.sex, victim.age_band) == ("female", "35-49")
    assert set(incident.acts.values_list("kind", flat=True)) == {"killing", "threat"}
    assert set(incident.information.values_list("source__code", flat=True)) == {"listener", "herald"}
    assert incident.dataset.invented


def test_the_same_file_twice_changes_nothing(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(5))
    run(path, founded)
    before = store()

    again = run(path, founded)

    assert store() == before
    assert not again.written
    assert (again.summary.incidents, again.summary.already_there, again.summary.changed) == (0, 5, [])


@pytest.mark.parametrize("other", ["encoding and delimiter", "workbook", "order", "blanks"])
def test_the_same_rows_in_another_guise_change_nothing(tmp_path: Path, founded: Founded, other: str) -> None:
    rows = [make_row(number, story=f"Niña {number}\r\nand more") for number in range(1, 6)]
    run(write_csv(tmp_path / "list.csv", rows), founded)
    before = store()
    path = {
        "encoding and delimiter": lambda: write_csv(tmp_path / "b.csv", rows, encoding="cp1252", delimiter=";"),
        "workbook": lambda: write_xlsx(tmp_path / "b.xlsx", rows),
        "order": lambda: write_csv(tmp_path / "b.csv", reversed(rows), columns=COLUMNS[::-1]),
        "blanks": lambda: write_csv(tmp_path / "b.csv", [row | {"story": f" {row['story']} "} for row in rows]),
    }[other]()

    again = run(path, founded)

    assert store() == before
    assert (again.summary.already_there, again.summary.changed) == (5, [])


def test_new_rows_of_a_longer_file_are_added(tmp_path: Path, founded: Founded) -> None:
    run(write_csv(tmp_path / "list.csv", make_rows(3)), founded)

    outcome = run(write_csv(tmp_path / "longer.csv", make_rows(5)), founded)

    assert (outcome.summary.incidents, outcome.summary.already_there) == (2, 3)
    assert Incident.objects.count() == 5
    assert ImportRun.objects.count() == 2


def test_a_row_with_other_content_is_told_and_left_as_it_is(tmp_path: Path, founded: Founded) -> None:
    run(write_csv(tmp_path / "list.csv", make_rows(3)), founded)

    rows = [make_row(1), make_row(2, sex="M"), make_row(3, name="Inventada Otra")]
    outcome = run(write_csv(tmp_path / "other.csv", rows), founded)

    assert outcome.summary.changed == [3, 4]
    assert not outcome.written
    assert set(Victim.objects.values_list("sex", flat=True)) == {"female"}


def test_doubled_rows_are_as_many_as_they_are(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1)] * 3)

    first, second = run(path, founded), run(path, founded)

    assert first.summary.incidents == 3
    assert second.summary.already_there == 3
    assert Incident.objects.count() == 3


def test_two_victims_of_one_key_are_two(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1, name="Inventada A"), make_row(1, name="Inventada B")]
    path = write_csv(tmp_path / "list.csv", rows)

    run(path, founded)
    again = run(path, founded)

    assert Incident.objects.count() == 2
    assert again.summary.changed == []


def test_the_same_row_of_two_institutions_or_datasets_is_not_the_same(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(2))
    run(path, founded)

    of_another = run(path, make_institution())
    of_another_dataset = run(path, founded, MAPPING.replace('code = "invented-list"', 'code = "other-list"'))

    assert of_another.summary.incidents == of_another_dataset.summary.incidents == 2
    assert Incident.objects.count() == 6


def test_a_dry_run_writes_nothing_and_tells_everything(tmp_path: Path, founded: Founded) -> None:
    run(write_csv(tmp_path / "first.csv", make_rows(1)), founded)
    before = store()

    outcome = run(write_csv(tmp_path / "list.csv", make_rows(4)), founded, dry_run=True)

    assert store() == before
    assert not outcome.written
    assert (outcome.summary.incidents, outcome.summary.already_there) == (3, 1)


def test_one_bad_row_and_nothing_is_imported(tmp_path: Path, founded: Founded) -> None:
    before = store()

    outcome = run(write_csv(tmp_path / "list.csv", [*make_rows(700), make_row(701, sex="Femal")]), founded)

    assert store() == before
    assert not outcome.written
    (problem,) = outcome.problems
    told = describe(problem)
    assert (problem.row, problem.column, problem.value) == (702, "sex", "Femal")
    assert "Row 702" in told
    assert "Femal" in told
    assert "female" in told


def test_partly_the_good_rows_come_in_and_the_bad_ones_go_to_a_file(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1), make_row(2, date="soon"), make_row(3), make_row(4, sex="x", name='Say "Inventada";\r\nnow')]
    path = write_csv(tmp_path / "list.csv", rows, encoding="cp1252", delimiter=";")

    outcome = run(path, founded, partial=True)

    kept = tmp_path / "list.rejected.csv"
    assert outcome.written
    assert outcome.rejected_file == kept
    assert (outcome.summary.incidents, outcome.summary.rejected) == (2, 2)
    assert kept.read_bytes().decode("utf-8-sig").splitlines()[0] == ";".join(COLUMNS)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    # Mended, it goes in.
    kept.write_bytes(kept.read_bytes().replace(b"soon", b"2020-01-01").replace(b";x;", b";M;"))
    second = run(kept, founded)
    assert (second.summary.incidents, second.problem_count) == (2, 0)
    assert Incident.objects.count() == 4
    assert {"name": 'Say "Inventada";\r\nnow', "age": "41"} in opened(founded)
    # And the whole list, mended, is all there.
    mended_rows = [rows[0], rows[1] | {"date": "2020-01-01"}, rows[2], rows[3] | {"sex": "M"}]
    whole = run(write_csv(tmp_path / "mended.csv", mended_rows), founded)
    assert (whole.summary.already_there, whole.summary.changed) == (4, [])


def test_a_bad_row_takes_those_with_its_key_along(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(1), make_row(2, name="Inventada A"), make_row(2, name="Inventada B", sex="x")]
    path = write_csv(tmp_path / "list.csv", rows)

    outcome = run(path, founded, partial=True)

    assert (outcome.summary.incidents, outcome.summary.rejected) == (1, 2)
    kept = outcome.rejected_file
    assert kept is not None
    kept.write_text(kept.read_text(encoding="utf-8-sig").replace(",x,", ",F,"), newline="")
    second = run(kept, founded)
    assert (second.summary.incidents, second.summary.changed) == (2, [])


def test_rejected_files_never_overwrite_anything(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="x")])

    first = run(path, founded, partial=True)
    second = run(path, founded, partial=True)
    assert first.rejected_file is not None
    third = run(first.rejected_file, founded, partial=True)

    assert [outcome.rejected_file.name for outcome in (first, second, third) if outcome.rejected_file] == [
        "list.rejected.csv",
        "list.rejected-2.csv",
        "list.rejected-3.csv",
    ]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (lambda tmp_path: tmp_path / "list.csv", "rejected-exists"),
        (lambda tmp_path: tmp_path / "nowhere" / "bad.csv", "rejected-not-writable"),
        (lambda tmp_path: Path(settings.DATA_DIR) / "bad.csv", "rejected-in-store"),
        (lambda tmp_path: Path(settings.DATA_DIR) / ".." / Path(settings.DATA_DIR).name / "b.csv", "rejected-in-store"),
        (lambda tmp_path: tmp_path / "into-the-store" / "bad.csv", "rejected-in-store"),
        (lambda tmp_path: tmp_path / "link.csv", "rejected-exists"),
    ],
)
def test_a_bad_place_for_bad_rows_is_refused_and_nothing_is_written(
    tmp_path: Path, founded: Founded, place, code: str
) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="x")])
    (tmp_path / "into-the-store").symlink_to(settings.DATA_DIR)
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    before, content = store(), path.read_bytes()

    with pytest.raises(FileRefused) as refused:
        run(path, founded, partial=True, rejected_file=place(tmp_path))

    assert refused.value.problem.code == code
    assert store() == before
    assert path.read_bytes() == content
    assert not (tmp_path / "elsewhere.csv").exists()


def test_a_disk_without_room_for_the_bad_rows_leaves_the_store_as_it_was(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="x", story="A long story. " * 1000)])
    before = store()

    # No file of this process may grow beyond 1,000 bytes, as on a disk that is full.
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(FileRefused) as refused:
            run(path, founded, partial=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert refused.value.problem.code == "rejected-not-writable"
    assert store() == before
    assert os.listdir(tmp_path) == ["list.csv"]


def test_a_dry_run_with_partial_tells_and_keeps_no_file(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="x")])

    outcome = run(path, founded, partial=True, dry_run=True)

    assert (outcome.summary.incidents, outcome.summary.rejected, outcome.rejected_file) == (1, 1, None)
    assert os.listdir(tmp_path) == ["list.csv"]


def test_a_file_with_only_bad_rows_leaves_no_trace_in_the_store(tmp_path: Path, founded: Founded) -> None:
    before = store()

    outcome = run(write_csv(tmp_path / "list.csv", [make_row(1, sex="x")]), founded, partial=True)

    assert not outcome.written
    assert outcome.rejected_file is not None
    assert store() == before


def test_all_problems_are_counted_and_the_first_are_kept(tmp_path: Path, founded: Founded) -> None:
    rows = [make_row(number, sex="x", date="soon") for number in range(1, 1201)]

    outcome = run(write_csv(tmp_path / "list.csv", rows), founded)

    assert (outcome.problem_count, len(outcome.problems), outcome.summary.rejected) == (2400, 1000, 1200)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(1000))
    before = store()

    def change(step: str, done: int, total: int | None) -> None:
        if step == "recording" and done == 400:
            with path.open("ab") as file:
                file.write(b"\r\n")

    with pytest.raises(FileRefused) as refused:
        run(path, founded, progress=change)

    assert refused.value.problem.code == "file-changed"
    assert store() == before


def test_a_failure_in_the_middle_leaves_the_store_as_it_was(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [*make_rows(1000), make_row(1001, sex="x")])
    before = store()

    def fail(step: str, done: int, total: int | None) -> None:
        if step == "recording" and done == 800:
            assert Incident.objects.count() > 0
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, founded, partial=True, progress=fail)

    assert store() == before
    assert os.listdir(tmp_path) == ["list.csv"]


def test_real_and_invented_incidents_do_not_mix_in_a_dataset(tmp_path: Path, founded: Founded) -> None:
    run(write_csv(tmp_path / "list.csv", make_rows(1)), founded)
    before = store()

    with pytest.raises(FileRefused) as refused:
        run(
            write_csv(tmp_path / "more.csv", make_rows(2)),
            founded,
            MAPPING.replace("invented = true", "invented = false"),
        )

    assert refused.value.problem.code == "dataset-invented"
    assert store() == before


def test_the_run_is_kept_without_the_name_of_the_file(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "the case of Inventada.csv", make_rows(2))

    run(path, founded)

    kept = ImportRun.objects.get()
    assert (kept.rows, kept.recorded) == (2, 2)
    assert len(kept.file_sha256) == len(kept.mapping_sha256) == 64
    assert not any("Inventada" in str(value) for value in vars(kept).values())


def test_nothing_sealed_is_in_any_query_but_as_ciphertext(tmp_path: Path, founded: Founded) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1, name="Inventada Secreta", story="Secret story")])
    seen = Counter[str]()

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        seen.update(word for word in ("Secret", "Cauca") if word in f"{sql}{params}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        run(path, founded)

    assert Incident.objects.count() == 1
    assert seen == {}


def test_the_time_of_a_long_import_is_told(tmp_path: Path, founded: Founded) -> None:
    told: list[tuple[str, int, int | None]] = []

    run(write_csv(tmp_path / "list.csv", make_rows(450)), founded, progress=lambda *step: told.append(step))

    assert told == [
        ("checking", 200, None),
        ("checking", 400, None),
        ("recording", 200, 450),
        ("recording", 400, 450),
        ("recording", 450, 450),
    ]
