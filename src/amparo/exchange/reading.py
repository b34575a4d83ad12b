"""Tables out of files: CSV in any encoding and with any delimiter, and XLSX. Row by row, in bounded memory. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from amparo.exchange.encodings import find_delimiter, find_encoding
from amparo.exchange.problems import FileRefused
from amparo.exchange.workbooks import is_workbook, open_sheet

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 4_000_000
LONGEST_CELL = 200_000
MOST_COLUMNS = 500
_SAMPLE = 262_144
# What Excel writes above a table to tell itself the delimiter.
_SEPARATOR_LINE = "sep="

Records = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a person counts (the first row of the file is 1), and its cells by column."""

    number: int
    cells: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a file was read: "csv" with its encoding and delimiter, or "xlsx" with the sheet's name."""

    kind: str
    encoding: str = ""
    delimiter: str = ","
    sheet: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is open: how it is read, its columns, and its rows to be read once."""

    read_as: ReadAs
    columns: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path, sheet: str | None = None, encoding: str | None = None) -> Iterator[Table]:
    """The table in `path`. Raises `FileRefused`, at once or while rows are read, saying what is wrong and where.

    `sheet` is that of a workbook, by default the first with rows; `encoding` that of a text, by default found out.
    """
    start = _first_bytes(path)
    if is_workbook(path, start):
        with open_sheet(path, sheet) as (name, records):
            yield _to_table(ReadAs("xlsx", sheet=name), records)
        return
    if sheet is not None:
        raise FileRefused("no-sheets")
    encoding = encoding or find_encoding(path)
    try:
        file = path.open(encoding=encoding, newline="")
    except LookupError:
        raise FileRefused("no-such-encoding", encoding=encoding) from None
    with file:
        text = start.decode(encoding, errors="replace").lstrip("\ufeff")
        if text.lower().startswith(_SEPARATOR_LINE) and text[5:6] in {"\r", "\n"}:
            delimiter, to_skip = text[4], 1
        else:
            delimiter, to_skip = find_delimiter(text), 0
        yield _to_table(ReadAs("csv", encoding, delimiter), _records(file, delimiter, to_skip))


def _first_bytes(path: Path) -> bytes:
    try:
        # Opening a pipe would wait for ever; a folder has another message.
        if path.exists() and not path.is_dir() and not path.is_file():
            raise FileRefused("not-a-file")
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except FileNotFoundError:
        raise FileRefused("no-such-file") from None
    except IsADirectoryError:
        raise FileRefused("is-a-folder") from None
    except (OSError, ValueError):
        raise FileRefused("not-readable") from None
    if not start.strip():
        raise FileRefused("empty-file")
    return start


def _records(file: IO[str], delimiter: str, to_skip: int) -> Records:
    csv.field_size_limit(LONGEST_CELL)
    lines = _BoundedLines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            lines.held = 0
            if number > to_skip:
                yield number, record
    except csv.Error as error:
        code = "cell-too-long" if "field larger" in str(error) else "broken-quotes"
        raise FileRefused(code, row=number + 1) from None
    except UnicodeError:
        raise FileRefused("encoding-broken", row=number + 1) from None


class _BoundedLines:
    """The lines of a file, refused where one, or one record of them, would fill the memory."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        # Characters given out since the last whole record.
        self.held = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_LINE):
            self.held += len(line)
            if len(line) >= LONGEST_LINE or self.held > LONGEST_RECORD:
                raise FileRefused("line-too-long", limit=LONGEST_LINE)
            if "\0" in line:
                raise FileRefused("not-text")
            yield line


def _to_table(read_as: ReadAs, records: Records) -> Table:
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
    return Table(read_as, columns, _rows(records, columns))


def _rows(records: Records, columns: tuple[str, ...]) -> Iterator[Row]:
    width = len(columns)
    for number, cells in records:
        if not any(cells):
            continue
        if len(cells) != width:
            cells = [*cells, *[""] * (width - len(cells))]
            if any(cells[width:]):
                raise FileRefused("row-too-long", row=number, expected=width, found=len(cells))
        if max(map(len, cells)) > LONGEST_CELL:
            raise FileRefused("cell-too-long", row=number)
        yield Row(number, dict(zip(columns, cells, strict=False)))


def write_row(cells: list[str], delimiter: str) -> str:
    """One record of CSV as text, with its end of line."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerow(cells)
    return written.getvalue()
