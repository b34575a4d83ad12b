"""Writes `data/real-coded-facts.csv.gz` from the published lists. Run by hand when a list or its mapping changes:

.venv/bin/python -P -m amparo.portal.demo.make_coded_facts FOLDER_WITH_THE_LISTS
"""

from collections.abc import Iterator
from pathlib import Path

import click

from amparo.cases.drafts import IncidentDraft
from amparo.exchange.mapping import load_mapping
from amparo.exchange.reading import open_table
from amparo.portal.demo.coded_facts import FILE, write_coded_facts

# Shipped mapping → where its list lies in the folder.
LISTS = {
    "global-witness": "environmental-defenders-killed/defenders_killed.csv",
    "colombia-social-leaders": "colombia-social-leaders/lideres_sociales_2016_2020.csv",
    "cpj": "journalists-killed/cpj_1992_2016.csv",
}


def facts_in(folder: Path) -> Iterator[tuple[str, IncidentDraft]]:
    """The incidents of all lists in `folder`, each with the code of its dataset."""
    for name, place in LISTS.items():
        mapping = load_mapping(name)
        with open_table(folder / place) as table:
            mapping.check_columns(table.columns)
            for row in table.rows:
                draft = mapping.draft(row)
                if isinstance(draft, list):
                    raise click.ClickException(f"{place}, row {row.number}: {draft[0].code}")
                yield mapping.dataset, draft


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--into", type=click.Path(path_type=Path), default=FILE, show_default=True)
def main(folder: Path, into: Path) -> None:
    """Write the coded facts of the published lists in FOLDER."""
    click.echo(f"{write_coded_facts(into, facts_in(folder))} incidents in {into}", err=True)


if __name__ == "__main__":
    main()
