"""Sheets of XLSX workbooks, row by row, in bounded memory. Pure."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl

from amparo.exchange.problems import FileRefused

LARGEST_UNPACKED = 500_000_000
# A row, or a text shared between cells, is held in memory whole.
LARGEST_ROW = 8_000_000
_CHUNK = 1_000_000
_ZIP_START = b"PK\x03\x04"
# Workbooks of Excel before 2007, and of any Excel under a password.
_OLD_WORKBOOK_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_PART = "[Content_Types].xml"
_END_OF_ROW = re.compile(rb"</(?:\w+:)?(?:row|si)>|<(?:\w+:)?row\b[^>]*/>")
# A formula that was never calculated: without a value, unless that is an empty text.
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"""<c\b(?![^>]*\bt=["']str["'])[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
_NAME_OF_CELL = re.compile(rb"""\br=["']([A-Z]+\d+)["']""")
_LONGEST_CELL_MARKUP = 20_000
# openpyxl's warnings quote what stands in cells.
warnings.filterwarnings("ignore", module=r"openpyxl\.")


def is_workbook(path: Path, start: bytes) -> bool:
    """Whether the file that begins with `start` is, or says it is, a workbook."""
    return start.startswith((_ZIP_START, _OLD_WORKBOOK_START)) or path.suffix.lower() in {".xlsx", ".xlsm"}


@contextmanager
def open_sheet(path: Path, sheet: str | None) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """The name and the numbered rows of `sheet`, or of the first sheet with rows. Raises `FileRefused`."""
    _check_parts(path)
    with _broken_is_refused():
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise FileRefused("no-such-sheet", sheet=sheet, sheets=", ".join(workbook.sheetnames))
        yield _first_with_rows([workbook[sheet]] if sheet else workbook.worksheets)
    finally:
        workbook.close()


def _check_parts(path: Path) -> None:
    """Refuse what is no workbook, is half written, would fill the memory, or was never calculated."""
    with path.open("rb") as file:
        start = file.read(len(_OLD_WORKBOOK_START))
    if start == _OLD_WORKBOOK_START:
        raise FileRefused("old-workbook")
    if not start.startswith(_ZIP_START):
        raise FileRefused("no-workbook")
    with _broken_is_refused(), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if _WORKBOOK_PART not in {part.filename for part in parts}:
            raise FileRefused("no-workbook")
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused("old-workbook")
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise FileRefused("workbook-too-large", limit=LARGEST_UNPACKED)
        for part in parts:
            is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
            if is_sheet or part.filename.endswith("haredStrings.xml") or part.filename == "xl/workbook.xml":
                _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    before, since_row = b"", 0
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            seen = before + chunk
            ends = [end.end() for end in _END_OF_ROW.finditer(seen)]
            since_row = len(seen) - ends[-1] if ends else since_row + len(chunk)
            if since_row > LARGEST_ROW:
                raise FileRefused("workbook-too-large", limit=LARGEST_UNPACKED)
            if formula := _FORMULA_WITHOUT_VALUE.search(seen):
                name = _NAME_OF_CELL.search(formula[0])
                raise FileRefused("formula-without-value", cell=name[1].decode() if name else "?")
            before = seen[-_LONGEST_CELL_MARKUP:]


def _first_with_rows(sheets: list[Any]) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    for sheet in sheets:
        # What some programs write there is not the size of the sheet, and cells beyond it would be lost.
        with _broken_is_refused():
            sheet.reset_dimensions()
        rows = _rows(sheet)
        if first := next(rows, None):
            return sheet.title, chain([first], rows)
    raise FileRefused("empty-file")


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    with _broken_is_refused():
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield number, [_cell_text(cell) for cell in cells]


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    try:
        yield
    except (FileRefused, GeneratorExit, MemoryError):
        raise
    # A damaged workbook makes the parsers below stumble in ways that nobody lists. Their texts may hold cells.
    except Exception:
        raise FileRefused("broken-workbook") from None


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
