"""What only who runs the server may do with accounts: the first way in, and unlocking an institution."""

import click
from django.utils.translation import gettext as _

from amparo.institutions.models import Institution, User
from amparo.institutions.people import invite_installation_administrator
from amparo.institutions.services import unlock_institution


@click.command(name="invite-administrator")
def invite_administrator() -> None:
    """Print a code by which somebody becomes administrator of this installation: sets up institutions, opens nothing.

    For the first day, and for the day on which every administrator lost her password. Codes of before become worthless.
    """
    click.echo(administrator_text())


@click.command(name="unlock")
@click.argument("code")
def unlock(code: str) -> None:
    """Let the people of the locked institution CODE sign in again."""
    institution = Institution.objects.filter(code=code).first()
    if institution is None:
        raise click.ClickException(_("There is no institution with this code."))
    if institution.locked_at is None:
        raise click.ClickException(_("This institution is not locked."))
    unlock_institution(institution, None, "command-line")
    click.echo(_("The institution is unlocked."), err=True)


def has_administrator() -> bool:
    """Whether somebody administers this installation."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def administrator_text() -> str:
    """A fresh code for an administrator of the installation, with what to do with it."""
    lines = (
        _("Whoever types this code within seven days administers this installation. It is shown this once:"),
        "",
        f"    {invite_installation_administrator().code}",
        "",
        _("Open the page “Sign in”, and there “You were given the code of an invitation”."),
    )
    return "\n".join(lines)
