"""A table of figures as pages show it and files give it: one builder, so that both say the same. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from amparo.vocabularies.spreadsheets import guard_formula

_BOM = "\ufeff"
_UPRIGHT = 8
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `value` as a file gives it, `shown` as the reader writes it; `address` leads to the cases behind it.

    `about` says where that leads, for who hears the page. `stands_out` marks what somebody should look at.
    """

    value: Value
    shown: str
    address: str = ""
    about: str = ""
    is_number: bool = True
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table under its heading."""

    heading: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `code` names it in addresses, `note` says how it is to be read."""

    code: str
    caption: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it is printed across: it has more columns than an upright page has room for."""
        return len(self.columns) > _UPRIGHT

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """The heading of each column, and whether numbers stand below it."""
        cells = self.rows[0].cells if self.rows else ()
        numbers = [cell.is_number for cell in cells] or [True] * len(self.columns)
        return list(zip(self.columns, numbers, strict=True))


def words(text: str, address: str = "", *, about: str = "") -> Cell:
    """A cell of words."""
    return Cell(text, text, address, about, is_number=False)


def write_csv(table: Table, before: Sequence[str] = ()) -> str:
    """`table` for a spreadsheet, with its mark of UTF-8; no cell is one that it would compute.

    `before` are lines of words above it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    for line in (*before, table.caption, *([table.note] if table.note else [])):
        writer.writerow([guard_formula(line)])
    writer.writerow([guard_formula(each) for each in (table.row_heading, *table.columns)])
    for row in table.rows:
        writer.writerow([_filed(cell.value) for cell in (row.heading, *row.cells)])
    return _BOM + out.getvalue()


def _filed(value: Value) -> str | int | float:
    if value is None:
        return ""
    return round(value, 4) if isinstance(value, float) else guard_formula(value)
