"""`./amparo warn run`: the nightly search for signals, now."""

import json
from datetime import datetime, timedelta

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amparo.warning.models import Run
from amparo.warning.running.nightly import MISSED_DAYS, run_all


@click.command(name="run")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the run; otherwise today (universal time).")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def run(day: datetime | None, as_json: bool) -> None:
    """Search the records of every institution for signals, as the worker does each night.

    A day is searched once: run again, it does what is left and repeats nothing.
    """
    today = timezone.now().date()
    wanted = today if day is None else day.date()
    if wanted > today:
        raise click.BadParameter(_("This day is still to come."), param_hint="--day")
    if wanted < today - timedelta(days=MISSED_DAYS):
        # Every night since would be taken for missed.
        raise click.BadParameter(_("Only the days of the last week can be searched."), param_hint="--day")
    found = run_all(wanted)
    runs = Run.objects.filter(day=wanted)
    unfinished = runs.filter(ended_at=None).count()
    if as_json:
        said = {"day": wanted.isoformat(), "institutions": runs.count(), "raised": found, "unfinished": unfinished}
        click.echo(json.dumps(said))
        return
    click.echo(
        ngettext("%(number)s signal raised for %(day)s.", "%(number)s signals raised for %(day)s.", found)
        % {"number": found, "day": wanted.isoformat()}
    )
