"""`./amparo warn backtest`: what would have been raised when, and what came after."""

import json
import math
from pathlib import Path
from typing import Any

import click
import numpy as np
from django.utils.translation import gettext, ngettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.warning.messages import describe
from amparo.warning.months import read_month
from amparo.warning.problems import WarningRefused
from amparo.warning.replaying import (
    METHODS,
    TOGETHER,
    AfterAlarms,
    Raised,
    Replay,
    ReplayedSeries,
    ReplaySettings,
    replay,
)
from amparo.warning.series_files import SeriesBlock, read_series
from amparo.warning.table_files import refuse_same, write_table

_WRITTEN = ("method", "series", "t", "when", "observed", "expected", "upperbound", "tail", "adjusted", "again")


@click.command()
@click.option(
    "--input", "input_file", required=True, type=click.Path(path_type=Path), help="CSV: series, t, count, date."
)
@click.option("--first", help="The first time to judge: a t, or with a column date a month (2002-01).")
@click.option(
    "--method", "methods", multiple=True, type=click.Choice(METHODS), help="May be repeated; otherwise all together."
)
@click.option("--yearly", is_flag=True, help="Counts are of years, not of months.")
@click.option("--output", "output_file", type=click.Path(path_type=Path), help="CSV: one row an alarm.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def backtest(
    input_file: Path, first: str | None, methods: tuple[str, ...], yearly: bool, output_file: Path | None, as_json: bool
) -> None:
    """Play the past again: what would have been raised when, and what came after.

    These are figures for inside the house: an alarm for a place where few defenders live may point to one of them.
    """
    settings = ReplaySettings.yearly() if yearly else ReplaySettings()
    try:
        if output_file:
            refuse_same(input_file, output_file)
        block = _read_alike(input_file)
        series = ReplayedSeries(block.names, block.counts)
        position = _position(block, first, settings.history + settings.excluded)
        replays = [replay(series, position, settings, method) for method in methods or (TOGETHER,)]
        if output_file:
            _write(output_file, block, replays)
    except WarningRefused as refused:
        if as_json:
            error = {"code": refused.code, "message": describe(refused)}
            click.echo(json.dumps({"error": error}, ensure_ascii=False))
        raise click.ClickException(describe(refused)) from None
    if as_json:
        click.echo(json.dumps({"replays": [_describe(block, each) for each in replays]}, ensure_ascii=False))
    else:
        for each in replays:
            _print(block, each, settings)


def _read_alike(path: Path) -> SeriesBlock:
    blocks = read_series(path)
    if len(blocks) > 1:
        raise WarningRefused("series-not-alike", one=blocks[0].names[0], other=blocks[1].names[0])
    return blocks[0]


def _position(block: SeriesBlock, first: str | None, needed: int) -> int:
    if first is None:
        return needed
    if first.isdecimal() and len(first) < 7:
        position = int(first) - block.begin
        if position < needed:
            raise WarningRefused(
                "history-too-short",
                series=block.names[0],
                first=int(first),
                needed=needed,
                earliest=block.begin + needed,
            )
        return position
    month = read_month(first)
    if month is None or block.dates is None:
        raise click.BadParameter(
            gettext("A t, or a month like 2002-01 where the file has dates."), param_hint="--first"
        )
    return int(np.searchsorted(np.array(block.dates, dtype="datetime64[D]"), np.datetime64(month.first_day)))


def _when(block: SeriesBlock, raised: Raised) -> str:
    return str(block.dates[raised.position])[:7] if block.dates else str(block.begin + raised.position)


def _write(path: Path, block: SeriesBlock, replays: list[Replay]) -> None:
    horizons = [each.times for each in replays[0].summary]
    header = [*_WRITTEN, *(f"{name}_{times}" for times in horizons for name in ("came", "usual"))]
    write_table(
        path, header, (_row(block, each.method, raised, horizons) for each in replays for raised in each.raised)
    )


def _row(block: SeriesBlock, method: str, raised: Raised, horizons: list[int]) -> list[Any]:
    after = {its.times: (its.came, round(its.usual, 3)) for its in raised.after}
    numbers = (raised.expected, raised.upperbound, raised.tail, raised.adjusted)
    return [
        method,
        raised.series,
        block.begin + raised.position,
        _when(block, raised),
        raised.observed,
        *("" if math.isnan(number) else f"{number:.6g}" for number in numbers),
        raised.again,
        *(value for times in horizons for value in after.get(times, ("", ""))),
    ]


def _describe(block: SeriesBlock, each: Replay) -> dict[str, Any]:
    return {
        "method": each.method,
        "judged": each.judged,
        "raised": [
            {
                "series": raised.series,
                "t": block.begin + raised.position,
                "when": _when(block, raised),
                "observed": raised.observed,
                "again": raised.again,
                "after": [{"times": its.times, "came": its.came, "usual": its.usual} for its in raised.after],
            }
            | {
                name: None if math.isnan(number) else number
                for name, number in (
                    ("expected", raised.expected),
                    ("upperbound", raised.upperbound),
                    ("tail", raised.tail),
                    ("adjusted", raised.adjusted),
                )
            }
            for raised in each.raised
        ],
        "after_alarms": [describe_after(its) for its in each.summary],
    }


def describe_after(its: AfterAlarms) -> dict[str, Any]:
    """What came after alarms as plain values."""
    return {
        "times": its.times,
        "alarms": its.alarms,
        "followed": its.followed,
        "share": _number(its.share),
        "base_share": _number(its.base_share),
        "rise": _number(its.rise),
        "base_rise": _number(its.base_rise),
    }


def say_after(its: AfterAlarms) -> None:
    """What came after alarms in a sentence, where there were any."""
    if its.alarms:
        click.echo(
            gettext(
                "Within %(times)s after an alarm, more than usual came in %(share)s of 100 cases; otherwise in "
                "%(base)s."
            )
            % {"times": its.times, "share": round(100 * its.share), "base": round(100 * its.base_share)}
        )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _print(block: SeriesBlock, each: Replay, settings: ReplaySettings) -> None:
    click.echo(
        ngettext(
            "%(method)s: %(number)s alarm of %(judged)s counts.",
            "%(method)s: %(number)s alarms of %(judged)s counts.",
            len(each.raised),
        )
        % {"method": each.method, "number": len(each.raised), "judged": each.judged}
    )
    table = Table(box=box.SIMPLE)
    for name in (gettext("Series"), gettext("When"), gettext("Came"), gettext("Expected")):
        table.add_column(name)
    for times in settings.horizons:
        heading = ngettext("Next %(number)s (usual)", "Next %(number)s (usual)", times) % {"number": times}
        table.add_column(heading, justify="right")
    for raised in each.raised:
        after = {its.times: f"{its.came} ({its.usual:.1f})" for its in raised.after}
        expected = "–" if math.isnan(raised.expected) else f"{raised.expected:.1f}"
        told = [after.get(times, "–") for times in settings.horizons]
        table.add_row(raised.series, _when(block, raised), str(raised.observed), expected, *told)
    Console().print(table)
    for its in each.summary:
        say_after(its)
