"""`./amparo import`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext, ngettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from amparo.exchange.draft_mapping import draft_mapping as draft
from amparo.exchange.importing import Outcome, Summary, import_incidents
from amparo.exchange.importing import Progress as Report
from amparo.exchange.mapping import load_mapping
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused
from amparo.institutions.models import Institution
from amparo.vocabularies.catalogue import get_vocabulary

_PROBLEMS_SHOWN = 50


@click.group(name="import")
def import_() -> None:
    """Bring records in from files."""


@import_.command(name="incidents")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, help="A shipped mapping's name, or a TOML file.")
@click.option("--institution", help="Code of the institution that documents; needed where there are several.")
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--partial", is_flag=True, help="Import the good rows; write the bad ones to a file to be mended.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where --partial puts the bad rows.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def incidents(
    file: Path,
    mapping: str,
    institution: str | None,
    sheet: str | None,
    dry_run: bool,
    partial: bool,
    rejected: Path | None,
    as_json: bool,
) -> None:
    """Import incidents from FILE (CSV or XLSX)."""
    try:
        with _progress(quiet=as_json) as report:
            outcome = import_incidents(
                file,
                load_mapping(mapping),
                _institution(institution),
                sheet=sheet,
                dry_run=dry_run,
                partial=partial,
                rejected_file=rejected,
                progress=report,
            )
    except FileRefused as refused:
        _refuse(describe(refused.problem), refused.problem.code, as_json)
    else:
        _answer(outcome, dry_run, partial, as_json)


@import_.command(name="draft-mapping")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
def draft_mapping(file: Path, sheet: str | None) -> None:
    """Draft a mapping from FILE: TOML, to be read and mended."""
    try:
        click.echo(draft(file, sheet), nl=False)
    except FileRefused as refused:
        _refuse(describe(refused.problem), refused.problem.code, False)


def _institution(code: str | None) -> Institution:
    codes = list(Institution.objects.order_by("code").values_list("code", flat=True))
    if code is None and len(codes) == 1:
        code = codes[0]
    if code is None:
        raise FileRefused("which-institution", codes=", ".join(codes))
    if code not in codes:
        raise FileRefused("no-such-institution", code=code, codes=", ".join(codes))
    return Institution.objects.select_related("key_pair").get(code=code)


def _answer(outcome: Outcome, dry_run: bool, partial: bool, as_json: bool) -> None:
    refused = bool(outcome.problems) and not partial
    if as_json:
        click.echo(json.dumps(_as_json(outcome, dry_run), ensure_ascii=False))
    else:
        for line in _summary_lines(outcome.summary):
            click.echo(line)
        if dry_run:
            click.echo(gettext("Dry run: nothing was written."))
    for problem in outcome.problems[:_PROBLEMS_SHOWN]:
        click.echo(describe(problem), err=True)
    left = len(outcome.problems) - _PROBLEMS_SHOWN
    if left > 0:
        click.echo(ngettext("… and %(n)s more.", "… and %(n)s more.", left) % {"n": left}, err=True)
    if outcome.summary.changed:
        numbers = ", ".join(map(str, outcome.summary.changed[:20]))
        told = gettext("These rows are in the store with other content, and were left as they are: %(rows)s.")
        click.echo(told % {"rows": numbers}, err=True)
    if outcome.rejected_file:
        told = gettext("The bad rows are in %(file)s. It holds them in clear: mend it, import it, delete it.")
        click.echo(told % {"file": outcome.rejected_file}, err=True)
    if refused:
        click.echo(gettext("Nothing was imported. Mend the rows above, or use --partial."), err=True)
        raise SystemExit(1)


def _summary_lines(summary: Summary) -> Iterator[str]:
    yield ngettext("%(n)s row read", "%(n)s rows read", summary.rows) % {"n": summary.rows}
    yield ngettext("%(n)s incident", "%(n)s incidents", summary.incidents) % {"n": summary.incidents}
    yield ngettext("%(n)s victim", "%(n)s victims", summary.victims) % {"n": summary.victims}
    yield ngettext("%(n)s act", "%(n)s acts", summary.acts) % {"n": summary.acts}
    told = ngettext("%(n)s was there already", "%(n)s were there already", summary.already_there)
    yield told % {"n": summary.already_there}
    if summary.first_date and summary.last_date:
        yield f"{summary.first_date} – {summary.last_date}"
    number = len(summary.countries)
    yield ngettext("%(n)s country", "%(n)s countries", number) % {"n": number}
    for vocabulary, counts in (
        ("sex", summary.by_sex),
        ("defender-profiles", summary.by_profile),
        ("information-status", summary.by_status),
        ("date-precision", summary.by_date_precision),
    ):
        terms = get_vocabulary(vocabulary)
        told = " · ".join(f"{code} {count}" for code, count in counts.most_common())
        yield f"{terms.title('en')}: {told}"


def _as_json(outcome: Outcome, dry_run: bool) -> dict[str, Any]:
    summary = outcome.summary
    return {
        "written": outcome.written,
        "dry_run": dry_run,
        "rows": summary.rows,
        "incidents": summary.incidents,
        "victims": summary.victims,
        "acts": summary.acts,
        "already_there": summary.already_there,
        "changed": summary.changed,
        "rejected": summary.rejected,
        "first_date": summary.first_date and summary.first_date.isoformat(),
        "last_date": summary.last_date and summary.last_date.isoformat(),
        "countries": len(summary.countries),
        "by_sex": dict(summary.by_sex),
        "by_profile": dict(summary.by_profile),
        "by_status": dict(summary.by_status),
        "by_date_precision": dict(summary.by_date_precision),
        "rejected_file": outcome.rejected_file and str(outcome.rejected_file),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "code": problem.code,
                "message": describe(problem),
                "nearest": list(problem.nearest),
            }
            for problem in outcome.problems
        ],
    }


def _refuse(message: str, code: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"written": False, "error": {"code": code, "message": message}}, ensure_ascii=False))
    raise click.ClickException(message)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Report]:
    console = Console(stderr=True, quiet=quiet)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(gettext("Reading"), total=None)
        yield lambda rows: bar.update(task, completed=rows)
