"""`./amparo warn`."""

import json
from pathlib import Path

import click
import numpy as np
from django.utils.translation import ngettext

from amparo.warning.backtest_command import backtest
from amparo.warning.detectors import DETECTORS
from amparo.warning.forecast_command import forecast
from amparo.warning.judging import Judged, judge_series, list_alarms
from amparo.warning.messages import describe
from amparo.warning.problems import WarningRefused
from amparo.warning.records_command import records
from amparo.warning.run_command import run
from amparo.warning.series_files import read_series, write_detections
from amparo.warning.table_files import refuse_same
from amparo.warning.watch_command import watch


@click.group()
def warn() -> None:
    """Early warning: tell what is more than usual from what is not."""


@warn.command(name="detect")
@click.option("--input", "input_file", required=True, type=click.Path(path_type=Path), help="CSV: series, t, count.")
@click.option("--method", required=True, type=click.Choice(list(DETECTORS)))
@click.option("--params", "parameters", type=click.Path(path_type=Path), help="TOML; otherwise the method's defaults.")
@click.option(
    "--output",
    "output_file",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV: series, t, observed, upperbound, alarm.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: what was judged, and the alarms.")
def detect(input_file: Path, method: str, parameters: Path | None, output_file: Path, as_json: bool) -> None:
    """Judge series of counts: which are more than season, trend and chance explain?

    These are figures for inside the house: an alarm for a place where few defenders live may point to one of them.
    """
    try:
        refuse_same(input_file, output_file)
        blocks = read_series(input_file)
        judged = judge_series(blocks, method, _read(parameters))
        write_detections(output_file, judged)
    except WarningRefused as refused:
        if as_json:
            error = {"code": refused.code, "message": describe(refused)}
            click.echo(json.dumps({"written": False, "error": error}, ensure_ascii=False))
        raise click.ClickException(describe(refused)) from None
    _answer(judged, method, as_json)


def _read(parameters: Path | None) -> bytes:
    if parameters is None:
        return b""
    try:
        return parameters.read_bytes()
    except FileNotFoundError:
        raise WarningRefused("no-such-file", path=str(parameters)) from None
    except IsADirectoryError:
        raise WarningRefused("is-a-folder", path=str(parameters)) from None
    except OSError:
        raise WarningRefused("not-readable", path=str(parameters)) from None


def _answer(judged: list[Judged], method: str, as_json: bool) -> None:
    series = sum(len(block.names) for block, _ in judged)
    counts = sum(detection.alarm.size for _, detection in judged)
    without = sum(int(np.isnan(detection.upperbound).sum()) for _, detection in judged)
    alarms = list(list_alarms(judged))
    if as_json:
        found = {"method": method, "series": series, "judged": counts, "without_bound": without, "alarms": alarms}
        click.echo(json.dumps({"written": True} | found, ensure_ascii=False))
        return
    click.echo(ngettext("%(number)s count judged.", "%(number)s counts judged.", counts) % {"number": counts})
    click.echo(ngettext("%(number)s alarm.", "%(number)s alarms.", len(alarms)) % {"number": len(alarms)})
    if without:
        click.echo(
            ngettext(
                "For %(number)s count the method gives no bound.",
                "For %(number)s counts the method gives no bound.",
                without,
            )
            % {"number": without}
        )


warn.add_command(backtest)
warn.add_command(forecast)
warn.add_command(records)
warn.add_command(watch)
warn.add_command(run)
