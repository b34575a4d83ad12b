"""Servers as a person starts and stops them: at a terminal, by Ctrl-C."""

import os
import re
import resource
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Served:
    """A server that answers; `processor_seconds` is what it took in all, known once it has stopped."""

    address: str
    told: str
    processor_seconds: float = 0.0


@contextmanager
def served(command: Sequence[str], variables: Mapping[str, str], says: str, log: Path) -> Iterator[Served]:
    """Run `command` until leaving; inside, it has said its address (the first group of `says`)."""
    started, before = time.monotonic(), _processor_seconds()
    with log.open("w") as said:
        running = subprocess.Popen(
            command, env=variables, stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            while not (found := re.search(says, log.read_text(encoding="utf-8"))):
                assert running.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() - started < 900, log.read_text(encoding="utf-8")
                time.sleep(0.05)
            # A greeting is written line by line.
            time.sleep(0.2)
            shown = Served(found[1], log.read_text(encoding="utf-8"))
            yield shown
        finally:
            # As a terminal does: to everything in the group.
            os.killpg(running.pid, signal.SIGINT)
            try:
                status = running.wait(timeout=30)
            finally:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGKILL)
        shown.processor_seconds = _processor_seconds() - before
        assert status == 0, log.read_text(encoding="utf-8")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fetch(address: str) -> str:
    """The page at `address`, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=60) as answer:
        return answer.read().decode()
