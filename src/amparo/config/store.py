"""Getting the store ready: its folder, its tables, its vocabularies; and on the first day its institution."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.institutions.models import Institution
from amparo.institutions.people import Invited, make_invitation
from amparo.institutions.services import Founded, found_institution
from amparo.ui.catalogues import compile_catalogues
from amparo.vault.shares import share_words
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.services import load_vocabularies

_WORDS_IN_LINE = 6
OWN_INSTITUTION = "own"
OWN_NAMES = {
    "en": "Own institution",
    "fr": "Notre institution",
    "es": "Institución propia",
    "ar": "مؤسستنا",
}
# Two servers on one database must not lay the same table twice: an advisory lock of PostgreSQL, by a number of ours.
_DATABASE_LOCK = 0x616D7061726F

Step = Callable[[str], None]


class StoreRefused(click.ClickException):
    """The store cannot be used; the text says why and what to do."""


def prepare_store(*, with_institution: bool = False, with_pages: bool = False, step: Step = lambda told: None) -> None:
    """Bring the store of this process up to this version of Amparo, and make what is missing. Quick when nothing is.

    With `with_institution` the first institution is set up where there is none. With `with_pages` the files that pages
    need are laid out. Raises StoreRefused.
    """
    with _store_errors(), _locked(settings.DATA_DIR):
        step(_("Tables"))
        _lay_tables()
        step(_("Vocabularies and languages"))
        load_vocabularies()
        compile_catalogues()
        if with_pages:
            call_command("collectstatic", interactive=False, verbosity=0)
        if with_institution and not Institution.objects.exists():
            _found_own_institution()
    connection.close()


def _lay_tables() -> None:
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs()}
    later = {key for key in executor.loader.applied_migrations if key[0] in ours} - set(executor.loader.disk_migrations)
    if later:
        raise StoreRefused(
            _("This store was made by a later version of Amparo (%(migrations)s). Use that version, or a copy.")
            % {"migrations": ", ".join(f"{app}.{name}" for app, name in sorted(later))}
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic
def _found_own_institution() -> None:
    founded = found_institution(OWN_INSTITUTION, "nhri", OWN_NAMES)
    first = [
        make_invitation(founded.institution, role, unlocked=founded.unlocked)
        for role in ("focal-point", "administrator")
    ]
    transaction.on_commit(lambda: click.echo(first_day_text(founded, first), err=True))


def first_day_text(founded: Founded, first: Sequence[Invited]) -> str:
    """What is printed once, when an institution is set up: its shares, the first invitations, and what to do next."""
    language = get_language() or "en"
    lines = [
        _("A first institution was set up (code “%(code)s”), with a key of its own.")
        % {"code": founded.institution.code},
        "",
        _("Its recovery shares follow. Any %(needed)d of these %(number)d open everything that is sealed to it.")
        % {"needed": founded.shares[0].needed, "number": len(founded.shares)},
        _("Write each on paper and give it to another person. They are shown this once and kept nowhere."),
    ]
    for share in founded.shares:
        words = share_words(share, language)
        lines += ["", _("Share %(number)d") % {"number": share.number}]
        lines += [
            "    " + " ".join(words[start : start + _WORDS_IN_LINE]) for start in range(0, len(words), _WORDS_IN_LINE)
        ]
    for invited in first:
        role = get_vocabulary("roles").terms[invited.invitation.role].label(language)
        lines += ["", _("Invitation, good for seven days: %(role)s") % {"role": role}, f"    {invited.code}"]
    lines += [
        "",
        _(
            "What to do next: start ./amparo serve, open the page “Sign in”, and there “You were given the code of an"
            " invitation”. Type the code of the focal point first: only she can let others open what is sealed."
        ),
    ]
    return "\n".join(lines)


def _reach_database() -> None:
    # By a connection of its own: the pool would try for half a minute, and say only that it tried.
    if connection.vendor == "postgresql":
        wanted = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
        psycopg.connect(**wanted, connect_timeout=10).close()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _reach_database()
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_DATABASE_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_DATABASE_LOCK])
    finally:
        os.close(descriptor)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Say in clear words what keeps the store from being used. No driver puts a password or a record into these."""
    try:
        yield
    except (DatabaseError, psycopg.Error) as error:
        where = settings.DATABASES["default"]["NAME"]
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StoreRefused(
            _("The database %(name)s cannot be used: %(reason)s") % {"name": where, "reason": reason}
        ) from None
    except OSError as error:
        raise StoreRefused(
            _("The store in %(folder)s cannot be written: %(reason)s.")
            % {"folder": settings.DATA_DIR, "reason": error.strerror}
        ) from None
