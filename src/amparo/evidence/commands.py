"""`./amparo verify-package`."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext, ngettext

from amparo.evidence.package_check import CheckedPackage, NotAPackage, Problem, check_package
from amparo.evidence.stamping import read_certificates


@click.command(name="verify-package")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--ca", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="PEM of the authority's root.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: files, time stamps, what is wrong.")
def verify_package(file: Path, ca: Path | None, as_json: bool) -> None:
    """Check that a package of a case is whole: no file changed, missing or added; custody and time stamps hold.

    Exit status 0: it is whole. 1: it is not, and each file is named. Take --ca from the authority itself.
    """
    try:
        checked = check_package(file, read_certificates(ca.read_bytes()) if ca else ())
    except NotAPackage:
        raise click.ClickException(gettext("This file is no package of a case, or it was cut off.")) from None
    except ValueError:
        raise click.ClickException(gettext("There is no certificate in the file after --ca.")) from None
    if as_json:
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False))
    else:
        _tell(checked)
    if not checked.whole:
        raise click.exceptions.Exit(1)


def describe_problem(problem: Problem) -> str:
    """What is wrong with a file of a package, in words for a person."""
    return {
        "changed": gettext("%(name)s: changed."),
        "missing": gettext("%(name)s: missing."),
        "added": gettext("%(name)s: added, or not in the manifest."),
        "twice": gettext("%(name)s: there twice."),
        "unsafe-name": gettext("%(name)s: leads out of the folder. Do not unpack this package."),
        "damaged": gettext("%(name)s: damaged."),
        "custody-broken": gettext("%(name)s: this entry of the chain of custody does not hold."),
        "stamp-wrong": gettext("%(name)s: this time stamp does not hold."),
    }[problem.wrong] % {"name": problem.name}


def _as_json(checked: CheckedPackage) -> dict[str, object]:
    return {
        "whole": checked.whole,
        "files": checked.files,
        "stamps": checked.stamps,
        "signers_checked": checked.signers_checked,
        "problems": [{"wrong": each.wrong, "name": each.name} for each in checked.problems],
    }


def _tell(checked: CheckedPackage) -> None:
    files = ngettext("%(number)s file in the package.", "%(number)s files in the package.", checked.files)
    click.echo(files % {"number": checked.files})
    if checked.stamps:
        stamps = ngettext("%(number)s time stamp holds.", "%(number)s time stamps hold.", checked.stamps)
        click.echo(stamps % {"number": checked.stamps})
        if not checked.signers_checked:
            click.echo(gettext("Who signed was not checked: give --ca with the authority’s certificate."))
    if checked.whole:
        click.echo(gettext("The package is whole: nothing was changed, removed or added."))
    for problem in checked.problems:
        click.echo(describe_problem(problem), err=True)
