"""The environment in `.venv`: made on first use, made anew when the packages or Python change, complete or not used.

`requirements/*.txt` and the version of Python give a key; a mark with the key is written last. An environment without
the mark was killed on its way, and is made anew. Only the standard library here.
"""

import errno
import fcntl
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from amparo.launch.installing import NotInstalled, count_packages, install, make_empty
from amparo.launch.words import say, words

FOLDER = ".venv"
MARK = "amparo.json"
BASE = ("requirements/base.txt",)
DEVELOPMENT = (*BASE, "requirements/dev.txt")
NEEDED_MEGABYTES = {BASE: 800, DEVELOPMENT: 1300}


class EnvironmentRefused(Exception):
    """The environment cannot be made; the text says why and what to do."""


def ready_environment(root: Path, *, development: bool) -> Path:
    """The Python of the environment under `root`, which is made first where it is not complete.

    With `development` the packages of the tests are in it too. Raises EnvironmentRefused.
    """
    files = DEVELOPMENT if development else BASE
    if not _is_complete(root, files):
        if not os.access(root, os.W_OK):
            raise EnvironmentRefused(words("read-only", folder=root))
        with _locked(root) as lock:
            # Somebody may have made it while this start waited.
            if not _is_complete(root, files):
                _make(root, files, lock)
    return root / FOLDER / "bin" / "python"


def _make(root: Path, files: tuple[str, ...], lock: int) -> None:
    folder, started = root / FOLDER, time.monotonic()
    marked = _read_mark(root)
    adding = files == DEVELOPMENT and _is_complete(root, BASE)
    if adding:
        say(words("adding-checks", folder=folder))
    else:
        say(words("changed" if marked else "first-start", folder=folder))
    _check_room(root, files)
    (folder / MARK).unlink(missing_ok=True)
    requirements = [root / file for file in files]
    try:
        if not adding:
            say(words("step-environment", version=_python_version()))
            make_empty(folder, lock)
        say(words("step-packages", total=count_packages(requirements)))
        with _status_line() as report:
            install(folder, requirements, lock, report)
        draft = folder / f".{MARK}"
        draft.write_text(json.dumps({file: _key(root, file) for file in files}, indent=1), encoding="utf-8")
        draft.rename(folder / MARK)
    except NotInstalled as refused:
        raise EnvironmentRefused(_explain(refused, root, files)) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EnvironmentRefused(_no_space(root, files)) from None
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise EnvironmentRefused(words("read-only", folder=root)) from None
        raise
    say(words("ready", seconds=round(time.monotonic() - started)))


def _explain(refused: NotInstalled, root: Path, files: tuple[str, ...]) -> str:
    if refused.code == "no-space":
        return _no_space(root, files)
    package = f"python{_python_version()}-venv"
    return words(refused.code, reason=refused.reason, package=package)


def _check_room(root: Path, files: tuple[str, ...]) -> None:
    if shutil.disk_usage(root).free < NEEDED_MEGABYTES[files] * 1_000_000:
        raise EnvironmentRefused(_no_space(root, files))


def _no_space(root: Path, files: tuple[str, ...]) -> str:
    free = shutil.disk_usage(root).free // 1_000_000
    return words("no-space", folder=root, free=free, needed=NEEDED_MEGABYTES[files])


def _is_complete(root: Path, files: tuple[str, ...]) -> bool:
    marked = _read_mark(root)
    return all(marked.get(file) == _key(root, file) for file in files) and os.access(
        root / FOLDER / "bin" / "python", os.X_OK
    )


def _read_mark(root: Path) -> dict[str, str]:
    try:
        marked = json.loads((root / FOLDER / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marked if isinstance(marked, dict) else {}


def _key(root: Path, file: str) -> str:
    python = f"{sys.implementation.name} {_python_version()}"
    return sha256((root / file).read_bytes() + python.encode()).hexdigest()


def _python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


@contextmanager
def _locked(root: Path) -> Iterator[int]:
    """Hold the lock of `root` while inside; the kernel lets go of it when its last holder ends, however it ends."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(words("waiting"))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _status_line() -> "Iterator[_StatusLine]":
    line = _StatusLine()
    try:
        yield line
    finally:
        line.clear()


class _StatusLine:
    """One line that is written over, on a terminal; elsewhere a line for every twenty packages."""

    def __init__(self) -> None:
        self.on_terminal = sys.stderr.isatty()

    def __call__(self, name: str, number: int, total: int) -> None:
        if not self.on_terminal and name and number % 20:
            return
        told = words("fetching", name=name, number=number, total=total) if name else words("unpacking", total=total)
        say(f"\r\033[K      {told}" if self.on_terminal else f"      {told}", end="" if self.on_terminal else "\n")

    def clear(self) -> None:
        if self.on_terminal:
            say("\r\033[K", end="")
