"""./amparo release private: counts with noise added, out of a budget."""

import json
import re
from decimal import Decimal, InvalidOperation

import click
from django.utils.translation import gettext

from amparo.statistics.models import PrivateRelease
from amparo.statistics.noise.mechanism import ExtraMissing
from amparo.statistics.noise.publishing import PrivateQuestion, find_spent, publish_private_release
from amparo.statistics.services import ReleaseRefused

_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})", re.ASCII)


class _Number(click.ParamType[Decimal]):
    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(gettext("This is no number: 0.5, for example."), param, ctx)
        if not number.is_finite() or not 0 < number < 100:
            self.fail(gettext("A number above 0 and below 100."), param, ctx)
        return number


@click.command()
@click.option("--title", required=True, help="What the release is called.")
@click.option("--dataset", required=True, help="Code of the dataset.")
@click.option("--years", required=True, help="First and last year, such as 2016-2025; all others are one row.")
@click.option(
    "--table", "tables", multiple=True, help="Dimensions with a comma, such as year,sex. Several may be given."
)
@click.option("--epsilon", required=True, type=_Number(), help="What this release may cost: less is more noise.")
@click.option("--budget", type=_Number(), help="All that may ever be spent on the dataset; set the first time.")
@click.option("--most", default=3, show_default=True, help="So many acts of one person are counted at most.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def private(
    title: str,
    dataset: str,
    years: str,
    tables: tuple[str, ...],
    epsilon: Decimal,
    budget: Decimal | None,
    most: int,
    as_json: bool,
) -> None:
    """Publish counts with noise, so that nobody can tell who is among them (needs an extra)."""
    asked = tuple(tuple(each.split(",")) for each in tables) or (("year", "sex"), ("act_group", "sex"))
    question = PrivateQuestion(title, dataset, asked, _read_years(years), epsilon, most, budget)
    try:
        made = publish_private_release(question)
    except ReleaseRefused as refused:
        raise click.ClickException(str(refused)) from None
    except ExtraMissing:
        raise click.ClickException(
            gettext(
                "This needs OpenDP, which is not installed with Amparo (265 MB). Install it once:\n"
                "    .venv/bin/pip install --require-hashes -r requirements/private.txt"
            )
        ) from None
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    if as_json:
        click.echo(json.dumps(manifest | {"folder": str(made.folder)}, ensure_ascii=False))
        return
    _say(made, manifest["noise"]["accuracy_95"])


def _read_years(years: str) -> range:
    found = _YEARS.fullmatch(years)
    if found is None or found[1] > found[2]:
        raise click.BadParameter(gettext("First and last year, such as 2016-2025."), param_hint="--years")
    return range(int(found[1]), int(found[2]) + 1)


def _say(made: PrivateRelease, accuracy: int) -> None:
    said = {
        "id": made.identifier,
        "folder": made.folder,
        "accuracy": accuracy,
        "spent": find_spent(made.dataset.code),
        "budget": made.budget,
    }
    click.echo(gettext("Release %(id)s is in %(folder)s.") % said)
    click.echo(gettext("95 of 100 counts lie within %(accuracy)s of what was counted; some may be negative.") % said)
    click.echo(gettext("Spent so far: %(spent)s of %(budget)s.") % said)
