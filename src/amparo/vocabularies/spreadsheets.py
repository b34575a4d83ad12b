"""Cells of files that a spreadsheet opens. Pure."""

from typing import TypeVar

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = TypeVar("Cell")


def guard_formula(cell: Cell) -> Cell | str:
    """`cell` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
