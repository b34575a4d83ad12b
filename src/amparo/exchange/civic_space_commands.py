"""`./amparo import conditions` and `./amparo import ratings`."""

import json
from collections.abc import Iterable
from pathlib import Path

import click
from django.db import DatabaseError, transaction
from django.utils.translation import gettext, ngettext

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import CivicSpaceError
from amparo.civic_space.files import template as empty_file
from amparo.civic_space.models import Condition
from amparo.civic_space.ratings import Recorded, record_ratings
from amparo.civic_space.scales import Scale, ScaleNotFound, get_scale, scale_codes
from amparo.civic_space.services import add_condition
from amparo.exchange.commands import find_institution, import_, refuse
from amparo.exchange.condition_rows import ReadConditions, read_conditions
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.rating_rows import ReadRatings, read_ratings
from amparo.exchange.report import PROBLEMS_SHOWN
from amparo.institutions.models import Institution
from amparo.vault import log

__all__ = ["import_"]


@import_.command(name="conditions")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--template", is_flag=True, help="Print an empty CSV file with the headings, and do nothing else.")
@click.option("--institution", help="Code of the institution that keeps them; needed where there are several.")
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
@click.option("--encoding", help="Encoding of a CSV file; otherwise found out.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def conditions(
    file: Path | None,
    template: bool,
    institution: str | None,
    sheet: str | None,
    encoding: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import conditions for civic space from FILE (CSV or XLSX), as drafts: all of them, or none."""
    if template:
        click.echo(empty_file().removeprefix("\ufeff"), nl=False)
        return
    if file is None:
        raise click.UsageError(gettext("Give a file, or --template."))
    try:
        keeper = find_institution(institution)
        read = read_conditions(file, keeper.code, sheet, encoding)
        new = 0 if read.problems else _keep(read, keeper, dry_run=dry_run)
    except FileRefused as refused:
        refuse(refused, as_json)
    except DatabaseError:
        refuse(FileRefused("store-not-writable"), as_json)
    else:
        there = len(read.conditions) - new
        _answer({"new": new, "already_there": there}, read.problems, dry_run=dry_run, as_json=as_json)
        if not as_json:
            click.echo(ngettext("%(n)s new draft", "%(n)s new drafts", new) % {"n": new})
            click.echo(ngettext("%(n)s was there already", "%(n)s were there already", there) % {"n": there})
            _say_dry(dry_run)
            click.echo(gettext("Two people read each before it is published: send them from the desk."))


@import_.command(name="ratings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Code of the scale, such as civicus.")
@click.option("--date", "written", help="Date of the ratings where the file has none: 2021 or 2021-03-19.")
@click.option("--replace", is_flag=True, help="Take the file's value where another is kept for that date.")
@click.option("--sheet", help="Sheet of an XLSX file; otherwise the first with rows.")
@click.option("--encoding", help="Encoding of a CSV file; otherwise found out.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def ratings(
    file: Path,
    source: str,
    written: str | None,
    replace: bool,
    sheet: str | None,
    encoding: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import ratings that others published from FILE (CSV or XLSX): all of them, or none."""
    try:
        scale = _find_scale(source)
        read = read_ratings(file, scale, _read_date(written), sheet, encoding)
        kept = Recorded(0, 0, ()) if read.problems else _record(scale, read, replace=replace, dry_run=dry_run)
    except FileRefused as refused:
        refuse(refused, as_json)
    except DatabaseError:
        refuse(FileRefused("store-not-writable"), as_json)
    else:
        counts = {"new": kept.new, "already_there": kept.already_there, "changed": list(kept.changed)}
        counts |= {"without_value": list(read.without_value)}
        _answer(counts, read.problems, dry_run=dry_run, as_json=as_json)
        if not as_json:
            _say_ratings(scale, read, kept, replace=replace)
            _say_dry(dry_run)


def _keep(read: ReadConditions, keeper: Institution, *, dry_run: bool) -> int:
    """Keep what is new as drafts; how many. Raises `FileRefused` for the country of another institution."""
    with transaction.atomic():
        there = set(Condition.objects.filter(institution=keeper).values_list("token", flat=True))
        new = {each.token: each for each in read.conditions if each.token not in there}
        for each in new.values():
            try:
                add_condition(keeper, each.facts, each.token)
            except CivicSpaceError as refused:
                raise FileRefused(f"condition-{refused.code}", country=each.facts.country) from None
        if new and not dry_run:
            log.record("conditions-imported", institution=keeper.code, facts={"conditions": len(new)})
        transaction.set_rollback(dry_run)
    return len(new)


def _record(scale: Scale, read: ReadRatings, *, replace: bool, dry_run: bool) -> Recorded:
    with transaction.atomic():
        kept = record_ratings(scale, read.ratings, replace=replace)
        transaction.set_rollback(dry_run)
    return kept


def _find_scale(code: str) -> Scale:
    try:
        return get_scale(code)
    except ScaleNotFound:
        raise FileRefused("no-such-scale", code=code, codes=", ".join(scale_codes())) from None


def _read_date(written: str | None) -> EventDate | None:
    try:
        return EventDate.read(written) if written else None
    except ValueError:
        raise FileRefused("rating-date-unreadable", date=written) from None


def _answer(counts: dict[str, object], problems: tuple[Problem, ...], *, dry_run: bool, as_json: bool) -> None:
    """Answer a program; say to a person what was wrong, and end with an error where something was."""
    if as_json:
        told = [
            {"row": each.row, "column": each.column, "code": each.code, "message": describe(each)} for each in problems
        ]
        said = {"written": not problems and not dry_run, "dry_run": dry_run, **counts, "problems": told}
        click.echo(json.dumps(said, ensure_ascii=False))
    if not problems:
        return
    if not as_json:
        _say_problems(problems)
    raise SystemExit(1)


def _say_problems(problems: tuple[Problem, ...]) -> None:
    lines: Iterable[str] = map(describe, problems[:PROBLEMS_SHOWN])
    for line in lines:
        click.echo(line, err=True)
    left = len(problems) - min(len(problems), PROBLEMS_SHOWN)
    if left:
        click.echo(ngettext("… and %(n)s more.", "… and %(n)s more.", left) % {"n": left}, err=True)
    click.echo(gettext("Nothing was imported. Mend the rows above."), err=True)


def _say_ratings(scale: Scale, read: ReadRatings, kept: Recorded, *, replace: bool) -> None:
    click.echo(ngettext("%(n)s new rating", "%(n)s new ratings", kept.new) % {"n": kept.new})
    told = ngettext("%(n)s was there already", "%(n)s were there already", kept.already_there)
    click.echo(told % {"n": kept.already_there})
    if read.without_value:
        click.echo(gettext("Not rated in the file: %(countries)s") % {"countries": ", ".join(read.without_value)})
    if kept.changed:
        countries = {"countries": ", ".join(kept.changed)}
        replaced = gettext("Replaced by the file's value: %(countries)s") % countries
        left = gettext("Kept with another value than the file's; --replace takes the file's: %(countries)s") % countries
        click.echo(replaced if replace else left)
    click.echo(gettext("They are shown with their source: %(address)s") % {"address": scale.address})


def _say_dry(dry_run: bool) -> None:
    if dry_run:
        click.echo(gettext("Dry run: nothing was written."))
