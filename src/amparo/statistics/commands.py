"""`./amparo stats` and `./amparo release`."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils.translation import get_language, gettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.statistics.asking import Answer, QuestionRefused, answer, check_measure, read_dimensions, read_where
from amparo.statistics.cube import Cell
from amparo.statistics.derived import PopulationRefused, rates, read_populations, shares, widen
from amparo.statistics.dimensions import COUNTABLE, DIMENSIONS
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note, describe_population
from amparo.statistics.release_commands import diff, erratum
from amparo.statistics.sdg_command import sdg
from amparo.statistics.services import ReleaseRefused, publish_release, verify_release
from amparo.statistics.unseen_command import unseen


@click.group(invoke_without_command=True)
@click.option("--measure", default="victims", show_default=True, help="victims, acts, incidents or killings.")
@click.option("--by", default="", help="Dimensions, comma-separated: sex,year.")
@click.option("--where", multiple=True, help="A filter: country=COL. May be given several times.")
@click.option("--share", is_flag=True, help="Also each count's share of the total.")
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    help="Also rates per million people, by a CSV file: country, population, and perhaps year.",
)
@click.option("--recorded-until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was recorded after that day.")
@click.option("--wide", is_flag=True, help="The last dimension in columns.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def stats(
    context: click.Context,
    measure: str,
    by: str,
    where: tuple[str, ...],
    share: bool,
    population: Path | None,
    recorded_until: datetime | None,
    wide: bool,
    form: str,
    as_json: bool,
) -> None:
    """Count in the store, as it is now.

    These are figures for inside the house: no disclosure control has passed over them. Publish with ./amparo release.
    """
    if context.invoked_subcommand:
        return
    until = recorded_until.date() if recorded_until else None
    try:
        found = answer(check_measure(measure), read_dimensions(by), read_where(where), until)
        derived = _derive(found, share, population)
    except QuestionRefused as refused:
        raise click.ClickException(str(refused)) from None
    except PopulationRefused as refused:
        raise click.ClickException(describe_population(refused.code, refused.details)) from None
    if wide and (len(found.counts.by) < 2 or derived):
        raise click.UsageError(gettext("--wide takes two dimensions or more, and counts only."), context)
    if as_json or form == "json":
        click.echo(json.dumps(_as_json(found, derived, wide), ensure_ascii=False))
        return
    if form == "csv":
        _write_csv(found, derived, wide)
    else:
        _print_table(found, derived, wide)
    for line in _said_beside(found):
        click.echo(line, err=form == "csv")


stats.add_command(unseen)
stats.add_command(sdg)


Derived = dict[str, Mapping[Cell, float | None]]
"""What is shown beside each count: "share" (of 1) and "per_million"."""


def _derive(found: Answer, share: bool, population: Path | None) -> Derived:
    derived: Derived = {}
    if share:
        derived["share"] = shares(found.counts)
    if population is not None:
        derived["per_million"] = rates(found.counts, read_populations(population), found.where.get("country", ()))
    return derived


def _rows(found: Answer) -> list[tuple[tuple[str, ...], int]]:
    return sorted(found.counts.cells.items())


def _as_json(found: Answer, derived: Derived, wide: bool) -> dict[str, Any]:
    by = found.counts.by
    rows: list[dict[str, Any]] = [
        _named(by, cell) | {found.measure: number} | {name: told.get(cell) for name, told in derived.items()}
        for cell, number in _rows(found)
    ]
    if wide:
        table = widen(found.counts)
        rows = [_named(table.by, cell) | dict(zip(table.columns, numbers, strict=True)) for cell, numbers in table.rows]
    return {
        "measure": found.measure,
        "by": list(by),
        "where": {name: list(codes) for name, codes in found.where.items()},
        "rows": rows,
        "total": found.counts.total,
        "as_of": found.as_of.isoformat(),
        "recorded_until": found.recorded_until.isoformat() if found.recorded_until else None,
        "definition": str(COUNTABLE[found.measure].definition),
        "coverage": list(found.coverage),
        "notes": list(found.notes),
        "protected": False,
    }


def _named(by: Sequence[str], cell: Cell) -> dict[str, Any]:
    return {name: int(code) if name == "year" and code.isdigit() else code for name, code in zip(by, cell, strict=True)}


def _write_csv(found: Answer, derived: Derived, wide: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if wide:
        table = widen(found.counts)
        writer.writerow([*table.by, *table.columns])
        writer.writerows([*cell, *numbers] for cell, numbers in table.rows)
        return
    writer.writerow([*found.counts.by, found.measure, *derived])
    for cell, number in _rows(found):
        writer.writerow([*cell, number, *(_rounded(told.get(cell), 6) for told in derived.values())])


def _rounded(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"


def _print_table(found: Answer, derived: Derived, wide: bool) -> None:
    language = get_language() or "en"
    table = Table(title=str(COUNTABLE[found.measure].name), box=box.SIMPLE, show_footer=not wide)
    across = widen(found.counts) if wide else None
    by = across.by if across else found.counts.by
    for position, name in enumerate(by):
        table.add_column(str(DIMENSIONS[name].name), footer="" if position else gettext("Total"))
    if across:
        for code in across.columns:
            table.add_column(DIMENSIONS[across.across].label(code, language), justify="right")
        for cell, numbers in across.rows:
            table.add_row(*_labels(by, cell, language), *map(str, numbers))
    else:
        table.add_column(str(COUNTABLE[found.measure].name), justify="right", footer=str(found.counts.total))
        for name in derived:
            table.add_column(gettext("Share, %") if name == "share" else gettext("Per million people"), justify="right")
        for cell, number in _rows(found):
            beside = [_shown(name, told.get(cell)) for name, told in derived.items()]
            table.add_row(*_labels(by, cell, language), str(number), *beside)
    Console().print(table)


def _labels(by: Sequence[str], cell: Cell, language: str) -> list[str]:
    return [DIMENSIONS[name].label(code, language) for name, code in zip(by, cell, strict=True)]


def _shown(name: str, number: float | None) -> str:
    return _rounded(number * 100 if name == "share" and number is not None else number, 1 if name == "share" else 3)


def _said_beside(found: Answer) -> list[str]:
    language = get_language() or "en"
    said = [
        gettext("What is counted: %(definition)s") % {"definition": COUNTABLE[found.measure].definition},
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
@click.option("--keep-earlier", multiple=True, help="Code of a dataset to publish again as it was published last.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def release(
    context: click.Context,
    title: str | None,
    threshold: int,
    datasets: tuple[str, ...],
    keep_earlier: tuple[str, ...],
    as_json: bool,
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
            keep_earlier=keep_earlier,
            progress=lambda step: click.echo(f"{step} …", err=True),
        )
    except ReleaseRefused as refused:
        raise click.ClickException(str(refused)) from None
    if as_json:
        click.echo(json.dumps(_describe(made), ensure_ascii=False))
    else:
        click.echo(gettext("Release %(id)s is published.") % {"id": made.identifier})


release.add_command(diff)
release.add_command(erratum)


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
