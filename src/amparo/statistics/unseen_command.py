"""`./amparo stats unseen`."""

import json
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.statistics.asking import QuestionRefused, read_where
from amparo.statistics.multiple_systems.dependence import Dependence
from amparo.statistics.multiple_systems.estimation import Answer, Estimation, estimate_unseen
from amparo.statistics.multiple_systems.histories import Histories
from amparo.statistics.multiple_systems.intervals import Estimate
from amparo.statistics.multiple_systems.reading import read_long, read_table
from amparo.statistics.multiple_systems.refusals import EstimateRefused
from amparo.statistics.unseen import read_source_lists
from amparo.statistics.unseen_words import (
    describe_caveats,
    describe_method,
    describe_refusal,
    describe_unseen_note,
)

_MODELS_SHOWN = 5


@click.command()
@click.option("--lists", default="", help="The lists to compare, comma-separated; otherwise the four longest sources.")
@click.option("--where", multiple=True, help="A filter: country=COL. May be given several times.")
@click.option("--file", type=click.Path(path_type=Path), help="A CSV file of lists instead of the store's sources.")
@click.option("--record", default="", help="In a long file, the columns that tell victims apart: city,ID.")
@click.option("--list", "list_column", help="In a long file, the column that names the list.")
@click.option("--listed", help="In a long file, the column that says whether the list has the victim.")
@click.option("--latent-classes", is_flag=True, help="Also by latent classes of victims: takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def unseen(
    lists: str,
    where: tuple[str, ...],
    file: Path | None,
    record: str,
    list_column: str | None,
    listed: str | None,
    latent_classes: bool,
    as_json: bool,
) -> None:
    """Estimate how many victims no source has, from how the sources overlap.

    Several methods are shown side by side, with what hangs on the choice between them; what the lists cannot tell is
    refused. These are figures for inside the house, until somebody who knows the sources has judged them.
    """
    chosen = [name.strip() for name in lists.split(",") if name.strip()]
    try:
        if file is None:
            histories = read_source_lists(read_where(where), chosen)
        else:
            histories = _read_file(file, _words(record), list_column, listed, chosen)
        found = estimate_unseen(histories, latent_classes=latent_classes)
        if not found.estimates:
            raise next(each.refused for each in found.answers if each.refused)
    except QuestionRefused as refused:
        raise click.ClickException(str(refused)) from None
    except EstimateRefused as refused:
        if as_json:
            error = {"code": refused.code, "message": describe_refusal(refused)}
            click.echo(json.dumps({"estimated": False, "error": error}, ensure_ascii=False))
        raise click.ClickException(describe_refusal(refused)) from None
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _print(found)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _read_file(
    file: Path, record: list[str], list_column: str | None, listed: str | None, lists: list[str]
) -> Histories:
    if bool(record) != bool(list_column):
        raise EstimateRefused("wide-or-long")
    return read_long(file, record, list_column, listed, lists) if list_column else read_table(file, lists)


def _as_json(found: Estimation) -> dict[str, Any]:
    histories, comparison = found.histories, found.comparison
    said: dict[str, Any] = {
        "estimated": True,
        "lists": list(histories.lists),
        "observed": histories.observed,
        "left_out": histories.left_out,
        "on_so_many_lists": list(histories.sizes),
        "methods": [_answer_as_json(each) for each in found.answers],
        "dependence": [
            {"lists": list(each.lists), "odds_ratio": each.ratio, "total": _whole(each.total), "why": each.why or None}
            for each in found.dependence
        ],
        "without": [
            {"list": each.name, "total": _whole(each.total), "why": each.why or None} for each in found.without
        ],
        "notes": list(found.notes),
        "caveats": list(describe_caveats()),
        "protected": False,
    }
    if comparison:
        said["models_compared"] = len(comparison.models)
        said["models_refused"] = dict(comparison.refused)
        said["best_by_aic"] = comparison.best_by_aic.name
        said["models"] = [
            {
                "model": fitted.name,
                "total": fitted.total,
                "error": fitted.error,
                "deviance": fitted.deviance,
                "df": fitted.degrees_of_freedom,
                "aic": fitted.aic,
                "bic": fitted.bic,
                "weight": weight,
            }
            for fitted, weight in zip(comparison.models, comparison.weights, strict=True)
        ]
    return said


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    if answer.refused:
        why = {"code": answer.refused.code, "message": describe_refusal(answer.refused)}
        return {"method": answer.method, "refused": why}
    estimate = answer.estimate
    assert isinstance(estimate, Estimate)  # noqa: S101
    return {
        "method": answer.method,
        "total": estimate.total,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
    }


def _print(found: Estimation) -> None:
    histories = found.histories
    observed = gettext("%(observed)s victims are on at least one of the lists: %(lists)s.")
    click.echo(observed % {"observed": histories.observed, "lists": ", ".join(_numbered(histories))})
    click.echo(_on_how_many(histories))
    table = Table(title=gettext("Victims, seen and unseen"), box=box.SIMPLE)
    table.add_column(gettext("Method"))
    for title in (gettext("Estimate"), gettext("From"), gettext("To")):
        table.add_column(title, justify="right")
    for each in found.answers:
        if each.estimate:
            row = (f"{number:.0f}" for number in (each.estimate.total, each.estimate.low, each.estimate.high))
            table.add_row(describe_method(each.method), *row)
    console = Console()
    console.print(table)
    for each in found.answers:
        if each.refused:
            click.echo(f"{describe_method(each.method)}: {describe_refusal(each.refused)}")
    if found.comparison:
        console.print(_models(found))
    for line in _sensitivity(found):
        click.echo(line)
    click.echo()
    for line in (*(describe_unseen_note(note) for note in found.notes), *describe_caveats()):
        click.echo(f"- {line}")


def _numbered(histories: Histories) -> list[str]:
    return [f"{number} {name}" for number, name in enumerate(histories.lists, start=1)]


def _on_how_many(histories: Histories) -> str:
    parts = [f"{number} × {lists}" for lists, number in enumerate(histories.sizes, start=1)]
    return gettext("Victims × lists that have them: %(parts)s.") % {"parts": ", ".join(parts)}


def _models(found: Estimation) -> Table:
    comparison = found.comparison
    assert comparison is not None  # noqa: S101
    title = gettext("Best models, of %(number)s (lists that depend on each other stand together)")
    table = Table(title=title % {"number": len(comparison.models)}, box=box.SIMPLE)
    table.add_column(gettext("Model"))
    for name in (gettext("Estimate"), "AIC", "BIC", gettext("Weight")):
        table.add_column(name, justify="right")
    for fitted, weight in list(zip(comparison.models, comparison.weights, strict=True))[:_MODELS_SHOWN]:
        table.add_row(
            fitted.name.replace("[", r"\["),
            f"{fitted.total:.0f}",
            f"{fitted.aic:.1f}",
            f"{fitted.bic:.1f}",
            f"{weight:.3f}",
        )
    return table


def _sensitivity(found: Estimation) -> list[str]:
    lines = []
    told = [each for each in found.dependence if each.total is not None]
    if told:
        least, most = (pick(told, key=lambda each: each.total or 0) for pick in (min, max))
        text = gettext(
            "If lists depended on each other in a way that the model does not have: from %(low)s (%(first)s) to "
            "%(high)s (%(second)s)."
        )
        said = {"low": _whole(least.total), "high": _whole(most.total)}
        lines.append(text % (said | {"first": _dependence(least), "second": _dependence(most)}))
    without = [f"{each.name}: {_whole(each.total) or '–'}" for each in found.without]
    if without:
        lines.append(gettext("Without one of the lists: %(parts)s.") % {"parts": ", ".join(without)})
    return lines


def _dependence(each: Dependence) -> str:
    return f"{' × '.join(each.lists)}: {each.ratio:g}"


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)
