"""`./amparo export`."""

import json
import sys
from pathlib import Path

import click
from django.db import DatabaseError
from django.utils.translation import gettext, ngettext

from amparo.exchange.checked_mapping import Mapping
from amparo.exchange.commands import find_institution, refuse
from amparo.exchange.exporting import Exported, export_incidents
from amparo.exchange.mapping import load_mapping
from amparo.exchange.messages import shown
from amparo.exchange.problems import FileRefused
from amparo.institutions.access import EXPORT_CASES, OPEN_SECTIONS, may, must_have_second_factor
from amparo.institutions.models import Institution, User
from amparo.institutions.problems import AccountProblem
from amparo.institutions.second_factors import check_code
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyGrant


@click.group()
def export() -> None:
    """Take records out as files."""


@export.command(name="incidents")
@click.option("--mapping", required=True, help="The mapping that they were imported by: its name, or a TOML file.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The new CSV file. It is in clear.")
@click.option("--dataset", help="Code that they were imported under, where it isn't the mapping's own.")
@click.option("--institution", help="Code of the institution that documents; needed where there are several.")
@click.option("--user", help="Who exports; else asked for. The password always is: it stands in no command.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def incidents(
    mapping: str, output: Path, dataset: str | None, institution: str | None, user: str | None, as_json: bool
) -> None:
    """Write incidents that were imported as the rows that they came from, cell by cell."""
    try:
        by = load_mapping(mapping, dataset)
        of = find_institution(institution)
        person, unlocked = _unlock(of, user)
        exported = export_incidents(output, by, of, unlocked, person.pk)
    except FileRefused as refused:
        refuse(refused, as_json)
    except DatabaseError:
        refuse(FileRefused("store-not-writable"), as_json)
    else:
        _answer(exported, by, output, as_json)


def _unlock(institution: Institution, name: str | None) -> tuple[User, vault.Unlocked]:
    """Who exports, and the institution's key that her password opens. Raises `FileRefused`."""
    if not sys.stdin.isatty():
        # What is piped in stands in a script, or in the history of a shell.
        raise FileRefused("needs-terminal")
    name = name or click.prompt(gettext("User name"), err=True)
    password = click.prompt(gettext("Password"), hide_input=True, err=True)
    user = User.objects.select_related("key_pair", "institution").filter(username=name).first()
    code = ""
    if user is not None and must_have_second_factor(user):
        code = click.prompt(gettext("Code of your authenticator app, or a recovery code"), hide_input=True, err=True)
    return unlock_for_export(institution, user, password, code)


def unlock_for_export(
    institution: Institution, user: User | None, password: str, code: str = ""
) -> tuple[User, vault.Unlocked]:
    """`user`, and the key of `institution` that her password opens; `code` is her second step, where she must have one.

    Raises `FileRefused`, the same whatever is wrong.
    """
    refusal = FileRefused("may-not-export")
    if user is None or user.institution_id != institution.pk or user.key_pair is None or institution.is_locked:
        raise refusal
    if not (may(user, EXPORT_CASES) and may(user, OPEN_SECTIONS) and user.check_password(password)):
        raise refusal
    try:
        if must_have_second_factor(user):
            check_code(user, code)
        unlocked = vault.unlock_granted(vault.unlock_with_password(user.key_pair, password), institution.key_pair)
    except (VaultError, KeyGrant.DoesNotExist, AccountProblem):
        raise refusal from None
    return user, unlocked


def _answer(exported: Exported, mapping: Mapping, output: Path, as_json: bool) -> None:
    if as_json:
        answer = {
            "written": True,
            "incidents": exported.incidents,
            "rows": exported.rows,
            "output": str(output),
            "lost_columns": list(exported.lost_columns),
            "ignored_columns": list(mapping.ignored_columns),
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    told = ngettext("%(n)s row written to %(file)s", "%(n)s rows written to %(file)s", exported.rows)
    click.echo(told % {"n": exported.rows, "file": shown(str(output), 1000)})
    click.echo(gettext("It names people, in clear: keep it where nobody else reads it, and delete it when you can."))
    ignored = [column for column in exported.lost_columns if column in mapping.ignored_columns]
    if ignored:
        click.echo(gettext("Blank, for the mapping leaves them out: %(columns)s") % {"columns": ", ".join(ignored)})
    if coded := [column for column in exported.lost_columns if column not in ignored]:
        told = gettext("Coded, so that cells may be written otherwise than they came: %(columns)s")
        click.echo(told % {"columns": ", ".join(coded)})
