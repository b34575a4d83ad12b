"""What is computed from counts: shares, rates per million people, a table with columns. Pure."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amparo.statistics.cube import UNKNOWN, Cell, Counts

PER = 1_000_000
# A population stands for a country, or for a country in a year.
PLACES = ("country", "country,year")


class PopulationRefused(Exception):
    """A file of populations that cannot be used. `code`: "no-such-file", "not-readable", "missing-column",
    "wrong-population", "doubled-population", "no-country"."""

    def __init__(self, code: str, /, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Wide:
    """A table with one column for each code of its last dimension. `rows[i]` has a count for each of `columns`, and
    0 where nothing was counted.
    """

    by: tuple[str, ...]
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, tuple[int, ...]], ...]


def shares(counts: Counts) -> dict[Cell, float]:
    """Each cell's part of the total, from 0 to 1. With a multi-valued dimension they add up to more than 1."""
    return {cell: number / counts.total for cell, number in counts.cells.items()}


def widen(counts: Counts) -> Wide:
    """`counts` with the last dimension across. Raises ValueError where there are fewer than two."""
    if len(counts.by) < 2:
        raise ValueError("a wide table needs two dimensions")
    columns = tuple(sorted({cell[-1] for cell in counts.cells}, key=_order))
    rows = sorted({cell[:-1] for cell in counts.cells}, key=lambda cell: tuple(map(_order, cell)))
    filled = tuple((row, tuple(counts.cells.get((*row, column), 0) for column in columns)) for row in rows)
    return Wide(counts.by[:-1], counts.by[-1], columns, filled)


def read_populations(path: Path) -> dict[tuple[str, str | None], int]:
    """Populations by country and year (None where the file has no years), from a CSV file with the columns `country`
    (code), `population` and perhaps `year`. Raises PopulationRefused.
    """
    found: dict[tuple[str, str | None], int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for name in ("country", "population"):
                if name not in (rows.fieldnames or ()):
                    raise PopulationRefused("missing-column", name=name)
            for row in rows:
                text = (row["population"] or "").strip()
                if not (text.isascii() and text.isdigit() and int(text)):
                    raise PopulationRefused("wrong-population", line=rows.line_num, value=text)
                key = (row["country"] or "").strip(), (row.get("year") or "").strip() or None
                if key in found:
                    raise PopulationRefused("doubled-population", line=rows.line_num)
                found[key] = int(text)
    except FileNotFoundError:
        raise PopulationRefused("no-such-file", path=str(path)) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise PopulationRefused("not-readable", path=str(path)) from None
    return found


def rates(
    counts: Counts, populations: Mapping[tuple[str, str | None], int], countries: Sequence[str] = ()
) -> dict[Cell, float | None]:
    """Each cell's count per million people, of its country and year; None where no population is known for them.

    Where the country is no dimension it must be the only one of `countries`. A count over several years of a country
    whose population is known by year only has no rate. Raises PopulationRefused ("no-country").
    """
    if "country" not in counts.by and len(countries) != 1:
        raise PopulationRefused("no-country")
    found: dict[Cell, float | None] = {}
    for cell, number in counts.cells.items():
        said = dict(zip(counts.by, cell, strict=True))
        country = said.get("country") or countries[0]
        people = populations.get((country, said.get("year"))) or populations.get((country, None))
        found[cell] = number / people * PER if people else None
    return found


def _order(code: str) -> tuple[bool, str]:
    """What is not known comes last."""
    return code == UNKNOWN, code
