"""How long incidents waited to be verified. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from amparo.statistics.cube import Cell, list_cells, restrict, spread

DAYS = "days_to_verification"


@dataclass(frozen=True, slots=True)
class Delay:
    """The median of days, and of how many incidents: those that were verified here."""

    days: float
    incidents: int


def median_days(
    plane: ir.Table, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None
) -> dict[Cell, Delay]:
    """The median days from the day on which an incident was recorded to that on which it was verified, by `by`.

    Each incident counts once in a cell; those not verified here, or verified before they came here, in none. From the
    day of recording, not that of the incident: this is what the institution can answer for, it is known to the day
    always, and an old crime recorded today would count as decades.
    """
    there = restrict(plane, where or {})
    there = there.filter(there[DAYS].notnull())
    listed = spread(there, by, {"incident": there.incident_id, "days": there[DAYS]}).distinct()
    measures = {"median": listed.days.median(), "n": listed.count()}
    found = (listed.group_by(*by).agg(**measures) if by else listed.aggregate(**measures)).to_pyarrow()
    cells = list_cells(found, by) if by else [()] * len(found)
    rows = zip(cells, found["median"].to_pylist(), found["n"].to_pylist(), strict=True)
    return {cell: Delay(float(days), number) for cell, days, number in rows if number}
