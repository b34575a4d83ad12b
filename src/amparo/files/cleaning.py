"""Removing metadata from the server's side: a process for each file, fed and read by pipes, and not for long.

In clear the file is in the memory of that process only, and in pieces on the way.
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import amparo
from amparo.files.clean_video import Blanking, blank
from amparo.files.errors import NotCleaned
from amparo.files.kinds import Kind

LONGEST_SECONDS = 90.0
_PIECE = 65536
_CODE = re.compile(r"[a-z-]{1,40}")
_IN_PLACE = {"m4a", "mp4", "mov", "3gp", "heic"}
_NOT_CLEANED = 3
_MOST_PLAN_BYTES = 64 * 1024**2
# A process takes memory: two at a time are enough for an office, and the others wait.
_GATE = threading.BoundedSemaphore(2)

# Gives the bytes of a file from the beginning, each time that it is called.
Pieces = Callable[[], Iterable[bytes]]


def clean(pieces: Pieces, kind: Kind) -> Iterator[bytes]:
    """The bytes of a file without metadata, piece by piece. At any of them it may raise `NotCleaned`."""
    if not kind.cleaned:
        raise NotCleaned("kind-not-cleaned")
    if kind.code == "txt":
        # Nothing is in it but what can be read.
        return iter(pieces())
    if kind.code in _IN_PLACE:
        return blank(iter(pieces()), _plan(pieces, kind))
    return run(pieces(), kind.code)


def run(pieces: Iterable[bytes], task: str, most_seconds: float = LONGEST_SECONDS) -> Iterator[bytes]:
    """What `cleaning_process` makes of `pieces`. Raises `NotCleaned`, at the end at the latest."""
    with _GATE, _start(task) as process:
        over = threading.Timer(most_seconds, process.kill)
        over.start()
        feeder = _Feeder(process, pieces)
        feeder.start()
        try:
            assert process.stdout is not None  # noqa: S101  (asked for as a pipe)
            assert process.stderr is not None  # noqa: S101  (asked for as a pipe)
            while piece := process.stdout.read(_PIECE):
                yield piece
            said = process.stderr.read(100).decode("ascii", "replace").strip()
            status = process.wait()
        finally:
            over.cancel()
            process.kill()
            feeder.join(most_seconds)
            # What was left in its buffer has nowhere to go.
            with suppress(BrokenPipeError):
                process.stdin.close() if process.stdin else None
    if feeder.failed is not None:
        raise feeder.failed
    if status != 0:
        # Killed for its memory or its time, or by a fault that the file led it into.
        raise NotCleaned(said if status == _NOT_CLEANED and _CODE.fullmatch(said) else "too-much")


def _plan(pieces: Pieces, kind: Kind) -> Blanking:
    written = bytearray()
    for piece in run(pieces(), kind.code):
        written += piece
        if len(written) > _MOST_PLAN_BYTES:
            raise NotCleaned("too-large")
    plan = json.loads(bytes(written))
    return Blanking([(start, end) for start, end in plan["zeros"]], plan["free"])


def _start(task: str) -> "subprocess.Popen[bytes]":
    # Nothing of the server's environment goes along: it names the database and the mail server with their passwords.
    environment = {
        "PYTHONPATH": str(Path(amparo.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(  # noqa: S603  (a fixed program; `task` is a code of ours)
        [sys.executable, "-s", "-m", "amparo.files.cleaning_process", task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=os.path.abspath(os.sep),
    )


class _Feeder(threading.Thread):
    """Writes a file into the pipe while the other is read. `failed` says why it could not be read, if so."""

    def __init__(self, process: "subprocess.Popen[bytes]", pieces: Iterable[bytes]) -> None:
        super().__init__(name="amparo-cleaning", daemon=True)
        self.failed: Exception | None = None
        self._process, self._pieces = process, pieces

    def run(self) -> None:
        assert self._process.stdin is not None  # noqa: S101  (asked for as a pipe)
        try:
            for piece in self._pieces:
                self._process.stdin.write(piece)
            self._process.stdin.close()
        except BrokenPipeError:
            # It has ended, and says itself why.
            return
        except Exception as error:
            self.failed = error
            self._process.kill()
