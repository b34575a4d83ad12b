"""The command line behind `./amparo`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

# Each command lives in the package that it belongs to, and is imported only when it is asked for.
COMMANDS = {
    "demo": "amparo.portal.demo_command:demo",
    "serve": "amparo.portal.serve_command:serve",
    "import": "amparo.exchange.commands:import_",
    "stats": "amparo.statistics.commands:stats",
    "release": "amparo.statistics.commands:release",
}


class AmparoCommands(click.Group):
    """Finds the commands of `COMMANDS`, with Django ready before the first is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        import django  # noqa: PLC0415  (settings are read here, after --data-dir is known)

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.config.settings")
        django.setup()
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


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
            if not given:
                raise click.UsageError("--data-dir needs a folder.")
            value = given.pop(0)
        os.environ["AMPARO_DATA_DIR"] = value
    return left


@click.group(cls=AmparoCommands, epilog="Every command takes --data-dir DIR (default: AMPARO_DATA_DIR, else ./var).")
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
