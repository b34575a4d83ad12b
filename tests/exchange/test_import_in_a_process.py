"""What only a process of its own shows: being killed, files that nobody may read, lines of a gigabyte."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.exchange.invented_files import MAPPING, as_csv, make_rows, write_csv

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
MOST_MEMORY = 400_000_000


def start(store: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPARO_")}
    kept.pop("DATABASE_URL", None)
    kept |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "amparo.config.settings"}
    command = [sys.executable, "-m", "amparo", "--data-dir", str(store), "import", "incidents", *arguments]
    return subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows_of(store: Path) -> dict[str, int]:
    with sqlite3.connect(store / "amparo.sqlite3") as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("cases_incident", "cases_victim", "cases_dataset", "vault_section", "exchange_importrun")
        }


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    return str(tmp_path / "mapping.toml")


@pytest.mark.slow
def test_a_killed_import_leaves_the_store_as_it_was(tmp_path: Path, mapping: str) -> None:
    store = tmp_path / "store"
    small, large = write_csv(tmp_path / "a.csv", make_rows(2)), write_csv(tmp_path / "b.csv", make_rows(20_000))
    start(store, str(small), "--mapping", mapping).communicate()
    before = rows_of(store)
    assert before["cases_incident"] == 2

    killed = start(store, str(large), "--mapping", mapping)
    # It writes: what was read so far is in the write-ahead log or on the way there.
    until = time.monotonic() + 60
    while killed.poll() is None and time.monotonic() < until:
        log = store / "amparo.sqlite3-wal"
        if log.exists() and log.stat().st_size > 1_000_000:
            break
        time.sleep(0.02)
    assert killed.poll() is None, killed.communicate()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    assert rows_of(store) == before
    again = start(store, str(small), "--mapping", mapping)
    assert "2 were there already" in again.communicate()[0]
    assert again.returncode == 0


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_refused_in_little_memory(tmp_path: Path, mapping: str) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(as_csv(make_rows(1)).encode())
        for _ in range(1000):
            file.write(b"x" * 1_000_000)

    refused = start(tmp_path / "store", str(path), "--mapping", mapping)
    used = most_memory(refused)
    _, told = refused.communicate()
    path.unlink()

    assert refused.returncode == 1
    assert "A line of the file is longer than 1000000 characters" in told
    assert 0 < used < MOST_MEMORY
    assert rows_of(tmp_path / "store")["cases_incident"] == 0


@pytest.mark.slow
def test_a_long_file_is_imported_in_little_memory(tmp_path: Path, mapping: str) -> None:
    path = write_csv(tmp_path / "long.csv", make_rows(30_000))

    done = start(tmp_path / "store", str(path), "--mapping", mapping, "--dry-run")
    used = most_memory(done)
    told, _ = done.communicate()

    assert (done.returncode, "30000 incidents" in told) == (0, True)
    assert 0 < used < MOST_MEMORY


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    for name in ("list.csv", "mapping.toml"):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(0)
    # As nobody, because the owner of everything may read everything.
    attempt = """
import os, sys
from pathlib import Path
from amparo.exchange.mapping import load_mapping
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import open_table
folder = Path(sys.argv[1])
descriptor = os.open(folder, os.O_RDONLY)
if os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
os.fchdir(descriptor)
for attempt in (lambda: open_table(Path("list.csv")).__enter__(), lambda: load_mapping("./mapping.toml")):
    try:
        attempt()
    except FileRefused as refused:
        print(refused.problem.code)
"""
    tmp_path.chmod(0o755)

    done = subprocess.run(
        [sys.executable, "-c", attempt, str(tmp_path), str(NOBODY)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["not-readable", "mapping-not-readable"], done.stderr


def most_memory(running: subprocess.Popen[str]) -> int:
    """The most bytes that a process had until it ended; `ru_maxrss` would count those of the process it came from."""
    most = 0
    while running.poll() is None:
        status = Path(f"/proc/{running.pid}/status").read_text(encoding="ascii", errors="replace")
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            most = int(found[1]) * 1024
        time.sleep(0.02)
    return most
