"""The command line behind `./amparo`."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any

import click

from amparo.config.environment import read_environment
from amparo.launch.words import language


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is, and what has to be ready before it runs."""

    place: str
    needs_django: bool = True
    needs_store: bool = True
    # Of a group: the commands that need it, where not all do.
    store_for: tuple[str, ...] | None = None
    # Whether the store gets a first institution where it has none, or the files that pages need.
    with_institution: bool = False
    with_pages: bool = False
    hidden: bool = False


# Each command lives in the package that it belongs to, and is imported only when it is asked for.
COMMANDS = {
    "demo": Entry("amparo.config.demo_command:demo", needs_django=False, needs_store=False),
    "serve": Entry("amparo.config.serve_command:serve", with_pages=True),
    "import": Entry("amparo.exchange.civic_space_commands:import_", with_institution=True),
    "export": Entry("amparo.exchange.export_commands:export"),
    "stats": Entry("amparo.statistics.commands:stats"),
    "release": Entry("amparo.statistics.commands:release"),
    "portal": Entry("amparo.portal.recompute.commands:portal"),
    "warn": Entry("amparo.warning.commands:warn", store_for=("watch",)),
    "invite-administrator": Entry("amparo.institutions.commands:invite_administrator"),
    "unlock": Entry("amparo.institutions.commands:unlock", hidden=True),
    "verify-log": Entry("amparo.vault.commands:verify_log"),
    "verify-package": Entry("amparo.evidence.commands:verify_package", needs_store=False),
    "test": Entry("amparo.launch.development:run_tests", needs_django=False, needs_store=False),
    "check": Entry("amparo.launch.development:run_checks", needs_django=False, needs_store=False),
    "bench": Entry("amparo.launch.development:run_bench", needs_django=False, needs_store=False),
    "help": Entry("amparo.config.help_command:show_help", needs_django=False, needs_store=False),
    "seed-demo": Entry("amparo.config.seed_demo_command:seed_demo", needs_store=False, hidden=True),
}


class AmparoCommands(click.Group):
    """Finds the commands of `COMMANDS`, with Django and the store ready where they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.needs_django:
            set_up_django()
        module, _, name = entry.place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        if entry.needs_store:
            _prepare_before(command, entry)
        return command


def set_up_django() -> None:
    """Read the settings, and speak the language of the terminal. Raises ClickException for what cannot be read."""
    django = import_module("django")
    os.environ["DJANGO_SETTINGS_MODULE"] = "amparo.config.settings"
    try:
        # Before the settings make their keys in it: only its owner may enter.
        read_environment(os.environ).data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        django.setup()
    except (ValueError, OSError) as error:
        # A URL that is none, a data folder that cannot be made: it is the environment that is wrong.
        raise click.ClickException(f"{error}") from None
    import_module("django.utils.translation").activate(language(os.environ))


def _prepare_before(command: click.Command, entry: Entry) -> None:
    """Make `command`, or each command below it, prepare the store first: when it runs, not for its --help."""
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            if entry.store_for is None or name in entry.store_for:
                _prepare_before(each, entry)
    if command.callback is not None:
        run = command.callback

        @wraps(run)
        def prepare_and_run(*given: Any, **options: Any) -> Any:
            # A group prepares only where it does the work itself: else the command below it does.
            if click.get_current_context().invoked_subcommand is None:
                prepare = import_module("amparo.config.store").prepare_store
                # A dry run leaves no institution behind, nor a recovery key that nobody keeps; and who asks for none
                # gets none.
                for_one = entry.with_institution and "institution" in options and not options.get("dry_run")
                prepare(with_institution=for_one, with_pages=entry.with_pages)
            return run(*given, **options)

        command.callback = prepare_and_run


def take_data_dir(arguments: Sequence[str]) -> list[str]:
    """`arguments` without `--data-dir DIR`, which is put where the settings read it. Raises UsageError without DIR."""
    left, given = [], list(arguments)
    while given:
        word = given.pop(0)
        name, equals, value = word.partition("=")
        if name != "--data-dir":
            left.append(word)
            continue
        if not equals:
            value = given.pop(0) if given else ""
        if not value or value.startswith("-"):
            raise click.UsageError("--data-dir needs a folder.")
        os.environ["AMPARO_DATA_DIR"] = value
    return left


@click.group(
    cls=AmparoCommands, epilog="Every command takes --help, and --data-dir DIR (else AMPARO_DATA_DIR, else ./var)."
)
def amparo() -> None:
    """Amparo: protects human rights defenders, and those who protect them."""


def main() -> None:
    try:
        arguments = take_data_dir(sys.argv[1:])
    except click.UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    amparo.main(arguments, prog_name="./amparo")


if __name__ == "__main__":
    main()
