"""The folder of a demo: told from a real store by its mark, built beside its place, removed whole. No Django here."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "demo.json"


class DemoRefused(Exception):
    """The folder cannot be used for a demo. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_demo_store(folder: Path) -> bool:
    """Whether `folder` was made, whole, by the demo."""
    try:
        marked = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marked, dict) and marked.get("made by") == "amparo demo"


def check_place(folder: Path) -> None:
    """Raises DemoRefused where `folder` holds anything that the demo did not make."""
    if is_demo_store(folder) or not folder.exists():
        return
    if not folder.is_dir():
        raise DemoRefused("not-a-folder")
    if any(folder.iterdir()):
        raise DemoRefused("not-a-demo")


@contextmanager
def draft_of(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[Path | None]:
    """An empty folder beside `folder` to build a demo in; None where another start has finished it meanwhile.

    On leaving without an error it becomes `folder`, at once and whole. One that was killed is cleared away here.
    `waiting` is called where another start is building it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.demo-draft")
    descriptor = _take_draft(draft, waiting)
    try:
        if is_demo_store(folder):
            draft.rmdir()
            yield None
            return
        try:
            yield draft
            (draft / MARK).write_text(json.dumps({"made by": "amparo demo"}), encoding="utf-8")
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    finally:
        os.close(descriptor)


def remove_demo(folder: Path) -> None:
    """Remove the demo in `folder`. Raises DemoRefused where it is not one, or is being served."""
    if not is_demo_store(folder):
        raise DemoRefused("not-a-demo")
    descriptor = _lock(folder / MARK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if descriptor is None:
        raise DemoRefused("in-use")
    try:
        # Out of its place at once; if this is killed, no half of a demo is left there.
        folder.rename(folder.with_name(f"{_removed(folder)}{os.getpid()}"))
        for removed in folder.parent.glob(f"{_removed(folder)}*"):
            shutil.rmtree(removed, ignore_errors=True)
    finally:
        os.close(descriptor)


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep `folder` from being removed while it is served; several may serve it."""
    descriptor = os.open(folder / MARK, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        # The server begins its process anew, and goes on holding it.
        os.set_inheritable(descriptor, True)
        yield
    finally:
        os.close(descriptor)


def _removed(folder: Path) -> str:
    return f".{folder.name}.demo-removed-"


def _take_draft(draft: Path, waiting: Callable[[], None]) -> int:
    """A descriptor that holds `draft`, which is made, and empty."""
    while True:
        draft.mkdir(mode=0o700, exist_ok=True)
        descriptor = _lock(draft, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if descriptor is None:
            waiting()
            descriptor = _lock(draft, fcntl.LOCK_EX)
        if descriptor is not None:
            break
    for left in draft.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
    return descriptor


def _lock(place: Path, how: int) -> int | None:
    """A descriptor that holds `place`; None where it is gone or elsewhere, or held while `how` does not wait."""
    try:
        descriptor = os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, how)
        if os.path.samestat(os.fstat(descriptor), place.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
