"""Serving pages by granian: which port, how many workers, and saying so once somebody can come. No Django here.

The process that starts the workers does nothing else, so it is begun anew without what got the store ready: that takes
tens of megabytes for as long as the server runs.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from importlib import import_module
from typing import Any, NoReturn

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

FIRST_PORT = 8000
PORTS_TRIED = 100
# Some of them wait: for the database, or for their turn to stretch a receipt.
THREADS_OF_A_WORKER = 8
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    return host in _LOOPBACK or host.startswith("127.")


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. Raises PermissionError for a port that needs more rights."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def next_free(host: str, first: int) -> int | None:
    """The first free port from `first` on, or None."""
    return next((port for port in range(first, min(first + PORTS_TRIED, 65536)) if is_free(host, port)), None)


def address_of(host: str, port: int) -> str:
    """Where somebody at this machine finds what is served."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else shown}:{port}/"  # noqa: S104  (compared, not bound)


def become_server(host: str, port: int, workers: int, greeting: str) -> NoReturn:
    """Serve until Ctrl-C, as this same process begun anew. `greeting` is said once the first page has been answered."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-P", "-m", "amparo.config.serving", host, str(port), str(workers), greeting]
    os.execv(sys.executable, command)  # noqa: S606  (this program, without a shell)


def serve_pages(host: str, port: int, workers: int, greeting: str) -> None:
    """Serve until Ctrl-C."""
    # Workers begin afresh: what this process has open (connections, threads) must not be theirs too.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_tell_when_up, args=(address_of(host, port), greeting), daemon=True).start()
    Server(
        "amparo.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_OF_A_WORKER,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        # Requests are not logged: a log of who asked for what is a list of defenders.
        log_access=False,
    ).serve(target_loader=load_application)


def load_application(target: str) -> Any:
    """In a worker: the WSGI application that `target` names. One of the workers of a store does its background work."""
    # Ctrl-C reaches everything in the terminal's group, and the server tells its workers as well: once is enough.
    os.setpgrp()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    module, _, name = target.partition(":")
    application = getattr(import_module(module), name)
    import_module("amparo.config.background").start_background()
    return application


def default_workers() -> int:
    """One process for each core, four at most: more would wait for the same database."""
    return max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def _end_with(server: int) -> None:
    # A server that was killed cannot tell its workers, and they would hold the port.
    while os.getppid() == server:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _tell_when_up(address: str, greeting: str) -> None:
    # Straight to this machine, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        try:
            with opener.open(address, timeout=30):
                return click.echo(greeting, err=True)
        except urllib.error.HTTPError:
            # It answered, if with a refusal: what is wrong shows in the browser and on standard error.
            return click.echo(greeting, err=True)
        except OSError:
            time.sleep(0.1)
    return click.echo("The server does not answer.", err=True)


if __name__ == "__main__":
    serve_pages(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
