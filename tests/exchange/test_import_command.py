"""`./amparo import`: what a person sees, what a program gets, and every kind of broken file."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, connection
from django.utils import translation

from amparo.cases.models import Incident
from amparo.exchange.commands import import_
from amparo.exchange.messages import MESSAGES, shown
from tests.exchange.invented_files import COLUMNS, MAPPING, as_csv, make_row, make_rows, write_csv, write_xlsx
from tests.exchange.test_import_incidents import store
from tests.factories import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    make_institution("invented-nhri")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    return str(tmp_path / "mapping.toml")


def run(path: Path, mapping: str, *options: str) -> Result:
    return CliRunner().invoke(import_, ["incidents", str(path), "--mapping", mapping, *options])


def test_it_works(tmp_path: Path, mapping: str) -> None:
    done = run(write_csv(tmp_path / "list.csv", make_rows(3), delimiter=";"), mapping)

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Read as CSV in the encoding utf-8, with the delimiter “;”",
        "3 rows read",
        "3 incidents",
        "3 victims",
        "6 acts",
        "0 were there already",
        "From 2020-05-17 to 2020-05-17",
        "1 country",
        "Sex: Female 3",
        "Defender profiles: Land 3",
        "Status of the information: Reported 3",
        "Precision of the date: Day 3",
    ]
    assert Incident.objects.count() == 3


def test_json_is_one_object_and_nothing_else(tmp_path: Path, mapping: str) -> None:
    rows = [make_row(1), make_row(2, sex="x", age="of Inventada")]
    done = run(write_csv(tmp_path / "list.csv", rows), mapping, "--json", "--partial")

    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (answer["written"], answer["incidents"], answer["rejected"], answer["problem_count"]) == (True, 1, 1, 2)
    assert answer["by_sex"] == {"female": 1}
    assert answer["rejected_file"] == str(tmp_path / "list.rejected.csv")
    sex, age = answer["problems"]
    assert (sex["row"], sex["column"], sex["value"], sex["code"]) == (3, "sex", "x", "unknown-code")
    assert (age["column"], age["value"]) == ("age", None)
    assert "Inventada" not in done.output


def test_a_refusal_in_json_has_its_code(tmp_path: Path, mapping: str) -> None:
    done = run(tmp_path / "none.csv", mapping, "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "no-such-file"


def test_bad_rows_are_told_and_nothing_is_imported(tmp_path: Path, mapping: str) -> None:
    rows = [make_row(1), make_row(2, sex="Femal", age="the age of Inventada")]
    done = run(write_csv(tmp_path / "list.csv", rows), mapping)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Read as CSV in the encoding utf-8, with the delimiter “,”",
        "Row 3, column “sex”: “Femal”: expected a term of “Sex”. Nearest: female, male.",
        "Row 3, column “age”: (sealed): expected an age in years from 0 to 130.",
        "Nothing was imported. Mend the rows above, or use --partial.",
    ]
    assert Incident.objects.count() == 0


def test_only_the_first_of_many_problems_are_told(tmp_path: Path, mapping: str) -> None:
    done = run(write_csv(tmp_path / "list.csv", [make_row(n, sex="x") for n in range(1, 101)]), mapping)

    assert len(done.stderr.splitlines()) == 53
    assert "… and 50 more." in done.stderr


def test_what_a_cell_does_to_a_terminal_is_spelled_out(tmp_path: Path, mapping: str) -> None:
    odd = "\x1b[2J\u202efemale\u2066" + "x" * 200
    done = run(write_csv(tmp_path / "list.csv", [make_row(1, sex=odd)]), mapping)

    assert "<U+001B>[2J<U+202E>female<U+2066>" in done.stderr
    assert not {"\x1b", "\u202e", "\u2066"} & set(done.output)
    assert max(map(len, done.stderr.splitlines())) < 200


def test_a_dry_run_says_so(tmp_path: Path, mapping: str) -> None:
    done = run(write_csv(tmp_path / "list.csv", make_rows(2)), mapping, "--dry-run")

    assert "2 incidents" in done.stdout
    assert "Dry run: nothing was written." in done.stdout
    assert Incident.objects.count() == 0


def test_partly_says_where_the_bad_rows_are(tmp_path: Path, mapping: str) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="x")])

    done = run(path, mapping, "--partial", "--rejected", str(tmp_path / "bad.csv"))

    assert done.exit_code == 0
    assert f"1 row is in {tmp_path}/bad.csv, in clear." in done.stderr
    assert (tmp_path / "bad.csv").exists()


def test_changed_rows_are_named(tmp_path: Path, mapping: str) -> None:
    run(write_csv(tmp_path / "list.csv", make_rows(3)), mapping)

    done = run(write_csv(tmp_path / "list.csv", [make_row(1), make_row(2, sex="M"), make_row(3)]), mapping)

    assert done.exit_code == 0
    assert "1 row is in the store with other content, and was left as it is: 3" in done.stderr


def test_the_only_institution_is_taken_and_of_several_one_is_named(tmp_path: Path, mapping: str) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(1))
    make_institution("another-nhri")

    unnamed = run(path, mapping)
    misnamed = run(path, mapping, "--institution", "no-nhri")
    named = run(path, mapping, "--institution", "another-nhri")

    assert unnamed.exit_code == misnamed.exit_code == 1
    assert "another-nhri, invented-nhri" in unnamed.stderr
    assert "another-nhri, invented-nhri" in misnamed.stderr
    assert named.exit_code == 0
    assert Incident.objects.get().institution.code == "another-nhri"


def test_wrong_usage_is_another_status(tmp_path: Path, mapping: str) -> None:
    assert CliRunner().invoke(import_, ["incidents"]).exit_code == 2
    assert CliRunner().invoke(import_, ["incidents", "list.csv"]).exit_code == 2
    assert run(tmp_path / "list.csv", mapping, "--colour").exit_code == 2


@pytest.mark.parametrize("command", [[], ["incidents"], ["draft-mapping"]])
def test_help_is_there(command: list[str]) -> None:
    done = CliRunner().invoke(import_, [*command, "--help"])

    assert done.exit_code == 0
    assert "Usage" in done.stdout


def test_rejected_without_partial_is_refused(tmp_path: Path, mapping: str) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(1))

    assert run(path, mapping, "--rejected", str(tmp_path / "bad.csv")).exit_code == 1


def _half_a_workbook(path: Path) -> Path:
    whole = write_xlsx(path.with_name("whole.xlsx"), make_rows(50)).read_bytes()
    return _written(path.with_suffix(".xlsx"), whole[: len(whole) // 2])


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


GOOD = as_csv(make_rows(3))
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (lambda path: _written(path, b""), "The file is empty"),
    "header only": (lambda path: write_csv(path, []), "no rows below them"),
    "encoding that cannot be told": (
        lambda path: _written(path, b"a,b\n" + bytes(0x80 + n * 37 % 0x80 for n in range(200))),
        "The encoding of the file cannot be told",
    ),
    "encoding that changes": (
        lambda path: _written(path, b"\xef\xbb\xbf" + GOOD.encode() + "4,Niña".encode("cp1252") + b"\n"),
        "is not in the encoding of its beginning",
    ),
    "missing column": (
        lambda path: write_csv(path, [{"number": "1", "date": ""}], columns=("number", "date")),
        "Columns are missing: age, country",
    ),
    "doubled column": (lambda path: _written(path, b"sex,sex\n1,2\n"), "Two columns are called “sex”"),
    "column that is not mapped": (
        lambda path: write_csv(path, [make_row() | {"phone": "1"}], columns=(*COLUMNS, "phone")),
        "does not say what these columns are: phone",
    ),
    "no header": (lambda path: _written(path, b"1,2020-05-17,Inventada\n2,,\n"), "Is it the row with their names?"),
    "unknown code": (lambda path: write_csv(path, [make_row(sex="Femal")]), "Nearest: female"),
    "impossible date": (lambda path: write_csv(path, [make_row(date="2020-02-30")]), "“2020-02-30”: expected a date"),
    "date to come": (lambda path: write_csv(path, [make_row(date="2999-01-01")]), "between the year 1900 and today"),
    "half a workbook": (_half_a_workbook, "damaged or only half written"),
    "no workbook": (lambda path: _written(path.with_suffix(".xlsx"), GOOD.encode()), "This is no XLSX workbook"),
    "old workbook": (
        lambda path: _written(path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        "old Excel versions",
    ),
    "picture": (lambda path: _written(path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99)), "not a table of text"),
    "line too long": (lambda path: _written(path, GOOD.encode() + b"x" * 2_000_000), "longer than 1000000 characters"),
    "open quotation mark": (lambda path: _written(path, GOOD.encode() + b'4,"2020'), "quotation marks at row 5"),
    "too many cells": (lambda path: _written(path, GOOD.encode() + b"4" + b",x" * 12), "Row 5 has 13 cells"),
    "folder": (lambda path: path.parent, "a folder, not a file"),
    "nothing there": (lambda path: path, "no file of this name"),
    "pipe": (_pipe, "not a file that can be read twice"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_broken_file_gives_its_error_and_leaves_the_store_as_it_was(
    tmp_path: Path, mapping: str, kind: str, options: tuple[str, ...]
) -> None:
    run(write_csv(tmp_path / "before.csv", make_rows(1)), mapping)
    before = store()
    break_file, told = BROKEN[kind]

    done = run(break_file(tmp_path / "broken.csv"), mapping, *options)

    assert done.exit_code == 1
    assert told in done.stderr
    assert "Traceback" not in done.output
    assert isinstance(done.exception, SystemExit)
    assert store() == before
    if options:
        assert json.loads(done.stdout)["written"] is False


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
@pytest.mark.parametrize("kind", ["empty", "unknown code", "missing column", "half a workbook"])
def test_errors_are_told_in_the_language_of_who_reads(tmp_path: Path, mapping: str, kind: str, language: str) -> None:
    break_file, in_english = BROKEN[kind]

    with translation.override(language):
        done = run(break_file(tmp_path / "broken.csv"), mapping)

    assert done.exit_code == 1
    assert in_english.partition(":")[0] not in done.stderr


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_every_message_keeps_its_details_in_every_language(language: str) -> None:
    with translation.override(language):
        for code, message in MESSAGES.items():
            in_language = translation.gettext(message)
            places = {part.partition(")")[0] for part in message.split("%(")[1:]}
            assert all(f"%({place})s" in in_language for place in places), code


def test_an_error_of_the_database_is_told_without_its_text(tmp_path: Path, mapping: str) -> None:
    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "INSERT" in sql and "cases_incident" in sql:
            raise OperationalError("disk is full: Inventada")
        return execute(sql, params, many, context)

    before = store()
    with connection.execute_wrapper(refuse):
        done = run(write_csv(tmp_path / "list.csv", make_rows(2)), mapping)

    assert done.exit_code == 1
    assert "could not be written" in done.stderr
    assert "Inventada" not in done.output
    assert store() == before


def test_long_and_odd_texts_are_shown_cut_and_spelled_out() -> None:
    assert shown("a\u202eb\nc") == "a<U+202E>b<U+000A>c"
    assert len(shown("x" * 1000)) == 80
