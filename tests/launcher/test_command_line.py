"""The command line: exit status 0 done, 1 refused with a reason, 2 wrong usage; where the data folder is."""

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from amparo.__main__ import COMMANDS
from amparo.config.environment import VARIABLES
from tests.launcher.serving import fetch, served

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str, **variables: str) -> tuple[list[str], dict[str, str]]:
    left = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "AMPARO_DATA_DIR")}
    words = [sys.executable, "-P", "-m", "amparo", *arguments]
    return words, left | {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"} | variables


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`./amparo ARGUMENTS` in the environment that the tests run in, on a store of its own."""
    words, environment = command(*arguments, **variables)
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)


def test_it_works(tmp_path: Path) -> None:
    done = run("stats", "--data-dir", str(tmp_path / "store"))

    assert done.returncode == 1
    assert "nothing to count yet" in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "store" / "amparo.sqlite3").exists()
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if not entry.hidden])
def test_each_command_tells_what_it_does(name: str, tmp_path: Path) -> None:
    done = run(name, "--help", AMPARO_DATA_DIR=str(tmp_path / "store"))
    helped = run("help", name, AMPARO_DATA_DIR=str(tmp_path / "store"))

    assert (done.returncode, helped.returncode) == (0, 0)
    assert f"Usage: ./amparo {name}" in done.stdout
    assert f"Usage: ./amparo {name}" in helped.stdout
    assert not (tmp_path / "store" / "amparo.sqlite3").exists()


def test_help_lists_the_commands_and_no_hidden_one() -> None:
    done = run("help")

    assert done.returncode == 0
    assert "demo" in done.stdout
    assert "seed-demo" not in done.stdout


def test_help_environment_lists_every_variable() -> None:
    done = run("help", "environment")

    assert all(name in done.stdout for name in VARIABLES)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["help", "no-such-command"],
        ["stats", "--no-such-option"],
        ["stats", "--data-dir"],
        ["bench", "no-such-figure"],
        ["demo", "--port", "70000"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, AMPARO_DATA_DIR=str(tmp_path))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_store_that_may_not_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    done = run("stats", "--data-dir", str(tmp_path / "file" / "store"))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_postgresql_is_refused(tmp_path: Path) -> None:
    done = run("stats", "--data-dir", str(tmp_path), DATABASE_URL="mysql://localhost/amparo")

    assert done.returncode == 1
    assert "postgresql://" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://amparo:an-invented-secret@/amparo?host={tmp_path}"

    done = run("stats", "--data-dir", str(tmp_path), DATABASE_URL=url)

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "an-invented-secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_the_first_import_sets_up_the_institution_and_shows_its_shares_once(tmp_path: Path, shared_data: Path) -> None:
    file = shared_data / "colombia-social-leaders" / "lideres_sociales_2016_2020.csv"
    words = ["import", "incidents", str(file), "--mapping", "colombia-social-leaders", "--json"]

    first = run(*words, "--data-dir", str(tmp_path / "store"))
    second = run(*words, "--data-dir", str(tmp_path / "store"))

    assert (first.returncode, second.returncode) == (0, 0)
    assert "recovery shares" in first.stderr
    assert first.stderr.count("Invitation") == 2
    assert "recovery shares" not in second.stderr
    assert json.loads(first.stdout)["victims"] == 424
    assert json.loads(second.stdout)["already_there"] == 424


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    run("stats", "--data-dir", str(tmp_path))
    change = (
        "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1]); connection.execute("
        "\"INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', '2030-01-01')\"); "
        "connection.commit()"
    )
    subprocess.run([sys.executable, "-c", change, str(tmp_path / "amparo.sqlite3")], check=True)

    done = run("stats", "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert "later version" in done.stderr


def test_two_first_starts_at_once_lay_one_store(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as at_once:
        done = list(at_once.map(lambda _: run("stats", "--data-dir", str(tmp_path / "store")), range(3)))

    assert [each.returncode for each in done] == [1, 1, 1]
    assert all("nothing to count yet" in each.stderr for each in done), done


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AMPARO_DEBUG": "1", "AMPARO_ALLOWED_HOSTS": "amparo.example"}, "AMPARO_DEBUG"),
        ({}, "AMPARO_ALLOWED_HOSTS"),
    ],
)
def test_a_server_that_others_must_not_reach_is_not_started(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    done = run("serve", "--host", "0.0.0.0", "--data-dir", str(tmp_path), **variables)

    assert done.returncode == 1
    assert words in done.stderr


def test_a_store_is_served_until_ctrl_c(tmp_path: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words, variables = command("serve", "--port", str(port), "--workers", "2", "--data-dir", str(tmp_path / "store"))

    with served(words, variables, r"Amparo is at (\S+)", tmp_path / "log") as shown:
        page = fetch(f"{shown.address}fr/account/sign-in/")

    assert shown.address == f"http://127.0.0.1:{port}/"
    assert 'lang="fr"' in page


def test_the_figures_are_listed() -> None:
    done = run("bench")

    assert done.returncode == 0
    assert done.stdout.split() == sorted(done.stdout.split())
