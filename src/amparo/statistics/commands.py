"""`./amparo stats` and `./amparo release`."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext

from amparo.statistics.answer_files import describe_answer, print_table, to_csv, to_json, to_xlsx
from amparo.statistics.asking import Answer, QuestionRefused, answer, check_measure, read_dimensions, read_where
from amparo.statistics.audit_command import audit
from amparo.statistics.derived import SHIPPED, PopulationRefused
from amparo.statistics.dimensions import COUNTABLE
from amparo.statistics.models import Release
from amparo.statistics.noise.command import private
from amparo.statistics.notes import describe_population
from amparo.statistics.release_commands import diff, erratum
from amparo.statistics.releases import find_release
from amparo.statistics.sdg_command import sdg
from amparo.statistics.services import ReleaseRefused, publish_release, verify_release
from amparo.statistics.unseen_command import unseen


@click.group(invoke_without_command=True)
@click.option("--measure", default="victims", show_default=True, help=f"One of: {', '.join(COUNTABLE)}.")
@click.option("--by", default="", help="Dimensions, comma-separated: sex,year.")
@click.option("--where", multiple=True, help="A filter: country=COL. May be given several times.")
@click.option("--verified", is_flag=True, help="Verified information only.")
@click.option("--share", is_flag=True, help="Also each count's share of the total.")
@click.option("--rate", is_flag=True, help="Also rates per million people, by the World Bank's populations.")
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    help="Also rates, by a CSV file of your own: country, population, and perhaps year.",
)
@click.option("--delay", is_flag=True, help="Also the median days from recording an incident to verifying it.")
@click.option(
    "--protect",
    type=click.IntRange(2),
    help="Hide counts from 1 to one less than this, and those that would tell them.",
)
@click.option("--recorded-until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was recorded after that day.")
@click.option("--wide", is_flag=True, help="The last dimension in columns.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "xlsx"]), default="table", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write: csv, json, xlsx.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def stats(
    context: click.Context,
    measure: str,
    by: str,
    where: tuple[str, ...],
    verified: bool,
    share: bool,
    rate: bool,
    population: Path | None,
    delay: bool,
    protect: int | None,
    recorded_until: datetime | None,
    wide: bool,
    form: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Count in the store, as it is now.

    These are figures for inside the house. With --protect a table can be handed out by itself; publish with ./amparo
    release.
    """
    if context.invoked_subcommand:
        return
    form = "json" if as_json else form
    if (form == "xlsx" and output is None) or (form == "table" and output is not None):
        raise click.UsageError(gettext("A workbook needs --output; a table on the screen has none."), context)
    if protect is not None and (wide or share or rate or population or delay):
        raise click.UsageError(gettext("--protect gives counts only, in rows."), context)
    try:
        found = answer(
            check_measure(measure),
            read_dimensions(by),
            read_where([*where, *(["status=verified"] if verified else [])]),
            recorded_until.date() if recorded_until else None,
            share=share,
            populations=population or (SHIPPED if rate else None),
            delay=delay,
            threshold=protect,
        )
    except QuestionRefused as refused:
        raise click.ClickException(str(refused)) from None
    except PopulationRefused as refused:
        raise click.ClickException(describe_population(refused.code, refused.details)) from None
    if wide and (len(found.counts.by) < 2 or found.beside):
        raise click.UsageError(gettext("--wide takes two dimensions or more, and counts only."), context)
    _give(found, form, wide, output)


def _give(found: Answer, form: str, wide: bool, output: Path | None) -> None:
    if form == "table":
        print_table(found, wide)
    else:
        written = _WRITERS[form](found, wide)
        if output is None:
            click.echo(written, nl=False)
        else:
            try:
                output.write_bytes(written)
            except OSError:
                raise click.ClickException(gettext("“%(path)s” cannot be written.") % {"path": output}) from None
    if form in ("table", "csv"):
        for line in describe_answer(found):
            click.echo(line, err=form == "csv")


_WRITERS: dict[str, Callable[[Answer, bool], bytes]] = {
    "csv": lambda found, wide: to_csv(found, wide).encode(),
    "json": lambda found, wide: (json.dumps(to_json(found, wide), ensure_ascii=False) + "\n").encode(),
    "xlsx": to_xlsx,
}


stats.add_command(unseen)
stats.add_command(sdg)


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


release.add_command(audit)
release.add_command(diff)
release.add_command(erratum)
release.add_command(private)


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
    found = find_release(identifier)
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
