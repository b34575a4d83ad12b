"""The log in the database: written with what it tells of, and no row of it is touched unseen, on either database."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from amparo.vault import log
from amparo.vault.chain import Head, Place, Wrong, read_head
from amparo.vault.commands import verify_log
from amparo.vault.models import LogEntry

pytestmark = pytest.mark.django_db(transaction=True)
UUID = "5f6c8a34-90f3-4a6c-8a7d-2f6b58c7a111"
SHA256 = "ab" * 32


@pytest.fixture(autouse=True)
def key_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.KEY_DIR = tmp_path / "keys"
    return tmp_path / "keys"


def write_entries(number: int, action: str = "report-opened") -> None:
    for each in range(number):
        log.record(action, actor=each % 3 + 1, institution="own", record=f"report:{each}", facts={"n": each})


@transaction.atomic
def open_and_fail() -> None:
    log.record("section-opened", actor=1)
    raise RuntimeError


def execute(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_it_works(key_folder: Path) -> None:
    log.record(
        "file-received",
        institution="own",
        record=f"report:{UUID}",
        facts={"sha256": SHA256, "size": 3, "country": "COL", "kind": "image-jpeg"},
    )
    log.record("signed-in", actor=7)

    first, second = LogEntry.objects.order_by("number")
    assert (first.number, first.action, first.record, first.actor) == (1, "file-received", f"report:{UUID}", None)
    assert first.facts == {"sha256": SHA256, "size": 3, "country": "COL", "kind": "image-jpeg"}
    assert bytes(first.previous) == bytes(32)
    assert bytes(second.previous) == bytes(first.code)
    checked = log.verify()
    assert checked.whole
    assert checked.newest == Head(2, bytes(second.code))
    key = (key_folder / "log.key").read_bytes()
    assert read_head((key_folder / "log.head").read_bytes(), key) == checked.newest
    assert (key_folder / "log.head").stat().st_mode & 0o777 == 0o600


def test_no_entry_tells_a_minute() -> None:
    """Between two entries whose minute is known, that of a report would be known too."""
    log.record("report-received", record=f"report:{UUID}")
    log.record("signed-in", actor=7)

    for entry in LogEntry.objects.all():
        assert entry.at == entry.at.replace(minute=0, second=0, microsecond=0)
        assert timedelta() <= timezone.now() - entry.at < timedelta(hours=1, minutes=1)


def test_an_entry_is_gone_with_the_transaction_that_it_tells_of(key_folder: Path) -> None:
    log.record("signed-in", actor=1)
    with pytest.raises(RuntimeError):
        open_and_fail()
    with transaction.atomic():
        log.record("section-shared", actor=1)
        with pytest.raises(RuntimeError):
            open_and_fail()
        log.record("signed-out", actor=1)

    assert [*LogEntry.objects.order_by("number").values_list("number", "action")] == [
        (1, "signed-in"),
        (2, "section-shared"),
        (3, "signed-out"),
    ]
    assert log.verify().whole
    assert read_head((key_folder / "log.head").read_bytes(), (key_folder / "log.key").read_bytes()).number == 3


@pytest.mark.parametrize(
    "given",
    [
        {"action": "Invented Person was here"},
        {"action": ""},
        {"action": "signed-in\n"},
        {"action": "a" * 41},
        {"institution": "an institution"},
        {"record": "report"},
        {"record": "report:Invented Person"},
        {"record": "report:a@example.org"},
        {"facts": {"name": "Invented Person"}},
        {"facts": {"name": "Invented"}},
        {"facts": {"name": "مخترعة"}},
        {"facts": {"name": "z" * 41}},
        {"facts": {"mail": "invented@example.org"}},
        {"facts": {"address": "192.0.2.7"}},
        {"facts": {"Invented Person": 1}},
        {"facts": {"flag": True}},
        {"facts": {"share": 0.5}},
        {"facts": {"nothing": None}},
        {"facts": {"list": ["a"]}},
        {"facts": {"much": 2**63}},
    ],
)
def test_what_is_no_code_is_refused_and_not_repeated(given: dict[str, Any]) -> None:
    with pytest.raises(log.NotForTheLog) as refused:
        log.record(**{"action": "signed-in"} | given)

    assert not LogEntry.objects.exists()
    assert "nvented" not in str(refused.value)
    assert "192" not in str(refused.value)


CHANGES = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "actor": 99,
    "institution": "other",
    "action": "signed-in",
    "record": "report:99",
    "facts": json.dumps({"n": 99}),
    "previous": bytes(32),
    "code": bytes(32),
}


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_a_column_changed_by_sql_is_found(column: str) -> None:
    write_entries(8)

    execute(f"UPDATE vault_logentry SET {column} = %s WHERE number = 5", [CHANGES[column]])  # noqa: S608

    assert log.verify().places == (Place(Wrong.CHANGED, 5, 5),)


def test_removed_rows_are_named() -> None:
    write_entries(8)

    execute("DELETE FROM vault_logentry WHERE number IN (1, 4, 5)")

    assert log.verify().places == (Place(Wrong.MISSING, 1, 1), Place(Wrong.MISSING, 4, 5))


def test_a_removal_hidden_by_numbering_anew_is_found() -> None:
    write_entries(8)

    execute("DELETE FROM vault_logentry WHERE number = 4")
    for number in range(5, 9):
        execute("UPDATE vault_logentry SET number = number - 1 WHERE number = %s", [number])

    assert log.verify().places == (Place(Wrong.REORDERED, 4, 7, belongs_at=5), Place(Wrong.CUT_OFF, 8, 8))


def test_swapped_rows_are_found() -> None:
    write_entries(8)

    for old, new in ((3, 100), (6, 3), (100, 6)):
        execute("UPDATE vault_logentry SET number = %s WHERE number = %s", [new, old])

    assert log.verify().places == (
        Place(Wrong.REORDERED, 3, 3, belongs_at=6),
        Place(Wrong.REORDERED, 6, 6, belongs_at=3),
    )


def test_an_inserted_row_is_found() -> None:
    write_entries(8)
    columns = "at, actor, institution, action, record, facts, previous, code"

    execute(f"INSERT INTO vault_logentry (number, {columns}) SELECT 9, {columns} FROM vault_logentry WHERE number = 8")  # noqa: S608
    assert log.verify().places == (Place(Wrong.DOUBLED, 9, 9, belongs_at=8),)

    execute("UPDATE vault_logentry SET previous = (SELECT code FROM vault_logentry WHERE number = 8) WHERE number = 9")
    assert log.verify().places == (Place(Wrong.CHANGED, 9, 9),)


def test_an_end_that_was_cut_off_is_found_also_when_the_log_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    write_entries(8)

    execute("DELETE FROM vault_logentry WHERE number > 5")

    assert log.verify().places == (Place(Wrong.CUT_OFF, 6, 8),)
    with caplog.at_level(logging.ERROR):
        write_entries(2)
        assert log.verify().places == (Place(Wrong.CUT_OFF, 8, 8),)
        write_entries(4)
    assert log.verify().places == (Place(Wrong.REPLACED, 8, 8),)
    assert "verify-log" in caplog.text


def test_a_log_that_was_emptied_is_found() -> None:
    write_entries(8)

    execute("DELETE FROM vault_logentry")

    assert log.verify().places == (Place(Wrong.CUT_OFF, 1, 8),)
    write_entries(9, "report-destroyed")
    assert log.verify().places == (Place(Wrong.REPLACED, 8, 8),)


def test_a_head_that_was_taken_away_or_changed_is_said(key_folder: Path) -> None:
    write_entries(3)
    head = key_folder / "log.head"
    kept = head.read_bytes()

    head.unlink()
    write_entries(1)
    assert log.verify().places == (Place(Wrong.HEAD_MISSING, 4, 4),)
    head.write_bytes(kept[:20])
    write_entries(1)
    assert log.verify().places == (Place(Wrong.HEAD_DAMAGED, 0, 0),)


def test_a_commit_whose_head_was_not_written_is_caught_up_with(key_folder: Path) -> None:
    """The process may end between the two."""
    write_entries(3)
    kept = (key_folder / "log.head").read_bytes()
    write_entries(2)
    (key_folder / "log.head").write_bytes(kept)

    assert log.verify().whole
    write_entries(1)

    assert log.verify().whole
    assert read_head((key_folder / "log.head").read_bytes(), (key_folder / "log.key").read_bytes()).number == 6


def test_what_was_done_stays_done_when_the_head_cannot_be_written(
    key_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_entries(3)
    (key_folder / "log.head").unlink()
    (key_folder / "log.head").mkdir()

    log.record("signed-in", actor=1)

    assert LogEntry.objects.count() == 4
    assert "head" in caplog.text


def test_an_older_database_can_be_accepted_and_the_log_says_so() -> None:
    write_entries(8)
    lost = LogEntry.objects.get(number=8)
    execute("DELETE FROM vault_logentry WHERE number > 5")

    log.accept_restored(actor=1)

    assert log.verify().whole
    entry = LogEntry.objects.get(number=6)
    assert (entry.action, entry.actor) == ("log-restored", 1)
    assert entry.facts == {"newest": 5, "lost-head": 8, "lost-code": bytes(lost.code).hex()}
    write_entries(3)
    assert log.verify().whole


def test_a_log_that_was_tampered_with_is_not_accepted() -> None:
    write_entries(8)
    execute("DELETE FROM vault_logentry WHERE number > 5")
    execute("UPDATE vault_logentry SET actor = 99 WHERE number = 2")

    log.accept_restored(actor=1)

    assert LogEntry.objects.count() == 5
    assert log.verify().places == (Place(Wrong.CHANGED, 2, 2), Place(Wrong.CUT_OFF, 6, 8))


@pytest.mark.parametrize(
    ("column", "garbage"), [("at", "yesterday"), ("facts", "{"), ("code", "text"), ("previous", 7), ("actor", "x")]
)
def test_garbage_in_a_table_without_types_stops_nothing(column: str, garbage: str | int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes no garbage into these columns.")
    write_entries(5)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints=ON")
        cursor.execute(f"UPDATE vault_logentry SET {column} = %s WHERE number = 3", [garbage])  # noqa: S608
        cursor.execute("PRAGMA ignore_check_constraints=OFF")

    assert log.verify().places == (Place(Wrong.CHANGED, 3, 3),)


def test_writers_at_once_make_one_chain() -> None:
    together = threading.Barrier(4)

    def write(actor: int) -> None:
        together.wait()
        try:
            for _ in range(10):
                with transaction.atomic():
                    log.record("section-opened", actor=actor)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        # The test's database is in memory, and shared by threads without waiting: here they take turns.
        write_entries(40)
    else:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))

    assert [*LogEntry.objects.order_by("number").values_list("number", flat=True)] == list(range(1, 41))
    assert log.verify().whole


def test_processes_at_once_make_one_chain_on_sqlite(tmp_path: Path) -> None:
    """Four processes on one file, as the workers of a server are."""
    program = (
        "import amparo.__main__ as a; a.set_up_django()\n"
        "from amparo.vault import log\n"
        "for _ in range(10): log.record('section-opened', actor=1)\n"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {"AMPARO_DATA_DIR": str(tmp_path / "store"), "PYTHONPATH": str(root / "src"), "LC_ALL": "C.UTF-8"}
    check = [sys.executable, "-P", "-m", "amparo", "verify-log", "--json"]
    first = subprocess.run(check, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(first.stdout)["entries"] == 0

    writers = [subprocess.Popen([sys.executable, "-P", "-c", program], env=environment) for _ in range(4)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]

    found = json.loads(subprocess.run(check, env=environment, capture_output=True, check=True, timeout=120).stdout)
    assert found["whole"]
    assert found["entries"] == found["newest"]["number"] == 40


def test_many_entries_are_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    write_entries(7)
    monkeypatch.setattr(log, "_CHUNK", 3)

    assert [entry.number for entry in log.read_entries()] == [1, 2, 3, 4, 5, 6, 7]
    assert log.verify().whole


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *arguments: CliRunner().invoke(verify_log, arguments)


def test_the_command_says_that_the_log_is_whole(run: Callable[..., Any]) -> None:
    write_entries(3)

    told, found = run(), json.loads(run("--json").stdout)

    assert told.exit_code == 0
    assert "whole" in told.stdout
    assert found["whole"] is True
    assert found["newest"] == {"number": 3, "code": bytes(LogEntry.objects.get(number=3).code).hex()}


def test_the_command_names_each_place_and_refuses(run: Callable[..., Any]) -> None:
    write_entries(8)
    execute("DELETE FROM vault_logentry WHERE number IN (4, 5, 8)")
    execute("UPDATE vault_logentry SET actor = 99 WHERE number = 2")

    told, found = run(), run("--json")

    assert told.exit_code == found.exit_code == 1
    assert "2: changed" in told.stderr
    assert "4–5: removed" in told.stderr
    assert "8: the end" in told.stderr
    assert json.loads(found.stdout)["places"] == [
        {"wrong": "changed", "first": 2, "last": 2},
        {"wrong": "missing", "first": 4, "last": 5},
        {"wrong": "cut-off", "first": 8, "last": 8},
    ]


def test_the_command_accepts_what_was_restored_on_purpose(run: Callable[..., Any]) -> None:
    write_entries(8)
    execute("DELETE FROM vault_logentry WHERE number > 5")

    assert run().exit_code == 1
    assert run("--accept-restored").exit_code == 0
    assert run().exit_code == 0
