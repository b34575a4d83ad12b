"""Tables out of files: CSV in any encoding and with any delimiter, and XLSX. Row by row, in bounded memory. Pure."""

import codecs
import csv
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

import charset_normalizer
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from amparo.exchange.problems import FileRefused

LONGEST_LINE = 1_000_000
LONGEST_CELL = 200_000
MOST_COLUMNS = 500
LARGEST_XLSX_UNPACKED = 500_000_000
_SAMPLE = 262_144
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_ZIP_START = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a person counts (the header is 1), and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is open: its columns, and its rows to be read once."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path, sheet: str | None = None) -> Iterator[Table]:
    """The table in `path`. Raises `FileRefused`, at once or while rows are read, saying what is wrong and where."""
    start = _first_bytes(path)
    if start[:4] == _ZIP_START or path.suffix.lower() in {".xlsx", ".xlsm"}:
        with _open_workbook(path, sheet) as rows:
            yield _to_table(rows)
        return
    encoding = find_encoding(path, start)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = find_delimiter(start.decode(encoding, errors="replace"))
        yield _to_table(_records(file, delimiter))


def find_encoding(path: Path, start: bytes) -> str:
    """The encoding of a text file. UTF-8 where every byte of it is; else as its marks or its letters tell."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        raise FileRefused("not-text")
    if _is_utf_8(path):
        return "utf-8"
    guess = charset_normalizer.from_bytes(start).best()
    if guess is None:
        raise FileRefused("encoding-not-found")
    return guess.encoding


def find_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the same, largest number of cells."""
    lines = text.splitlines()[:50]
    lines = lines[:-1] if len(lines) > 1 else lines

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if record)
        except csv.Error:
            return (0, 0)
        (width, times) = widths.most_common(1)[0] if widths else (1, 0)
        return (times if width > 1 else 0, width)

    return max(_DELIMITERS, key=score)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except FileNotFoundError:
        raise FileRefused("no-such-file") from None
    except IsADirectoryError:
        raise FileRefused("is-a-folder") from None
    except OSError:
        raise FileRefused("not-readable") from None
    if not start.strip():
        raise FileRefused("empty-file")
    return start


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while some := file.read(_SAMPLE):
                decoder.decode(some)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _records(file: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error as error:
        code = "cell-too-long" if "field larger" in str(error) else "broken-quotes"
        raise FileRefused(code, row=number + 1) from None
    except UnicodeError:
        raise FileRefused("encoding-broken", row=number + 1) from None


def _lines(file: IO[str]) -> Iterator[str]:
    # A file of one endless line must not fill the memory before somebody finds out.
    while line := file.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise FileRefused("line-too-long", limit=LONGEST_LINE)
        if "\0" in line:
            raise FileRefused("not-text")
        yield line


def _to_table(records: Iterator[tuple[int, list[str]]]) -> Table:
    header = next(((number, cells) for number, cells in records if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise FileRefused("empty-file")
    columns = tuple(cell.strip() for cell in header[1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) > MOST_COLUMNS:
        raise FileRefused("too-many-columns", limit=MOST_COLUMNS)
    if "" in columns:
        raise FileRefused("column-without-name", number=columns.index("") + 1)
    doubled = [name for name, times in Counter(columns).items() if times > 1]
    if doubled:
        raise FileRefused("doubled-column", column=doubled[0])
    return Table(columns, _rows(records, columns))


def _rows(records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    width = len(columns)
    for number, cells in records:
        if not any(cells):
            continue
        if len(cells) != width:
            cells = [*cells, *[""] * (width - len(cells))]
            if any(cells[width:]):
                raise FileRefused("row-too-long", row=number, expected=width, found=len(cells))
        yield Row(number, dict(zip(columns, cells, strict=False)))


@contextmanager
def _open_workbook(path: Path, sheet: str | None) -> Iterator[Iterator[tuple[int, list[str]]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_XLSX_UNPACKED:
                raise FileRefused("workbook-too-large", limit=LARGEST_XLSX_UNPACKED)
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, ParseError, zlib.error, EOFError):
        raise FileRefused("broken-workbook") from None
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise FileRefused("no-such-sheet", sheet=sheet, sheets=", ".join(workbook.sheetnames))
        yield _sheet_records(workbook, sheet)
    finally:
        workbook.close()


def _sheet_records(workbook: openpyxl.Workbook, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    try:
        for worksheet in [workbook[sheet]] if sheet else workbook.worksheets:
            found = False
            for number, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
                found = found or any(cell is not None for cell in cells)
                if found:
                    yield number, [_cell_text(cell) for cell in cells]
            if found:
                return
    except (zipfile.BadZipFile, KeyError, ValueError, ParseError, zlib.error, EOFError):
        raise FileRefused("broken-workbook") from None


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
