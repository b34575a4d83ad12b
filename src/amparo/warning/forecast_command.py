"""`./amparo warn forecast`: what may come in the next months, with the record of such forecasts."""

import json
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils.translation import gettext, ngettext, pgettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.warning.forecast.outcomes import find_quantile
from amparo.warning.forecast.panels import Columns, Panel, read_panel
from amparo.warning.forecast.record import ForecastRecord, is_shown
from amparo.warning.forecast.rolling import CANDIDATES, CountryForecast, ForecastRun, run_forecast
from amparo.warning.messages import describe
from amparo.warning.months import read_month
from amparo.warning.problems import WarningRefused

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@click.command()
@click.option(
    "--input", "input_file", required=True, type=click.Path(path_type=Path), help="CSV: country, month, count."
)
@click.option("--horizon", type=click.IntRange(1, 12), default=6, show_default=True, help="Months ahead.")
@click.option("--first", help="The first month to forecast from, to make the record (2001-01).")
@click.option("--country", "country", default="country", show_default=True, help="The column of the country.")
@click.option("--month", "month", default="month", show_default=True, help="The column of the month (2020-08).")
@click.option("--count", "count", default="count", show_default=True, help="The column of the count.")
@click.option("--condition", "conditions", multiple=True, help="A column with a condition (a number); may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def forecast(
    input_file: Path,
    horizon: int,
    first: str | None,
    country: str,
    month: str,
    count: str,
    conditions: tuple[str, ...],
    as_json: bool,
) -> None:
    """Forecast the counts of countries by month, and say how good such forecasts have been.

    A forecast is shown only where it has beaten the naive ones (the same as last year, and what the past was like), and
    where its ranges have held what they say.
    """
    try:
        panel = read_panel(input_file, Columns(country, month, count, conditions))
        run = run_forecast(panel, horizon, _position(panel, first))
    except WarningRefused as refused:
        _refuse(refused, as_json)
    if as_json:
        click.echo(json.dumps(describe_run(panel, run), ensure_ascii=False))
    else:
        _print_run(panel, run)


def _position(panel: Panel, first: str | None) -> int | None:
    if first is None:
        return None
    month = read_month(first)
    if month is None:
        raise click.BadParameter(gettext("A month is written like 2026-01."), param_hint="--first")
    return month.number - panel.begin.number


def _refuse(refused: WarningRefused, as_json: bool) -> NoReturn:
    if as_json:
        error = {"code": refused.code, "message": describe(refused)}
        click.echo(json.dumps({"error": error}, ensure_ascii=False))
    raise click.ClickException(describe(refused))


def describe_run(panel: Panel, run: ForecastRun) -> dict[str, Any]:
    """The run as plain values. Of what is not shown no numbers are given."""
    return {
        "origin": str(panel.month(run.origin)),
        "tried_from": str(panel.month(run.first_origin)),
        "record": _describe_record(run.overall),
        "horizons": [
            {"months_ahead": ahead, "record": _describe_record(record), "weights": _weights(run, ahead)}
            for ahead, record in enumerate(run.records, 1)
        ],
        "countries": [_describe_country(panel, run, each) for each in run.countries],
    }


def _weights(run: ForecastRun, ahead: int) -> dict[str, float]:
    return {name: round(float(share), 3) for name, share in zip(CANDIDATES, run.weights[ahead - 1], strict=False)}


def _describe_record(record: ForecastRecord) -> dict[str, Any]:
    return {
        "forecasts": record.forecasts,
        "origins": record.origins,
        "crps": record.ours.crps,
        "log_score": record.ours.log,
        "baselines": {name: {"crps": its.crps, "log_score": its.log} for name, its in record.baselines.items()},
        "best_baseline": record.best_baseline,
        "skill": record.skill,
        "coverage": {f"{level:.0%}": share for level, share in record.coverage.items()},
        "held": {f"{level:.0%}": share for level, share in record.held.items()},
        "pit": list(record.spread),
        "years_better": record.years_better,
        "shown": is_shown(record),
    }


def _describe_country(panel: Panel, run: ForecastRun, each: CountryForecast) -> dict[str, Any]:
    months = []
    for ahead, shown in enumerate(each.shown, 1):
        told: dict[str, Any] = {"month": str(panel.month(run.origin + ahead)), "shown": shown}
        if shown:
            probability = each.probability[ahead - 1]
            told |= {
                "none": float(probability[0]),
                "quantiles": {str(level): int(find_quantile(probability, level)) for level in _QUANTILES},
            }
        months.append(told)
    record = each.record and {
        "skill": each.record.skill,
        "crps": each.record.ours.crps,
        "log_score": each.record.ours.log,
        "best_baseline": each.record.best_baseline,
        "forecasts": each.record.forecasts,
        "coverage": {f"{level:.0%}": share for level, share in each.record.coverage.items()},
    }
    return {"country": each.country, "record": record, "withheld": each.withheld, "months": months}


def _print_run(panel: Panel, run: ForecastRun) -> None:
    click.echo(
        gettext("Forecasts from %(origin)s, tried on all months since %(first)s.")
        % {"origin": panel.month(run.origin), "first": panel.month(run.first_origin)}
    )
    _print_records(run)
    shown = [each for each in run.countries if any(each.shown)]
    if shown:
        _print_countries(panel, run, shown)
    withheld = len(run.countries) - len(shown)
    if withheld:
        click.echo(
            ngettext(
                "For %(number)s country no forecast is shown: none beat the naive ones there and held its ranges.",
                "For %(number)s countries no forecast is shown: none beat the naive ones there and held its ranges.",
                withheld,
            )
            % {"number": withheld}
        )
    click.echo(gettext("A forecast says what is to be expected as things were, not what will happen to anybody."))


def _print_records(run: ForecastRun) -> None:
    table = Table(title=gettext("How good such forecasts have been"), box=box.SIMPLE)
    for name in (
        gettext("Months ahead"),
        gettext("CRPS"),
        gettext("Best naive CRPS"),
        gettext("Log score"),
        gettext("Best naive log score"),
        gettext("In the 50 % range"),
        gettext("In the 90 % range"),
        gettext("Shown"),
    ):
        table.add_column(name, justify="right")
    for ahead, record in enumerate(run.records, 1):
        table.add_row(
            str(ahead),
            f"{record.ours.crps:.3f}",
            f"{record.baselines[record.best_baseline].crps:.3f}",
            f"{record.ours.log:.3f}",
            f"{record.best_log:.3f}",
            f"{100 * record.coverage[0.5]:.1f}",
            f"{100 * record.coverage[0.9]:.1f}",
            pgettext("a forecast may be shown", "yes")
            if is_shown(record)
            else pgettext("a forecast may be shown", "no"),
        )
    Console().print(table)


def _print_countries(panel: Panel, run: ForecastRun, shown: list[CountryForecast]) -> None:
    table = Table(title=gettext("90 % ranges, where a forecast may be shown"), box=box.SIMPLE)
    table.add_column(gettext("Country"))
    horizons = range(1, len(run.records) + 1)
    for ahead in horizons:
        table.add_column(str(panel.month(run.origin + ahead)), justify="right")
    table.add_column(gettext("Ratio"), justify="right")
    for each in shown:
        ranges = [_range(each, ahead) for ahead in horizons]
        table.add_row(each.country, *ranges, f"{each.record.skill:.3f}" if each.record else "")
    Console().print(table)


def _range(each: CountryForecast, ahead: int) -> str:
    if not each.shown[ahead - 1]:
        return "–"
    low, high = (int(find_quantile(each.probability[ahead - 1], level)) for level in (0.05, 0.95))
    return f"{low}–{high}"
