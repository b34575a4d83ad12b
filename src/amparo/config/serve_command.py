"""`./amparo serve`."""

import click
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from amparo.config.demo_store import is_demo_store
from amparo.config.serving import (
    FIRST_PORT,
    address_of,
    become_server,
    default_workers,
    is_free,
    is_loopback,
    next_free,
)
from amparo.institutions.commands import administrator_text, has_administrator

_DEFAULT_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(1, 65535), default=FIRST_PORT, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), help="Server processes. Default: one a core, four at most.")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the portal and the desk until Ctrl-C, from the data folder."""
    check_exposure(host)
    try:
        free = is_free(host, port)
    except PermissionError:
        raise click.ClickException(
            _("Port %(port)s needs more rights. Take one above 1023, behind a web server that does TLS.")
            % {"port": port}
        ) from None
    if not free:
        raise click.ClickException(port_taken(host, port))
    if not (is_demo_store(settings.DATA_DIR) or has_administrator()):
        click.echo(administrator_text(), err=True)
        connection.close()
    greeting = _("Amparo is at %(address)s (Ctrl-C stops it).") % {"address": address_of(host, port)}
    become_server(host, port, workers or default_workers(), greeting)


def check_exposure(host: str) -> None:
    """Raises ClickException where others could reach a server that is not fit for them."""
    if is_loopback(host):
        return
    if settings.DEBUG:
        raise click.ClickException(
            _("AMPARO_DEBUG=1 shows the inside of the program to anybody who can reach %(host)s. Unset it.")
            % {"host": host}
        )
    if is_demo_store(settings.DATA_DIR):
        raise click.ClickException(
            _("This is a demo: its passwords are printed in the open. It is served to this machine only.")
        )
    if set(settings.ALLOWED_HOSTS) <= _DEFAULT_HOSTS:
        raise click.ClickException(
            _("Set AMPARO_ALLOWED_HOSTS to the names that people will ask for, such as amparo.example.org.")
        )


def port_taken(host: str, port: int) -> str:
    """What to say of a port that somebody else listens on."""
    other = next_free(host, port + 1)
    return _("Something else listens on port %(port)s. Take another: --port %(other)s") % {"port": port, "other": other}
