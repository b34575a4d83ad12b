"""Tables of the command line: a CSV file as its reader expects it, and one written whole or not at all. Pure."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from amparo.warning.problems import WarningRefused

Row = dict[str, str]


def read_table(file: TextIO, needed: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file with the number of their line; a cell that is not there is empty.

    Raises WarningRefused for a column of `needed` that is missing, one that is there twice, a row with more cells than
    the header has names; csv.Error for what is no CSV.
    """
    reader = csv.reader(file, strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(header, needed)
    for cells in reader:
        if len(cells) > len(header):
            raise WarningRefused("extra-cells", line=reader.line_num)
        if cells:
            yield reader.line_num, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))


def _check_header(header: list[str], needed: Sequence[str]) -> None:
    if not any(header):
        raise WarningRefused("no-rows")
    missing = [name for name in needed if name not in header]
    if missing and len(header) == 1 and len(needed) > 1:
        raise WarningRefused("not-commas", found=header[0], needed=",".join(needed))
    if missing:
        raise WarningRefused("missing-column", missing=", ".join(missing), found=", ".join(header))
    for name in needed:
        if header.count(name) > 1:
            raise WarningRefused("doubled-column", name=name)


def write_table(path: Path, header: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file. It is there whole or as it was before. Raises WarningRefused where it cannot be written."""
    try:
        with _written(path) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError:
        raise WarningRefused("not-writable", path=str(path)) from None


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    if path.exists() and not path.is_file():
        # A terminal or a pipe: what went there cannot be taken back.
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("x", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def refuse_same(one: Path, other: Path) -> None:
    """Raises WarningRefused where what is written would take the place of what is read."""
    if other.exists() and one.exists() and one.samefile(other):
        raise WarningRefused("same-file", path=str(other))
