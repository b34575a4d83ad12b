"""`./amparo verify-log`."""

import json
from typing import Any

import click
from django.utils.translation import gettext, ngettext

from amparo.vault import log
from amparo.vault.chain import Checked, Place, Wrong


@click.command(name="verify-log")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object: entries, newest number and code, what is wrong."
)
@click.option(
    "--accept-restored",
    is_flag=True,
    help="Go on from an older database that was put back on purpose; an entry of the log will say so.",
)
def verify_log(as_json: bool, accept_restored: bool) -> None:
    """Check that no entry of the log was changed, removed, added or moved since it was written.

    Exit status 0: it is whole. 1: it is not, and each place is named. Write number and code down now and then, on paper
    or at another place: they tell even whether the log was made anew by somebody who had its key.
    """
    checked = log.verify()
    if accept_restored and not checked.whole:
        log.accept_restored()
        checked = log.verify()
    if as_json:
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False))
    else:
        _tell(checked)
    if not checked.whole:
        raise click.exceptions.Exit(1)


def _as_json(checked: Checked) -> dict[str, Any]:
    places = [
        {"wrong": place.wrong.value, "first": place.first, "last": place.last}
        | ({} if place.belongs_at is None else {"belongs_at": place.belongs_at})
        for place in checked.places
    ]
    return {
        "whole": checked.whole,
        "entries": checked.entries,
        "newest": {"number": checked.newest.number, "code": checked.newest.code.hex()},
        "places": places,
        "more": checked.more,
    }


def _tell(checked: Checked) -> None:
    click.echo(
        ngettext("%(number)s entry in the log.", "%(number)s entries in the log.", checked.entries)
        % {"number": checked.entries}
    )
    click.echo(
        gettext("The newest is number %(number)s, with the code %(code)s.")
        % {"number": checked.newest.number, "code": checked.newest.code.hex()}
    )
    if checked.whole:
        click.echo(gettext("The log is whole: nothing was changed, removed, added or moved."))
        return
    for place in checked.places:
        click.echo(describe_place(place), err=True)
    if checked.more:
        told = ngettext("%(number)s place more is wrong.", "%(number)s places more are wrong.", checked.more)
        click.echo(told % {"number": checked.more}, err=True)


def describe_place(place: Place) -> str:
    """What is wrong there, in words for a person."""
    span = str(place.first) if place.first == place.last else f"{place.first}–{place.last}"
    told = {
        Wrong.CHANGED: gettext("%(span)s: changed after it was written, or never written by Amparo."),
        Wrong.MISSING: gettext("%(span)s: removed."),
        Wrong.REORDERED: gettext("%(span)s: moved here."),
        Wrong.DOUBLED: gettext("%(span)s: a copy of another entry."),
        Wrong.UNLINKED: gettext("%(span)s: does not follow on the entry before it. Two logs were joined."),
        Wrong.CUT_OFF: gettext("%(span)s: the end of the log was cut off, or an older database was put back."),
        Wrong.REPLACED: gettext("%(span)s: not the entry that was written: an older database was put back and used."),
        Wrong.HEAD_MISSING: gettext(
            "The file log.head is not in the key folder: whether the end is whole is not known."
        ),
        Wrong.HEAD_DAMAGED: gettext("The file log.head was changed, or the key folder is another one."),
    }[place.wrong] % {"span": span}
    if place.belongs_at is None:
        return told
    return told + " " + gettext("It was written as number %(number)s.") % {"number": place.belongs_at}
