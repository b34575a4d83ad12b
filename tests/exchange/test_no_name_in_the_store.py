"""After the three published lists went in, no name of theirs is anywhere in the store. A planted one is found."""

import csv
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.exchange.importing import import_incidents
from amparo.exchange.mapping import load_mapping
from tests.exchange.test_published_lists import FILES, rows_of
from tests.factories import make_institution
from tests.leaks import find_leaks, find_leaks_in_database

# Called like a place that stands in the vocabularies.
PLACES: set[str] = set()
ROOT = Path(__file__).resolve().parents[2]
NAMES = {"global-witness": "name", "colombia-social-leaders": "nombre", "cpj": "Name"}
# Texts of the lists that go sealed besides the names.
TEXTS = {"colombia-social-leaders": ("cargo", "fuentes_prensa"), "cpj": ("Organization",)}
# What "Unidentified" stands for is nobody's name.
NO_NAMES = {"Unidentified"}
# Three single letters stand by chance in millions of random bytes. Nobody is told by them either.
FEWEST_LETTERS = 5


@pytest.fixture(scope="module")
def names(shared_data: Path) -> list[str]:
    """Every name of the lists, but initials alone."""
    written = {row[column] for name, column in NAMES.items() for row in rows_of(shared_data, name)} - NO_NAMES
    long_enough = {name for name in written if sum(map(str.isalpha, name)) >= FEWEST_LETTERS}
    assert len(written - long_enough) <= 2
    assert len(long_enough) > 3500
    return sorted(long_enough)


@pytest.fixture(scope="module")
def secrets(shared_data: Path, names: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names, and texts of three words or more, without those that are words of Amparo itself.

    There are persons called like a place or like a word, and Amparo's own vocabularies have these words too: whether
    one got in with the import cannot be told. They are very few.
    """
    texts = {
        row[column]
        for name, columns in TEXTS.items()
        for row in rows_of(shared_data, name)
        for column in columns
        if len(row[column].split()) >= 3 or "://" in row[column]
    }
    empty = tmp_path_factory.mktemp("empty") / "store"
    run(empty, "import", "incidents", "nothing.csv", "--mapping", "cpj")
    ordinary = {leak.secret for leak in find_leaks(empty, {*names, *texts})}
    assert len(ordinary & set(names)) <= 10, len(ordinary)
    return sorted({*names, *texts} - ordinary)


def run(store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`./amparo` with a store of its own, as a person runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPARO_")}
    kept.pop("DATABASE_URL", None)
    kept |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "amparo.config.settings"}
    command = [sys.executable, "-m", "amparo", "--data-dir", str(store), *arguments]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_no_name_of_the_lists_is_in_any_file_of_the_store(
    shared_data: Path, tmp_path: Path, secrets: list[str]
) -> None:
    store = tmp_path / "store"
    run(store, "import", "incidents", "nothing.csv", "--mapping", "cpj")
    # Somebody reads all the while, so that the write-ahead log stays and is searched too.
    with sqlite3.connect(store / "amparo.sqlite3") as reader:
        reader.execute("SELECT count(*) FROM cases_incident").fetchall()
        said = ""
        for name, place in FILES.items():
            done = run(store, "import", "incidents", str(shared_data / place), "--mapping", name)
            assert done.returncode == 0, done.stderr
            said += done.stdout + done.stderr
        assert (store / "amparo.sqlite3-wal").stat().st_size > 1_000_000
        (tmp_path / "store" / "terminal.log").write_text(said)

        assert find_leaks(store, secrets) == []

        planted = secrets[len(secrets) // 2]
        (store / "releases").mkdir()
        (store / "releases" / "notes.csv").write_text(f"kept,{planted.upper()},by mistake")
        assert {leak.secret for leak in find_leaks(store, secrets)} == {planted}


@pytest.mark.django_db
@pytest.mark.slow
def test_no_name_of_the_lists_is_in_any_table(shared_data: Path, secrets: list[str]) -> None:
    institution = make_institution().institution
    for name, place in FILES.items():
        assert import_incidents(shared_data / place, load_mapping(name), institution).written

    assert find_leaks_in_database(secrets) == []

    institution.names = {"en": f"Institution of {secrets[0]}"}
    institution.save()
    assert {leak.secret for leak in find_leaks_in_database(secrets)} == {secrets[0]}


def test_no_name_of_the_lists_is_in_the_repository(names: list[str], tmp_path: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = tmp_path / "tracked"
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (tracked / name).parent.mkdir(parents=True, exist_ok=True)
            (tracked / name).symlink_to(ROOT / name)
    several_words = [name for name in names if len(name.split()) > 1]

    assert [leak for leak in find_leaks(tracked, several_words) if leak.secret not in PLACES] == []


def test_the_lists_hold_what_the_mappings_say(shared_data: Path) -> None:
    for name, place in FILES.items():
        with (shared_data / place).open(encoding="utf-8", newline="") as file:
            assert {NAMES[name], *TEXTS.get(name, ())} <= set(next(csv.reader(file)))
