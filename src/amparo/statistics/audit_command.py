"""./amparo release audit: attacks a release with everything published, as anybody could."""

import json
from collections import Counter
from typing import Any

import click
from django.utils.translation import gettext

from amparo.statistics.auditing.audit import Audit, CellRange, audit_dataset
from amparo.statistics.auditing.published_view import SeenDataset, read_release
from amparo.statistics.auditing.ranges import Contradiction
from amparo.statistics.comparing import MEASURES
from amparo.statistics.models import Release
from amparo.statistics.releases import find_release
from amparo.statistics.services import verify_release

_MOST_SHOWN = 20


@click.command()
@click.argument("identifier")
@click.option("--measure", type=click.Choice(MEASURES), help="Tell only of ranges of this measure.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def audit(identifier: str, measure: str | None, as_json: bool) -> None:
    """Attack a release with a solver: how near does anybody come to what it does not show?

    Reads what is published and nothing else, earlier releases included. Ends with 1 where a range is too narrow. Which
    cells are concerned is said, what is in them never.
    """
    found = Audit()
    datasets = {}
    for seen in read_release(_find_unchanged(identifier).folder):
        try:
            one = audit_dataset(seen, _earlier(identifier, seen.dataset), progress=_tell_progress(seen.dataset))
        except Contradiction:
            raise click.ClickException(
                gettext("The counts of “%(dataset)s” do not fit each other.") % {"dataset": seen.dataset}
            ) from None
        datasets[seen.dataset] = one
        found += one
    narrow = [each for each in found.narrow if measure is None or measure in each.measures]
    chosen = Audit(found.attacked, tuple(narrow), found.narrowest, found.solved)
    if as_json:
        click.echo(json.dumps(_as_json(identifier, chosen, datasets), ensure_ascii=False))
    else:
        _tell(identifier, chosen)
    if narrow:
        raise SystemExit(1)


def _earlier(identifier: str, dataset: str) -> list[SeenDataset]:
    release = Release.objects.get(identifier=identifier)
    found = []
    for before in Release.objects.filter(pk__lt=release.pk):
        if not verify_release(before):
            found += [seen for seen in read_release(before.folder) if seen.dataset == dataset]
    return found


def _find_unchanged(identifier: str) -> Release:
    found = find_release(identifier)
    if found is None:
        raise click.ClickException(gettext("There is no release “%(id)s”.") % {"id": identifier})
    if changed := verify_release(found):
        raise click.ClickException(gettext("Changed or missing: %(files)s.") % {"files": ", ".join(changed)})
    return found


def _tell_progress(dataset: str) -> Any:
    def tell(done: int, number: int) -> None:
        if done == number or done % 10 == 1:
            said = gettext("%(dataset)s: %(done)s of %(number)s numbers")
            click.echo(said % {"dataset": dataset, "done": done, "number": number}, err=True)

    return tell


def _tell(identifier: str, found: Audit) -> None:
    click.echo(gettext("Numbers that are not shown, and were attacked: %(number)s") % {"number": found.attacked})
    if found.holds:
        click.echo(gettext("Release %(id)s stands: no range is too narrow.") % {"id": identifier})
        return
    said = gettext("Ranges that are too narrow: %(narrow)s; of these hold one number only: %(told)s")
    click.echo(said % {"narrow": len(found.narrow), "told": found.told})
    number = Counter(each.dimensions for each in found.narrow)
    for dimensions, ranges in number.most_common(_MOST_SHOWN):
        click.echo(f"{ranges:>7}  {', '.join(dimensions) or gettext('total')}")
    click.echo(gettext("The narrowest:"))
    for each in found.worst(_MOST_SHOWN):
        where = ", ".join(f"{name} {code}" for name, code in zip(each.dimensions, each.codes, strict=True))
        width = gettext("%(measures)s within %(width)s")
        measures = "/".join(each.measures)
        click.echo(
            f"{each.dataset}: {where or gettext('total')}: "
            + width % {"measures": measures, "width": round(each.width, 2)}
        )
    click.echo(
        gettext(
            "Publish again with a higher threshold, and say of this release what is wrong: ./amparo release erratum."
        )
    )


def _as_json(identifier: str, found: Audit, datasets: dict[str, Audit]) -> dict[str, Any]:
    return {
        "release": identifier,
        "holds": found.holds,
        "attacked": found.attacked,
        "narrow": len(found.narrow),
        "told": found.told,
        "narrowest": found.narrowest,
        "datasets": {dataset: one.attacked for dataset, one in datasets.items()},
        "worst": [_describe(each) for each in found.worst(_MOST_SHOWN)],
    }


def _describe(each: CellRange) -> dict[str, Any]:
    return {
        "dataset": each.dataset,
        "cell": dict(zip(each.dimensions, each.codes, strict=True)),
        "measures": list(each.measures),
        "width": round(each.width, 3),
    }
