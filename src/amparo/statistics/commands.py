"""`./amparo stats` and `./amparo release`."""

import csv
import json
import sys
from typing import Any

import click
from django.utils.translation import get_language, gettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.statistics.asking import Answer, QuestionRefused, answer, check_measure, read_dimensions, read_where
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note
from amparo.statistics.services import ReleaseRefused, publish_release, verify_release
from amparo.statistics.unseen_command import unseen


@click.group(invoke_without_command=True)
@click.option("--measure", default="victims", show_default=True, help="victims, acts or incidents.")
@click.option("--by", default="", help="Dimensions, comma-separated: sex,year.")
@click.option("--where", multiple=True, help="A filter: country=COL. May be given several times.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def stats(context: click.Context, measure: str, by: str, where: tuple[str, ...], form: str, as_json: bool) -> None:
    """Count in the store, as it is now.

    These are figures for inside the house: no disclosure control has passed over them. Publish with ./amparo release.
    """
    if context.invoked_subcommand:
        return
    try:
        found = answer(check_measure(measure), read_dimensions(by), read_where(where))
    except QuestionRefused as refused:
        raise click.ClickException(str(refused)) from None
    if as_json or form == "json":
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        return
    if form == "csv":
        _write_csv(found)
    else:
        _print_table(found)
    for line in _said_beside(found):
        click.echo(line, err=form == "csv")


stats.add_command(unseen)


def _rows(found: Answer) -> list[tuple[tuple[str, ...], int]]:
    return sorted(found.counts.cells.items())


def _as_json(found: Answer) -> dict[str, Any]:
    by = found.counts.by
    rows = [
        {name: int(code) if name == "year" and code.isdigit() else code for name, code in zip(by, cell, strict=True)}
        | {found.measure: number}
        for cell, number in _rows(found)
    ]
    return {
        "measure": found.measure,
        "by": list(by),
        "where": {name: list(codes) for name, codes in found.where.items()},
        "rows": rows,
        "total": found.counts.total,
        "as_of": found.as_of.isoformat(),
        "definition": str(MEASURES[found.measure].definition),
        "coverage": list(found.coverage),
        "notes": list(found.notes),
        "protected": False,
    }


def _write_csv(found: Answer) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*found.counts.by, found.measure])
    for cell, number in _rows(found):
        writer.writerow([*cell, number])


def _print_table(found: Answer) -> None:
    language = get_language() or "en"
    table = Table(title=str(MEASURES[found.measure].name), box=box.SIMPLE, show_footer=True)
    for position, name in enumerate(found.counts.by):
        table.add_column(str(DIMENSIONS[name].name), footer="" if position else gettext("Total"))
    table.add_column(str(MEASURES[found.measure].name), justify="right", footer=str(found.counts.total))
    for cell, number in _rows(found):
        labels = [DIMENSIONS[name].label(code, language) for name, code in zip(found.counts.by, cell, strict=True)]
        table.add_row(*labels, str(number))
    Console().print(table)


def _said_beside(found: Answer) -> list[str]:
    language = get_language() or "en"
    said = [
        gettext("What is counted: %(definition)s") % {"definition": MEASURES[found.measure].definition},
        gettext("As of %(moment)s.") % {"moment": found.as_of.isoformat()},
    ]
    said += [
        gettext("Coverage of %(title)s: %(coverage)s")
        % {"title": each["titles"].get(language), "coverage": each["coverage"].get(language)}
        for each in found.coverage
    ]
    said += [describe_note(note) for note in found.notes]
    return [*said, gettext("For inside the house only: these figures are not protected for publication.")]


@click.group(invoke_without_command=True)
@click.option("--title", help="What the release is called.")
@click.option("--threshold", type=int, default=3, show_default=True, help="Counts from 1 to one less are not shown.")
@click.option("--dataset", "datasets", multiple=True, help="Code of a dataset; otherwise all that are not invented.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def release(
    context: click.Context, title: str | None, threshold: int, datasets: tuple[str, ...], as_json: bool
) -> None:
    """Publish a release: protected tables that never change."""
    if context.invoked_subcommand:
        return
    if title is None:
        raise click.UsageError(gettext("A release needs --title."), context)
    try:
        made = publish_release(
            title,
            threshold=threshold,
            datasets=datasets or None,
            progress=lambda step: click.echo(f"{step} …", err=True),
        )
    except ReleaseRefused as refused:
        raise click.ClickException(str(refused)) from None
    if as_json:
        click.echo(json.dumps(_describe(made), ensure_ascii=False))
    else:
        click.echo(gettext("Release %(id)s is published.") % {"id": made.identifier})


@release.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def list_(as_json: bool) -> None:
    """List the releases, the newest first."""
    releases = list(Release.objects.all())
    if as_json:
        click.echo(json.dumps({"releases": [_describe(each) for each in releases]}, ensure_ascii=False))
        return
    for each in releases:
        click.echo(f"{each.identifier}  {each.published_at:%Y-%m-%d}  {each.title}")


@release.command()
@click.argument("identifier")
def verify(identifier: str) -> None:
    """Check that nothing in a release's folder was changed."""
    found = Release.objects.filter(identifier=identifier).first()
    if found is None:
        raise click.ClickException(gettext("There is no release “%(id)s”.") % {"id": identifier})
    changed = verify_release(found)
    if changed:
        raise click.ClickException(gettext("Changed or missing: %(files)s.") % {"files": ", ".join(changed)})
    click.echo(gettext("Release %(id)s is as it was published.") % {"id": identifier})


def _describe(made: Release) -> dict[str, Any]:
    return {
        "id": made.identifier,
        "title": made.title,
        "published_at": made.published_at.isoformat(),
        "threshold": made.threshold,
        "manifest_sha256": made.manifest_sha256,
    }
