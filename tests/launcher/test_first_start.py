"""The first start: an environment is made, whole or not at all, and what keeps it from being made is said clearly."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from amparo.launch.environment import BASE, DEVELOPMENT, FOLDER, MARK, EnvironmentRefused, ready_environment
from amparo.launch.installing import count_packages
from amparo.launch.start import command_in
from amparo.launch.words import LANGUAGES, WORDS, words

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from pathlib import Path
from amparo.launch.environment import ready_environment
ready_environment(Path(sys.argv[1]), development=False)
"""
# What `python3 -m venv` prints on a Debian without the package.
WORDS_OF_DEBIAN = """The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python3.11-venv
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose list of packages is empty, so that its environment is made without fetching anything."""
    (tmp_path / "requirements").mkdir()
    for file in DEVELOPMENT:
        (tmp_path / file).write_text("# none\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def by_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without uv."""
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "uv" else found(name))


def start(checkout: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", START, str(checkout)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_works(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    python = ready_environment(checkout, development=False)

    assert subprocess.run([python, "-c", "import sys; sys.exit(sys.prefix == sys.base_prefix)"]).returncode == 0
    assert "First start" in capfd.readouterr().err


def test_the_second_start_makes_nothing(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ready_environment(checkout, development=False)
    made = (checkout / FOLDER / "pyvenv.cfg").stat().st_mtime_ns
    capfd.readouterr()

    ready_environment(checkout, development=False)

    assert (checkout / FOLDER / "pyvenv.cfg").stat().st_mtime_ns == made
    assert capfd.readouterr().err == ""


def test_it_is_made_anew_when_the_packages_change(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ready_environment(checkout, development=False)
    (checkout / BASE[0]).write_text("# none, but said otherwise\n", encoding="utf-8")

    ready_environment(checkout, development=False)

    assert "has changed" in capfd.readouterr().err


def test_the_packages_of_the_tests_are_added_when_tests_are_run(checkout: Path) -> None:
    ready_environment(checkout, development=False)
    before = json.loads((checkout / FOLDER / MARK).read_text(encoding="utf-8"))

    ready_environment(checkout, development=True)

    assert set(before) == set(BASE)
    assert set(json.loads((checkout / FOLDER / MARK).read_text(encoding="utf-8"))) == set(DEVELOPMENT)


def test_one_that_was_killed_half_way_is_made_anew(checkout: Path) -> None:
    killed = start(checkout)
    while not (checkout / FOLDER / "pyvenv.cfg").exists():
        assert killed.poll() is None
    killed.kill()
    killed.communicate()
    assert not (checkout / FOLDER / MARK).exists()

    python = ready_environment(checkout, development=False)

    assert (checkout / FOLDER / MARK).exists()
    # With uv there is no pip in it: that it starts is what tells that it is whole.
    assert subprocess.run([python, "-c", "pass"]).returncode == 0


def test_of_two_starts_at_once_one_waits(checkout: Path) -> None:
    running = [start(checkout), start(checkout)]

    told = [each.communicate(timeout=120) for each in running]

    assert [each.returncode for each in running] == [0, 0]
    assert sorted("Another start" in error for _, error in told) == [False, True]
    assert sorted("First start" in error for _, error in told) == [False, True]


def test_without_a_network_it_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch, by_pip: None) -> None:
    (checkout / BASE[0]).write_text(f"invented==1.0 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    # Nobody listens there.
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")

    with pytest.raises(EnvironmentRefused, match="needs the network"):
        ready_environment(checkout, development=False)

    assert not (checkout / FOLDER / MARK).exists()


def test_a_package_with_another_hash_is_not_installed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, by_pip: None, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path / "wheels")
    (checkout / BASE[0]).write_text(f"invented==1.0 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))

    with pytest.raises(EnvironmentRefused, match="not the one that was checked"):
        ready_environment(checkout, development=False)

    assert not list((checkout / FOLDER).glob("lib/*/site-packages/invented*"))


def test_a_python_without_venv_names_the_package_of_debian(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, by_pip: None, tmp_path: Path
) -> None:
    python = tmp_path / "python3"
    python.write_text(f"#!/bin/sh\ncat <<'END'\n{WORDS_OF_DEBIAN}\nEND\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(EnvironmentRefused, match=r"apt-get install python3\.\d+-venv"):
        ready_environment(checkout, development=False)


def test_a_full_disk_is_said_before_anything_is_made(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(checkout)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=5_000_000))

    with pytest.raises(EnvironmentRefused, match="not enough room.*5 MB left"):
        ready_environment(checkout, development=False)

    assert not (checkout / FOLDER).exists()


def test_a_folder_that_may_not_be_written_is_said(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may(path, mode))

    with pytest.raises(EnvironmentRefused, match="cannot write"):
        ready_environment(checkout, development=False)


@pytest.mark.parametrize("code", WORDS)
def test_everything_is_said_in_four_languages_with_the_same_details(code: str) -> None:
    details = {language: set(re.findall(r"{(\w+)}", text)) for language, text in WORDS[code].items()}

    assert set(details) == set(LANGUAGES)
    assert len({frozenset(each) for each in details.values()}) == 1


def test_it_speaks_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "es_CO.UTF-8")
    assert words("ready", seconds=3) == "Listo tras 3 s."

    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert words("ready", seconds=3) == "Ready after 3 s."


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["test", "-k", "x"], "test"),
        (["--data-dir", "bench", "stats"], "stats"),
        (["--data-dir=x", "bench"], "bench"),
        (["--help"], None),
        ([], None),
    ],
)
def test_the_command_is_found_among_the_arguments(arguments: list[str], command: str | None) -> None:
    assert command_in(arguments) == command


def test_the_real_lists_pin_each_package() -> None:
    base, all_of_them = (count_packages([ROOT / file for file in files]) for files in (BASE, DEVELOPMENT))

    assert 20 < base < all_of_them


def make_wheel(folder: Path) -> Path:
    """A wheel of an invented package that holds nothing."""
    folder.mkdir()
    wheel = folder / "invented-1.0-py3-none-any.whl"
    metadata = b"Metadata-Version: 2.1\nName: invented\nVersion: 1.0\n"
    record = base64.urlsafe_b64encode(hashlib.sha256(metadata).digest()).rstrip(b"=").decode()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("invented-1.0.dist-info/METADATA", metadata)
        archive.writestr(
            "invented-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("invented-1.0.dist-info/RECORD", f"invented-1.0.dist-info/METADATA,sha256={record},\n")
    return wheel
