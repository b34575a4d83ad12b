"""Exporting incidents: what was imported by a mapping out again, as the rows that it came from.

What goes sealed stands in clear in such a file. It is written for its owner only, and never into the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from amparo.exchange.checked_mapping import Mapping
from amparo.exchange.giving_back import as_written
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import Row
from amparo.exchange.rejected import NewFileOfRows
from amparo.exchange.stored_incidents import drafts_of, imported_incidents
from amparo.institutions.models import Institution
from amparo.vault import log
from amparo.vault import services as vault


@dataclass(frozen=True, slots=True)
class Exported:
    """How many incidents and rows were written, and the columns whose cells may differ from those that came."""

    incidents: int
    rows: int
    lost_columns: tuple[str, ...]


def export_incidents(
    path: Path, mapping: Mapping, institution: Institution, unlocked: vault.Unlocked, actor: int | None = None
) -> Exported:
    """Write the rows of what `institution` imported by `mapping` to the new CSV file `path`, in their old order.

    `unlocked` is the institution's key, `actor` whoever opened it, for the log. Raises `FileRefused` where there is
    nothing, where something of it does not open, or where the file cannot be written; then there is none.
    """
    _check_place(path)
    found = imported_incidents(institution, mapping.dataset)
    incidents = found.count()
    if not incidents:
        raise FileRefused("nothing-imported", dataset=mapping.dataset)
    rows = rows_of(mapping, institution, unlocked)
    with transaction.atomic(), NewFileOfRows(path, mapping.column_order, ",", "output-not-writable") as file:
        for number, cells in enumerate(rows, start=2):
            file.write(Row(number, cells))
        file.finish()
        log.record(
            "incidents-exported",
            actor=actor,
            institution=institution.code,
            record=f"dataset:{mapping.dataset}",
            facts={"incidents": incidents, "rows": len(rows)},
        )
    return Exported(incidents, len(rows), mapping.lost_columns)


def rows_of(mapping: Mapping, institution: Institution, unlocked: vault.Unlocked) -> list[dict[str, str]]:
    """The cells of each row by column, in the order in which the rows stood in their file.

    A column that the mapping ignores is blank. Held in memory: only what is sealed tells the order.
    """
    numbered = list(_numbered_rows(mapping, institution, unlocked))
    # Sorted is stable: rows without a number stay as their incidents came, after the others.
    numbered.sort(key=lambda each: (each[0] is None, each[0] or 0))
    return [cells for _, cells in numbered]


def _numbered_rows(
    mapping: Mapping, institution: Institution, unlocked: vault.Unlocked
) -> Iterator[tuple[int | None, dict[str, str]]]:
    blank = dict.fromkeys(mapping.column_order, "")
    for incident in drafts_of(imported_incidents(institution, mapping.dataset), unlocked):
        for victim in incident.victims:
            number, cells = as_written(victim, mapping.inverse.cells(incident, victim))
            yield number, blank | cells


def _check_place(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise FileRefused("output-exists", file=str(path))
    folder = path.parent.resolve()
    if any(folder.is_relative_to(Path(kept).resolve()) for kept in (settings.DATA_DIR, settings.KEY_DIR)):
        raise FileRefused("output-in-store", file=str(path))
