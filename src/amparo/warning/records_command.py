"""`./amparo warn records`: what each detector is worth on series like those of a file."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from django.utils.translation import gettext, pgettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.warning.messages import describe
from amparo.warning.problems import WarningRefused
from amparo.warning.records import TRIED, DetectorRecord, measure_detectors, settings_like
from amparo.warning.series_files import read_series


@click.command()
@click.option("--input", "input_file", required=True, type=click.Path(path_type=Path), help="CSV: series, t, count.")
@click.option(
    "--method", "methods", multiple=True, type=click.Choice(list(TRIED)), help="May be repeated; otherwise all."
)
@click.option("--rate", type=click.FloatRange(0.001, 0.2), default=0.01, show_default=True, help="Of false alarms.")
@click.option("--series", type=click.IntRange(20, 5000), default=300, show_default=True, help="How many are simulated.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def records(input_file: Path, methods: tuple[str, ...], rate: float, series: int, as_json: bool) -> None:
    """Simulate series like those of a file, and say what each detector finds at one rate of false alarms.

    Nothing is said of the series of the file themselves: only how large, how different and how clustered they are.
    """
    try:
        counts = [block.counts for block in read_series(input_file)]
        length = min(each.shape[1] for each in counts)
        settings = replace(settings_like(np.vstack([each[:, -length:] for each in counts])), series=series)
    except WarningRefused as refused:
        if as_json:
            error = {"code": refused.code, "message": describe(refused)}
            click.echo(json.dumps({"error": error}, ensure_ascii=False))
        raise click.ClickException(describe(refused)) from None
    measured = measure_detectors(settings, {name: TRIED[name] for name in methods or TRIED}, rate)
    if as_json:
        click.echo(json.dumps({"rate": rate, "detectors": [_describe(each) for each in measured]}, ensure_ascii=False))
    else:
        _print(measured)


def _describe(record: DetectorRecord) -> dict[str, Any]:
    late = record.months_late
    return {
        "detector": record.detector,
        "false_alarms_at_nominal": record.nominal.false_positive_rate,
        "level": record.level,
        "false_alarms": record.matched.false_positive_rate,
        "false_alarms_error": record.false_error,
        "detected": record.matched.detected,
        "detected_error": record.detected_error,
        "months_late": None if np.isnan(late) else late,
    }


def _print(measured: list[DetectorRecord]) -> None:
    table = Table(box=box.SIMPLE)
    table.add_column(gettext("Detector"))
    for name in (
        gettext("False alarms at alpha 0.01"),
        pgettext("of a detector", "Level"),
        gettext("False alarms"),
        gettext("Outbreaks found"),
        gettext("Months late"),
    ):
        table.add_column(name, justify="right")
    for record in measured:
        table.add_row(
            record.detector,
            f"{record.nominal.false_positive_rate:.4f}",
            f"{record.level:.2g}",
            f"{record.matched.false_positive_rate:.4f}",
            f"{record.matched.detected:.3f}",
            f"{record.months_late:.2f}",
        )
    Console().print(table)
