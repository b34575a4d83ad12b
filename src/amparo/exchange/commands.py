"""`./amparo import`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.db import DatabaseError
from django.utils.translation import gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from amparo.exchange.draft_mapping import draft_mapping as draft
from amparo.exchange.imported_rows import Progress as Report
from amparo.exchange.importing import Outcome, import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused
from amparo.exchange.report import as_json as outcome_as_json
from amparo.exchange.report import problem_lines, read_as_line, summary_lines
from amparo.institutions.models import Institution

_ROWS_BETWEEN_LINES = 10_000


@click.group(name="import")
def import_() -> None:
    """Bring records in from files."""


@import_.command(name="incidents")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, help="A shipped mapping's name, or a TOML file.")
@click.option("--institution", help="Code of the institution that documents; needed where there are several.")
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
@click.option("--encoding", help="Encoding of a CSV file; otherwise found out, and told.")
@click.option("--dataset", help="Code to keep them under instead of the mapping's: for a second copy of a list.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--partial", is_flag=True, help="Import the good rows; write the bad ones to a file to be mended.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where --partial puts the bad rows.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def incidents(
    file: Path,
    mapping: str,
    institution: str | None,
    dataset: str | None,
    sheet: str | None,
    encoding: str | None,
    dry_run: bool,
    partial: bool,
    rejected: Path | None,
    as_json: bool,
) -> None:
    """Import incidents from FILE (CSV or XLSX): all of them, or none."""
    try:
        if rejected is not None and not partial:
            raise FileRefused("rejected-needs-partial")
        with _progress(quiet=as_json) as report:
            outcome = import_incidents(
                file,
                load_mapping(mapping, dataset),
                _institution_to_import_for(institution, dry_run),
                sheet=sheet,
                encoding=encoding,
                dry_run=dry_run,
                partial=partial,
                rejected_file=rejected,
                progress=report,
            )
    except FileRefused as refused:
        refuse(refused, as_json)
    except DatabaseError:
        # Its text could quote what was being written.
        refuse(FileRefused("store-not-writable"), as_json)
    else:
        _answer(outcome, dry_run, partial, as_json)


@import_.command(name="draft-mapping")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
@click.option("--encoding", help="Encoding of a CSV file; otherwise found out.")
def draft_mapping(file: Path, sheet: str | None, encoding: str | None) -> None:
    """Draft a mapping from FILE: TOML, to be read and mended."""
    try:
        click.echo(draft(file, sheet, encoding), nl=False)
    except FileRefused as refused:
        refuse(refused, False)


def find_institution(code: str | None) -> Institution:
    """The institution with that code; without one, the only one that there is. Raises `FileRefused`."""
    codes = list(Institution.objects.order_by("code").values_list("code", flat=True))
    if not codes:
        raise FileRefused("no-institution")
    if code is None and len(codes) == 1:
        code = codes[0]
    if code is None:
        raise FileRefused("which-institution", codes=", ".join(codes))
    if code not in codes:
        raise FileRefused("no-such-institution", code=code, codes=", ".join(codes))
    return Institution.objects.select_related("key_pair").get(code=code)


def _institution_to_import_for(code: str | None, dry_run: bool) -> Institution | None:
    """The same; None for a dry run into a store that has no institution yet, and gets none by it."""
    if dry_run and code is None and not Institution.objects.exists():
        return None
    return find_institution(code)


def _answer(outcome: Outcome, dry_run: bool, partial: bool, as_json: bool) -> None:
    refused = bool(outcome.problem_count) and not partial
    if as_json:
        click.echo(json.dumps(outcome_as_json(outcome, dry_run=dry_run), ensure_ascii=False))
    elif not refused:
        for line in summary_lines(outcome):
            click.echo(line)
        if dry_run:
            click.echo(gettext("Dry run: nothing was written."))
    if refused:
        # Most of what is wrong with a whole column is how the file was read.
        click.echo(read_as_line(outcome.read_as), err=True)
    for line in problem_lines(outcome):
        click.echo(line, err=True)
    if refused:
        click.echo(gettext("Nothing was imported. Mend the rows above, or use --partial."), err=True)
        raise SystemExit(1)


def refuse(refused: FileRefused, as_json: bool) -> None:
    """Say what was refused, and end with an error."""
    problem = refused.problem
    if as_json:
        error = {"code": problem.code, "message": describe(problem)}
        click.echo(json.dumps({"written": False, "error": error}, ensure_ascii=False))
    raise click.ClickException(describe(problem))


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Report]:
    """A bar on a terminal; elsewhere a line now and then, or nothing where `quiet`."""
    console = Console(stderr=True)
    told = {"checking": gettext("Checking"), "recording": gettext("Sealing and writing")}
    if not console.is_terminal:

        def say(step: str, done: int, total: int | None) -> None:
            if not quiet and done and done % _ROWS_BETWEEN_LINES == 0:
                click.echo(f"{told[step]}: {done}" + (f" / {total}" if total else ""), err=True)

        yield say
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(told["checking"], total=None)
        yield lambda step, done, total: bar.update(task, description=told[step], completed=done, total=total)
