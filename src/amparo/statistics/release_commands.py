"""./amparo release diff and erratum: what differs between releases, and what was found to be wrong with one."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext

from amparo.statistics.comparing import KINDS, MEASURES, Difference, compare_cells
from amparo.statistics.models import Erratum, Release
from amparo.statistics.releases import find_release
from amparo.statistics.services import ReleaseRefused, note_erratum, verify_release

_MOST_SHOWN = 20


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write every difference to a CSV file.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def diff(before: str, after: str, output: Path | None, as_json: bool) -> None:
    """Compare two releases, cell by cell."""
    files = [_find_unchanged(each).folder / "cells.parquet" for each in (before, after)]
    kinds: Counter[str] = Counter()
    first: list[Difference] = []
    out = output.open("x", encoding="utf-8", newline="") if output else None
    try:
        writer = csv.writer(out, lineterminator="\n") if out else None
        if writer:
            writer.writerow(["dataset", "dimensions", "codes", "kind", *_columns("before"), *_columns("after")])
        for each in compare_cells(*files):
            kinds[each.kind] += 1
            if len(first) < _MOST_SHOWN:
                first.append(each)
            if writer:
                named = [each.dataset, ",".join(each.dimensions), ",".join(each.codes), each.kind]
                writer.writerow([*named, *_written(each.before), *_written(each.after)])
    finally:
        if out:
            out.close()
    if as_json:
        said = {"before": before, "after": after, "cells": {kind: kinds[kind] for kind in KINDS}}
        click.echo(json.dumps(said | {"first": [_as_json(each) for each in first]}, ensure_ascii=False))
        return
    if not kinds:
        click.echo(gettext("No cell differs."))
        return
    words = _words()
    for kind in KINDS:
        if kinds[kind]:
            click.echo(f"{kinds[kind]:>9}  {words[kind]}")
    for each in first:
        where = ", ".join(f"{name} {code}" for name, code in zip(each.dimensions, each.codes, strict=True))
        counts = " ".join(f"{_shown(one)}→{_shown(other)}" for one, other in zip(each.before, each.after, strict=True))
        click.echo(f"{each.dataset}: {where or gettext('total')}: {counts}")
    if sum(kinds.values()) > len(first):
        click.echo(gettext("These are the first; --output FILE writes all of them."))


@click.command()
@click.argument("identifier")
@click.option("--en", required=True, help="What is wrong, in English.")
@click.option("--fr", required=True, help="The same in French.")
@click.option("--es", required=True, help="The same in Spanish.")
@click.option("--ar", required=True, help="The same in Arabic.")
@click.option("--corrected-by", help="The release that has it right.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def erratum(identifier: str, en: str, fr: str, es: str, ar: str, corrected_by: str | None, as_json: bool) -> None:
    """Say what is wrong with a release. The release itself never changes."""
    release = _find(identifier)
    right = _find(corrected_by) if corrected_by else None
    try:
        noted: Erratum = note_erratum(release, {"en": en, "fr": fr, "es": es, "ar": ar}, right)
    except ReleaseRefused as refused:
        raise click.ClickException(str(refused)) from None
    if as_json:
        said = {"release": identifier, "texts": noted.texts, "corrected_by": corrected_by}
        click.echo(json.dumps(said | {"noted_at": noted.noted_at.isoformat()}, ensure_ascii=False))
    else:
        click.echo(gettext("The erratum stands on the page of release %(id)s.") % {"id": identifier})


def _find(identifier: str) -> Release:
    found = find_release(identifier)
    if found is None:
        raise click.ClickException(gettext("There is no release “%(id)s”.") % {"id": identifier})
    return found


def _find_unchanged(identifier: str) -> Release:
    found = _find(identifier)
    if changed := verify_release(found):
        raise click.ClickException(gettext("Changed or missing: %(files)s.") % {"files": ", ".join(changed)})
    return found


def _words() -> dict[str, str]:
    return {
        "changed": gettext("cells with another count"),
        "newly-shown": gettext("cells that were not shown before"),
        "no-longer-shown": gettext("cells that are no longer shown"),
        "added": gettext("cells that were not there before"),
        "gone": gettext("cells that are no longer there"),
    }


def _columns(side: str) -> list[str]:
    return [f"{measure}_{side}" for measure in MEASURES]


def _written(counts: tuple[int | None, ...]) -> list[int | str]:
    return ["" if count is None else count for count in counts]


def _shown(count: int | None) -> str:
    return "–" if count is None else str(count)


def _as_json(each: Difference) -> dict[str, Any]:
    return {
        "dataset": each.dataset,
        "cell": dict(zip(each.dimensions, each.codes, strict=True)),
        "kind": each.kind,
        "before": dict(zip(MEASURES, each.before, strict=True)),
        "after": dict(zip(MEASURES, each.after, strict=True)),
    }
