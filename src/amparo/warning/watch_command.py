"""`./amparo warn watch`: what is unusual in the records of this store."""

import json
from dataclasses import asdict
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from amparo.cases.models import Dataset
from amparo.warning.backtest_command import describe_after, say_after
from amparo.warning.months import Month, read_month
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.explaining import explain, explain_outside
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.outside import THRESHOLD
from amparo.warning.watching.reading import read_watched_plane
from amparo.warning.watching.released import read_known
from amparo.warning.watching.services import Known, last_full_month, play_record, watch_store


@click.command()
@click.option("--month", help="The last month to judge (2020-08); otherwise the last that is over.")
@click.option("--dataset", "datasets", multiple=True, help="Code of a dataset; otherwise all.")
@click.option("--by-recording", is_flag=True, help="Count by the day of recording, not by that of the incident.")
@click.option("--as-happened", is_flag=True, help="Take each case as recorded in its own month: for lists of the past.")
@click.option("--outside", is_flag=True, help="Only what may be told outside the institution.")
@click.option("--threshold", type=click.IntRange(2), default=THRESHOLD, show_default=True, help="For outside.")
@click.option("--record", is_flag=True, help="How good such findings about countries have been.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def watch(
    month: str | None,
    datasets: tuple[str, ...],
    by_recording: bool,
    as_happened: bool,
    outside: bool,
    threshold: int,
    record: bool,
    as_json: bool,
) -> None:
    """Judge every series of the records: what is more than usual, and how unusual.

    Without --outside these are figures for inside the house: an alarm for a place where few defenders live may point
    to one of them.
    """
    now = _read_month(month)
    _check_datasets(datasets)
    basis = Basis.RECORDED if by_recording else Basis.HAPPENED
    known = _known_of_one(datasets) if outside else None
    if record:
        _say_record(now, datasets, as_json)
        return
    run = watch_store(
        now, datasets=datasets or None, basis=basis, threshold=threshold, known=known, as_happened=as_happened
    )
    found = run.outside if outside else run.findings
    if as_json:
        said = [_describe(each) for each in found]
        click.echo(json.dumps({"month": str(run.now), "outside": outside, "findings": said}, ensure_ascii=False))
        return
    for each in found:
        click.echo(_explain(each))
    click.echo(
        ngettext("%(number)s finding up to %(month)s.", "%(number)s findings up to %(month)s.", len(found))
        % {"number": len(found), "month": run.now}
    )


def _read_month(said: str | None) -> Month:
    last = last_full_month(timezone.now().date())
    now = last if said is None else read_month(said)
    if now is None:
        raise click.BadParameter(gettext("A month is written like 2026-01."), param_hint="--month")
    if now > last.later(1):
        raise click.BadParameter(gettext("This month is still to come."), param_hint="--month")
    return now


def _check_datasets(codes: tuple[str, ...]) -> None:
    there = set(Dataset.objects.filter(code__in=codes).values_list("code", flat=True))
    for code in sorted(set(codes) - there):
        said = gettext("There is no dataset “%(code)s”.") % {"code": code}
        raise click.BadParameter(said, param_hint="--dataset")


def _known_of_one(datasets: tuple[str, ...]) -> Known:
    """What others know of the one dataset that is told of: two are released apart, and would be told by their sum."""
    there = datasets or tuple(
        Dataset.objects.filter(incidents__isnull=False).order_by("code").distinct().values_list("code", flat=True)
    )
    if len(there) > 1:
        raise click.BadParameter(gettext("Choose one dataset with --outside."), param_hint="--dataset")
    code = next(iter(there), "")
    return lambda countries: read_known(code, countries)


def _say_record(now: Month, datasets: tuple[str, ...], as_json: bool) -> None:
    played = play_record(read_watched_plane(datasets or None), now)
    if as_json:
        told = played and {
            "judged": played.judged,
            "raised": len(played.raised),
            "after_alarms": [describe_after(each) for each in played.summary],
        }
        click.echo(json.dumps({"month": str(now), "record": told}, ensure_ascii=False))
        return
    if played is None:
        click.echo(gettext("The records are too young: there is nothing yet to tell how good findings are."))
        return
    click.echo(
        ngettext(
            "%(method)s: %(number)s alarm of %(judged)s counts.",
            "%(method)s: %(number)s alarms of %(judged)s counts.",
            len(played.raised),
        )
        % {"method": played.method, "number": len(played.raised), "judged": played.judged}
    )
    for each in played.summary:
        say_after(each)


def _explain(each: Finding | PublicFinding) -> str:
    return explain(each) if isinstance(each, Finding) else explain_outside(each)


def _describe(each: Finding | PublicFinding) -> dict[str, Any]:
    told = asdict(each)
    stratum = dict(zip(each.stratum.by, each.stratum.codes, strict=True))
    lists = {name: dict(told[name]) for name in ("acts", "kinds") if name in told}
    return told | lists | {"stratum": stratum, "month": str(each.month), "words": _explain(each)}
