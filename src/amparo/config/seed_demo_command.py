"""Fills a new store with the demonstration data: started by `./amparo demo`, in a process of its own."""

import click
from django.utils.translation import gettext as _

from amparo.config.store import prepare_store
from amparo.institutions.models import Institution
from amparo.portal.demo.seeding import STEPS, seed

_STEPS_OF_STORE = 2


@click.command(hidden=True)
def seed_demo() -> None:
    """Fill the (new, empty) store in the data folder with the demonstration data."""
    done = 0

    def step(told: str) -> None:
        nonlocal done
        done += 1
        click.echo(f"[{done}/{_STEPS_OF_STORE + STEPS}] {told}", err=True)

    prepare_store(with_pages=True, step=step)
    if Institution.objects.exists():
        raise click.ClickException(_("This store is in use: demonstration data go into a new one only."))
    seed(step, lambda told: click.echo(f"      {told}", err=True))
