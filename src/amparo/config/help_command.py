"""`./amparo help`."""

import textwrap

import click

from amparo.config.environment import VARIABLES


@click.command(name="help", context_settings={"ignore_unknown_options": True})
@click.argument("topic", required=False)
@click.pass_context
def show_help(ctx: click.Context, topic: str | None) -> None:
    """Say what a command does; `help environment` lists the environment variables."""
    above = ctx.parent
    assert above is not None  # noqa: S101  (it is a command of the group)
    if topic is None:
        click.echo(above.get_help())
        return
    if topic == "environment":
        for name, told in VARIABLES.items():
            click.echo(f"{name}\n{textwrap.indent(textwrap.fill(told, 100), '    ')}")
        return
    group = above.command
    assert isinstance(group, click.Group)  # noqa: S101
    command = group.get_command(above, topic)
    if command is None:
        raise click.UsageError(f"There is no command {topic!r}. ./amparo help lists them.")
    click.echo(command.get_help(click.Context(command, info_name=topic, parent=above)))
