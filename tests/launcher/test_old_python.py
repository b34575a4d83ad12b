"""An old Python reads the launcher, and says in clear words that it is too old, or finds a newer one."""

import ast
import os
import sys
from collections import namedtuple
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

LAUNCHER = Path(__file__).resolve().parents[2] / "amparo"
Version = namedtuple("Version", "major minor micro releaselevel serial")


@pytest.fixture
def launcher(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher, read by a Python that calls itself 3.9."""
    loader = SourceFileLoader("launcher", str(LAUNCHER))
    spec = spec_from_loader("launcher", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(sys, "version_info", Version(3, 9, 2, "final", 0))
    monkeypatch.setattr(sys, "version", "3.9.2 (default)")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return module


def test_its_syntax_is_that_of_old_pythons() -> None:
    ast.parse(LAUNCHER.read_text(encoding="utf-8"), feature_version=(3, 4))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "Amparo needs Python 3.11 or later; this is Python 3.9.2"),
        ("fr_FR.UTF-8", "Amparo a besoin de Python 3.11"),
        ("es_CO.UTF-8", "Amparo necesita Python 3.11"),
        ("ar_EG.UTF-8", "يحتاج Amparo إلى Python 3.11"),
        ("C", "Amparo needs Python 3.11"),
    ],
)
def test_without_a_newer_one_it_says_what_to_install(
    launcher: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    language: str,
    words: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LANG", language)

    status = launcher.main()

    told = capfd.readouterr().err
    assert status == 1
    assert words in told
    assert "apt-get install python3" in told


def test_a_newer_one_on_the_path_takes_over(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")  # as pyenv's, where it is not set
    (tmp_path / "python3.13").chmod(0o755)
    (tmp_path / "python3.12").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sys, "argv", ["./amparo", "help", "environment"])
    taken: list[object] = []

    def become(path: str, arguments: list[str]) -> None:
        taken.extend([path, arguments])
        raise SystemExit

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(SystemExit):
        launcher.main()

    newer = str(tmp_path / "python3.12")
    assert taken == [newer, [newer, str(LAUNCHER), "help", "environment"]]
