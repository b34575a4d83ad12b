"""The worker beside the server: sends what waits in the queue, and does the recurring duties. One an installation.

A thread of each of the server's processes: it ends with it, however that ends. Several processes and servers of one
installation may run; the one that holds the lock works, and another takes over when it is gone.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django_tasks.base import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from amparo.config.duties import DUTIES, SOON

LOOK_SECONDS = 5.0
DUTY_SECONDS = 3600.0
SOON_SECONDS = 180.0
_DATABASE_LOCK = 0x616D776F726B
_LOG = logging.getLogger(__name__)


def start_background() -> threading.Thread:
    """Work beside the server until this process ends."""
    thread = threading.Thread(target=work, name="amparo-background", daemon=True)
    thread.start()
    return thread


def work(stop: threading.Event | None = None, *, look_seconds: float = LOOK_SECONDS) -> None:
    """Work until `stop`. No error ends it: what failed is named on standard error, never with what it was about."""
    stop = stop or threading.Event()
    lock, duties_at, soon_at = OnlyWorker(settings.DATA_DIR), 0.0, 0.0
    while not stop.is_set():
        try:
            if lock.is_held():
                run_queue()
                if time.monotonic() >= soon_at:
                    soon_at = time.monotonic() + SOON_SECONDS
                    do_duties(SOON)
                if time.monotonic() >= duties_at:
                    duties_at = time.monotonic() + DUTY_SECONDS
                    do_duties()
        except Exception as error:
            _LOG.error("The worker beside the server failed (%s), and goes on.", type(error).__name__)
        finally:
            close_old_connections()
        stop.wait(look_seconds)
    lock.release()
    connection.close()


def run_queue() -> int:
    """Run every task whose time has come. How many."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id="background",
        excluded_queue_names=[],
    )
    done = 0
    # Not by the library's own loop: it locks the whole of SQLite at each look, and closes connections in between.
    while task := _take_task(worker.worker_id):
        worker.run_task(task)
        done += 1
    if done:
        _tidy_up()
    return done


def do_duties(duties: Sequence[Callable[[], int]] = DUTIES) -> None:
    """Do each duty; one that fails keeps no other from being done."""
    for duty in duties:
        try:
            duty()
        except Exception as error:
            _LOG.error("The duty %s failed (%s), and will be tried again.", duty.__name__, type(error).__name__)


def _take_task(worker: str) -> DBTaskResult[Any, Any] | None:
    if not DBTaskResult.objects.ready().exists():
        return None
    with transaction.atomic():
        task: DBTaskResult[Any, Any] | None = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(worker)
    return task


def _tidy_up() -> None:
    """Forget tasks that went well; of the others keep which and why, without a traceback that may carry values."""
    DBTaskResult.objects.successful().delete()
    for failed in DBTaskResult.objects.failed().exclude(traceback=""):
        _LOG.error("The task %s failed (%s).", failed.task_path, failed.exception_class_path)
        failed.traceback = ""
        failed.save(update_fields=["traceback"])


class OnlyWorker:
    """The right to be the one worker: a lock on a file of the data folder, and on PostgreSQL one of the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None
        self._database: psycopg.Connection | None = None

    def is_held(self) -> bool:
        """Whether this is the one; taken now where it is free: what a killed worker had begun is then ready again."""
        if self._descriptor is not None and self._still_in_database():
            return True
        self.release()
        if not self._take():
            self.release()
            return False
        DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(status=TaskResultStatus.READY)
        return True

    def release(self) -> None:
        """Let another work."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self) -> bool:
        self._descriptor = os.open(self._folder / "background.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if connection.vendor != "postgresql":
            return True
        # A connection of its own: the lock lives as long as it, and Django closes its own between two looks.
        wanted = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
        self._database = psycopg.connect(**wanted, connect_timeout=10, autocommit=True)
        row = self._database.execute("SELECT pg_try_advisory_lock(%s)", [_DATABASE_LOCK]).fetchone()
        return row is not None and bool(row[0])

    def _still_in_database(self) -> bool:
        if self._database is None:
            return connection.vendor != "postgresql"
        try:
            self._database.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True
