"""`./amparo portal recompute`: every number of the public pages, counted again from the open data."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext

from amparo.portal.recompute.cells import Cells
from amparo.portal.recompute.checking import FigureCheck, Result
from amparo.portal.recompute.reading import read_figures
from amparo.portal.recompute.snapshot import Miscounted, Recount, SnapshotMissing, recount
from amparo.portal.recompute.visiting import addresses_of, render_page
from amparo.statistics.models import Release
from amparo.statistics.releases import find_release, latest_release, open_release
from amparo.statistics.services import verify_release

_MOST_SHOWN = 20


@click.group()
def portal() -> None:
    """The public pages."""


@portal.command()
@click.option("--release", "identifier", help="Identifier of a release. Default: the latest.")
@click.option("--from-snapshot", is_flag=True, help="Count every published cell again from the facts kept for it.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def recompute(context: click.Context, identifier: str | None, from_snapshot: bool, as_json: bool) -> None:
    """Count each number that the public pages show again, from the open data of the release alone.

    The pages are rendered and read as a reader does; cells.parquet is asked in plain SQL. Leaves with 1 where a number
    disagrees, or a figure does not say where it comes from.
    """
    release = _find(identifier)
    if changed := verify_release(release):
        raise click.ClickException(gettext("Changed or missing: %(files)s.") % {"files": ", ".join(changed)})
    result = recompute_pages(release)
    said: dict[str, Any] = {
        "release": release.identifier,
        "pages": result.pages,
        "figures": result.figures,
        "numbers": result.numbers,
        "disagree": [asdict(each) for each in result.wrong],
    }
    miscounted: list[Miscounted] = []
    if from_snapshot:
        done, miscounted = _recount(release)
        said |= {"cells": done.cells, "hidden": done.hidden, "tables": done.tables}
        said["miscounted"] = [asdict(each) for each in miscounted]
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _tell(said)
    if result.wrong or miscounted:
        context.exit(1)


def recompute_pages(release: Release) -> Result:
    """Every number of every page that shows figures of `release`, beside what its open data give."""
    opened = open_release(release)
    check = FigureCheck(Cells(release.folder / "cells.parquet"))
    result = Result()
    for address in addresses_of(opened):
        result.pages += 1
        for figure in read_figures(address, render_page(address, release)):
            check.check(figure, result)
    return result


def _find(identifier: str | None) -> Release:
    if identifier is None:
        found = latest_release()
        if found is None:
            raise click.ClickException(gettext("There is no release yet."))
        return found
    named = find_release(identifier)
    if named is None:
        raise click.ClickException(gettext("There is no release “%(id)s”.") % {"id": identifier})
    return named


def _recount(release: Release) -> tuple[Recount, list[Miscounted]]:
    manifest = open_release(release).manifest
    tables: list[Mapping[str, object]] = manifest["tables"]
    snapshots = {about["code"]: _snapshot_of(release, about) for about in manifest["datasets"]}
    done = Recount()
    try:
        return done, list(recount(release.folder / "cells.parquet", snapshots, tables, done))
    except SnapshotMissing as missing:
        told = gettext("The facts that “%(dataset)s” was counted from are not kept here.")
        raise click.ClickException(told % {"dataset": missing.dataset}) from None


def _snapshot_of(release: Release, about: Mapping[str, Any]) -> Path:
    # A dataset that is published again as it was lies with the release that it was counted for.
    counted_for = str(about.get("counted_for", release.identifier))
    return Path(settings.DATA_DIR) / "snapshots" / counted_for / f"{about['code']}.parquet"


def _tell(said: Mapping[str, Any]) -> None:
    told = gettext("Release %(release)s: %(numbers)s numbers in %(figures)s figures on %(pages)s pages counted again.")
    click.echo(told % said)
    if "cells" in said:
        told = gettext("%(cells)s cells of %(tables)s tables counted again from the facts; %(hidden)s are not shown.")
        click.echo(told % said)
    for each in said["disagree"][:_MOST_SHOWN]:
        click.echo(gettext("%(page)s: %(figure)s: %(place)s: shown %(shown)s, counted %(recomputed)s") % each)
    for each in said.get("miscounted", ())[:_MOST_SHOWN]:
        where = ", ".join(f"{name} {code}" for name, code in each["cell"].items()) or gettext("total")
        click.echo(f"{each['dataset']}: {where}: {each['measure']}: {each['published']} → {each['counted']}")
    wrong = len(said["disagree"]) + len(said.get("miscounted", ()))
    click.echo(gettext("All agree.") if not wrong else gettext("%(number)s do not agree.") % {"number": wrong})
