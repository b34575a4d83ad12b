"""`./amparo demo`. Which store the settings are for is decided here, so they are read only after it."""

import gettext
import os
import subprocess
import sys
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import click

from amparo.config.demo_store import DemoRefused, check_place, draft_of, in_use, is_demo_store, remove_demo
from amparo.config.serving import FIRST_PORT, address_of, become_server, is_free, next_free
from amparo.launch.words import language
from amparo.portal.demo.invented_reports import receipts
from amparo.portal.demo.people import PASSWORD, PEOPLE
from amparo.ui.catalogues import LOCALE, compile_catalogues

HOST = "127.0.0.1"
# A demo never touches what an installation is set up with.
_NOT_FOR_A_DEMO = (
    "DATABASE_URL",
    "AMPARO_KEY_DIR",
    "AMPARO_ALLOWED_HOSTS",
    "AMPARO_DEBUG",
    "AMPARO_HTTPS",
    "AMPARO_SMTP_URL",
    "AMPARO_MAIL_FROM",
)


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    compile_catalogues()
    return gettext.translation("django", LOCALE, [language(os.environ)], fallback=True)


def _(message: str) -> str:
    return _catalogue().gettext(message)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on. Default: 8000, or the next free one.")
@click.option("--reset", is_flag=True, help="Throw the demo in the data folder away, and make a new one.")
@click.option("--yes", is_flag=True, help="Don't ask before --reset.")
def demo(port: int | None, reset: bool, yes: bool) -> None:
    """Try Amparo: demonstration data in a store of its own, served to this machine only, until Ctrl-C.

    The data folder of a demo is --data-dir, else AMPARO_DATA_DIR, else ./var/demo.
    """
    folder = demo_folder()
    for name in _NOT_FOR_A_DEMO:
        os.environ.pop(name, None)
    try:
        check_place(folder)
        port = _take_port(port)
        if reset and is_demo_store(folder):
            _confirm_reset(folder, yes)
            remove_demo(folder)
        if not is_demo_store(folder):
            build_demo(folder)
        with in_use(folder):
            _serve(folder, port)
    except DemoRefused as refused:
        raise click.ClickException(_explain(refused.code) % {"folder": folder}) from None
    except OSError as error:
        raise click.ClickException(
            _("The demo in %(folder)s cannot be used: %(reason)s.") % {"folder": folder, "reason": error.strerror}
        ) from None


def demo_folder() -> Path:
    """The folder of the demo: apart from a real store's, unless it is named."""
    given = os.environ.get("AMPARO_DATA_DIR")
    return Path(given).absolute() if given else Path(__file__).resolve().parents[3] / "var" / "demo"


def build_demo(folder: Path) -> None:
    """Make the demo in `folder`, whole or not at all. Raises ClickException where it fails."""

    def say_waiting() -> None:
        click.echo(_("Another start is making the demo; waiting for it."), err=True)

    with draft_of(folder, say_waiting) as draft:
        if draft is None:
            return
        click.echo(_("Making a demo in %(folder)s. This takes some two minutes, once.") % {"folder": folder}, err=True)
        # In a process of its own: settings are read once in a process, and this one's are for the finished store.
        seeding = [sys.executable, "-P", "-m", "amparo", "seed-demo"]
        done = subprocess.run(seeding, env=os.environ | {"AMPARO_DATA_DIR": str(draft)}, check=False)  # noqa: S603
        if done.returncode:
            raise click.ClickException(_("The demo could not be made. Nothing of it is left; start again."))


def _serve(folder: Path, port: int) -> None:
    os.environ["AMPARO_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "amparo.config.settings"
    import_module("django").setup()
    # It imports models, which need Django to be ready.
    import_module("amparo.config.store").prepare_store(with_pages=True)
    become_server(HOST, port, 1, _welcome(address_of(HOST, port)))


def _welcome(address: str) -> str:
    lines = [
        "",
        _("Amparo's demo is at  %(address)s") % {"address": address},
        "",
        _("Sign in at %(address)s to open invented cases:") % {"address": f"{address}en/account/sign-in/"},
        *(f"    {person.username:<20} {PASSWORD}" for person in PEOPLE),
        "",
        _("Be a reporter who comes back: open a mailbox at %(address)s with one of these receipts:")
        % {"address": f"{address}en/report/mailbox/"},
        *(f"    {institution:<20} {receipt}" for institution, receipt in receipts()),
        "",
        _("The statistics are real and published ones; institutions, people and stories are invented."),
        _("Only this machine can reach it. Ctrl-C stops it; the next start takes the same store."),
    ]
    return "\n".join(lines)


def _take_port(wanted: int | None) -> int:
    try:
        if wanted is None or is_free(HOST, wanted):
            port = wanted or next_free(HOST, FIRST_PORT)
            if port is None:
                raise click.ClickException(_("No port from 8000 on is free. Name one: --port"))
            if wanted is None and port != FIRST_PORT:
                told = _("Something else listens on port %(taken)s; taking %(port)s.")
                click.echo(told % {"taken": FIRST_PORT, "port": port}, err=True)
            return port
    except PermissionError:
        raise click.ClickException(
            _("Port %(port)s needs more rights: take one above 1023.") % {"port": wanted}
        ) from None
    told = _("Something else listens on port %(port)s. Take another: --port %(other)s")
    raise click.ClickException(told % {"port": wanted, "other": next_free(HOST, wanted + 1)})


def _confirm_reset(folder: Path, yes: bool) -> None:
    question = _("Delete the demo in %(folder)s with everything in it, and make a new one?") % {"folder": folder}
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException(_("--reset deletes the demo in %(folder)s. Say so with --yes.") % {"folder": folder})
    click.confirm(question, abort=True, err=True)


def _explain(code: str) -> str:
    return {
        "not-a-folder": _("%(folder)s is not a folder."),
        "not-a-demo": _(
            "%(folder)s holds something that no demo made, and is left as it is. Name another folder: --data-dir"
        ),
        "in-use": _("The demo in %(folder)s is being served. Stop it first (Ctrl-C where it runs)."),
    }[code]
