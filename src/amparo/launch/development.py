"""`./amparo test`, `check` and `bench`: what is run in a checkout, with the packages of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from amparo.launch.temporary_postgres import NoPostgres, temporary_postgres

ROOT = Path(__file__).resolve().parents[3]
NOTHING_COLLECTED = 5
# A file of tests stays in one process: its tests may share a server or a store that took long to make.
PROCESSES = "2"
_LISTED = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", ("ruff", "check", ".", "amparo")),
    ("format", ("ruff", "format", "--check", ".", "amparo")),
    ("types", ("mypy", "src")),
    ("layers", ("lint-imports",)),
    ("templates", ("djade", "--check", "--target-version", "5.2", "*.html")),
    ("migrations", ("python", "-m", "django", "makemigrations", "--check", "--dry-run")),
    ("message catalogues", ("python", "-m", "amparo.ui.catalogue_check")),
    ("tracked files", ("python", "-m", "amparo.launch.tracked_files")),
)


@click.command(name="test", context_settings={"ignore_unknown_options": True})
@click.option("--sqlite-only", is_flag=True, help="Leave the second run, on PostgreSQL, out.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_tests(sqlite_only: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests; ARGUMENTS go to pytest.

    All of them on SQLite; then those that touch the database on PostgreSQL, save slow ones (-m slow runs these on
    both): on that of DATABASE_URL where it is set, else on a server of this machine's, started for the run.
    """
    url = os.environ.get("DATABASE_URL")
    with TemporaryDirectory(prefix="amparo-tests-") as kept:
        statuses = [_pytest(arguments, None, kept)]
        if not sqlite_only:
            if url:
                statuses.append(_pytest(arguments, url, kept))
            else:
                try:
                    with temporary_postgres() as started:
                        statuses.append(_pytest(arguments, started, kept))
                except NoPostgres as refused:
                    raise click.ClickException(str(refused)) from None
    # With ARGUMENTS that name no test of the database, the second run has nothing to do.
    if arguments and statuses[0] == 0 and statuses[1:] == [NOTHING_COLLECTED]:
        statuses.pop()
    sys.exit(next((status for status in statuses if status), 0))


@click.command(name="check")
def run_checks() -> None:
    """Lint, format, types, layers, templates, migrations and tracked files: everything but the tests."""
    failed = [name for name, command in CHECKS if not _check(name, command)]
    if failed:
        raise click.ClickException(f"These checks failed: {', '.join(failed)}.")


@click.command(name="bench", context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_bench(name: str | None, arguments: tuple[str, ...]) -> None:
    """Measure a figure; without NAME, list them. The last line is one JSON object: the figure, and whether it holds."""
    known = sorted(path.name for path in (ROOT / "bench").iterdir() if path.is_file() and os.access(path, os.X_OK))
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        raise click.UsageError(f"There is no figure {name!r}. There are: {', '.join(known)}.")
    command = [str(ROOT / "bench" / name), *arguments]
    if (ROOT / "bench" / name).read_bytes()[:64].partition(b"\n")[0].endswith(b"python3"):
        command.insert(0, sys.executable)
    sys.exit(subprocess.run(command, env=_environment(), check=False).returncode)  # noqa: S603


def _pytest(arguments: Sequence[str], database_url: str | None, kept: str) -> int:
    """Run pytest; in the folder `kept` the first run leaves for the second what took it long to make."""
    variables = _environment() | {"AMPARO_TEST_KEPT": kept}
    variables.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", "-n", PROCESSES, "--dist", "loadfile", *arguments]
    if database_url:
        variables["DATABASE_URL"] = database_url
        command += ["--storage-only", "--migrations"]
        # What is slow is run once; with -m, as it is asked for.
        if "-m" not in arguments:
            command += ["-m", "not slow"]
    click.echo(f"Tests on {'PostgreSQL' if database_url else 'SQLite'}", err=True)
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode  # noqa: S603


def _check(name: str, command: tuple[str, ...]) -> bool:
    started = time.monotonic()
    words = [word for each in command for word in (_listed(each) if each.startswith("*") else [each])]
    program = Path(sys.executable).parent / words[0]
    variables = _environment() | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    done = subprocess.run(  # noqa: S603
        [str(program), *words[1:]], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    click.echo(
        f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", err=True
    )
    if done.returncode:
        click.echo(done.stdout + done.stderr, err=True)
    return done.returncode == 0


def _listed(pattern: str) -> list[str]:
    found = subprocess.run([*_LISTED, "--", pattern], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return [line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(ROOT / "src")}
