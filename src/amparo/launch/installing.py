"""How packages come into the environment: by uv where it is there, else by pip; both check every hash.

Neither is told where packages come from: they use what this machine is set up for. Only the standard library here.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9][\w.\[\]-]*==[^\s;\\]+(?:\s*;[^\\]*)?)", re.MULTILINE)
_COLLECTING = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
# What the tools say when they cannot reach the place that packages come from.
_NETWORK = re.compile(
    r"name resolution|NameResolution|resolve host|NewConnection|ConnectTimeout|ReadTimeout"
    r"|Connection ?(?:refused|reset)|Network is unreachable|ProxyError"
    r"|Cannot connect to proxy|dns error|error sending request|Failed to fetch"
    r"|Could not connect|timed out|SSLError|CERTIFICATE_VERIFY|No matching distribution found|not found in the"
    r"|No solution found|network connectivity is disabled|no index",
    re.IGNORECASE,
)
_HASH = re.compile(r"DO NOT MATCH THE HASHES|hash mismatch|Hash mismatch", re.IGNORECASE)
_SPACE = re.compile(r"No space left on device|os error 28|Disk quota exceeded", re.IGNORECASE)
_NO_VENV = re.compile(r"ensurepip is not|No module named '?(?:venv|ensurepip)|python3[\d.]*-venv", re.IGNORECASE)
# Settings that would put the packages anywhere but into the environment.
_MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "VIRTUAL_ENV")

Report = Callable[[str, int, int], None]


class NotInstalled(Exception):
    """The tools gave up. `code` is one of `words.WORDS`; `reason` their own words for it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


def count_packages(files: Sequence[Path]) -> int:
    """How many packages `files` pin, those for other systems included."""
    return len({pinned for file in files for pinned in _PINNED.findall(file.read_text(encoding="utf-8"))})


def make_empty(folder: Path, lock: int) -> None:
    """An environment without packages in `folder`, in place of what is there. Raises NotInstalled."""
    _remove(folder)
    if uv := shutil.which("uv"):
        try:
            _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], lock)
            return
        except NotInstalled:
            # Python's own way does as well.
            _remove(folder)
    _run([sys.executable, "-m", "venv", str(folder)], lock)


def install(folder: Path, files: Sequence[Path], lock: int, report: Report) -> None:
    """Put what `files` pin into the environment in `folder`, and nothing else. Raises NotInstalled."""
    total = count_packages(files)
    python = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        report("", 0, total)
        _run([uv, "pip", "sync", "--require-hashes", "--python", python, *map(str, files)], lock)
        return
    command = [python, "-m", "pip", "install", "--require-hashes", "--no-input", "--no-color", "--progress-bar", "off"]
    seen: set[str] = set()
    for line in _lines([*command, *(word for file in files for word in ("-r", str(file)))], lock):
        if line.startswith("Ignoring "):
            total -= 1
        elif found := _COLLECTING.match(line):
            seen.add(found[1])
            report(found[1], len(seen), total)
        elif line.startswith("Installing collected"):
            report("", total, total)


def _remove(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _run(command: Sequence[str], lock: int) -> None:
    for _ in _lines(command, lock):
        pass


def _lines(command: Sequence[str], lock: int) -> Iterator[str]:
    """The lines that `command` prints, as they come. Raises NotInstalled where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    environment |= {"PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "LC_ALL": "C.UTF-8"}
    heard: list[str] = []
    # The lock goes along: where the launcher is killed, the next start waits until its installer has ended.
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        pass_fds=(lock,),
    ) as running:
        assert running.stdout is not None  # noqa: S101  (a pipe was asked for)
        for line in running.stdout:
            heard.append(line.rstrip())
            yield heard[-1]
    if running.returncode:
        raise _refusal(heard)


def _refusal(heard: Sequence[str]) -> NotInstalled:
    said = [line for line in heard if line.strip()]
    for code, pattern in (
        ("no-space", _SPACE),
        ("wrong-hash", _HASH),
        ("no-venv", _NO_VENV),
        ("no-network", _NETWORK),
    ):
        # The last such line says most: before it come retries.
        line = next((line for line in reversed(said) if pattern.search(line)), None)
        if line is not None:
            return NotInstalled(code, line.strip()[:300])
    return NotInstalled("failed", "\n".join(said[-12:]))
