"""The list of cases as a file: what the screen shows to this person, in its order, of the coded plane only."""

import csv
import io
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.finding.columns import Column, with_columns
from amparo.institutions.models import User, this_hour
from amparo.vault import log
from amparo.vocabularies.spreadsheets import guard_formula

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
# More rows than a sheet has room for, with its heading.
MOST_ROWS = 1_048_575
_AT_ONCE = 500
_BOM = "\ufeff"
_BETWEEN = "; "

Line = list[str | int]


def take_numbers(cases: QuerySet[Incident]) -> "array[int]":
    """The numbers of the cases that are exported, in their order: eight bytes each, however many."""
    return array("q", cases.values_list("pk", flat=True)[:MOST_ROWS].iterator(chunk_size=10_000))


@transaction.atomic
def note_export(user: User, numbers: Sequence[int], kind: str) -> None:
    """Note in the log that `user` took so many cases away as a file."""
    log.record(
        "cases-exported",
        actor=user.pk,
        institution=user.institution.code if user.institution else "",
        facts={"cases": len(numbers), "format": kind},
    )


def stream_csv(user: User, numbers: Sequence[int], columns: Sequence[Column], language: str) -> Iterator[bytes]:
    """The file in pieces: UTF-8 with its mark, for spreadsheets; no cell is one that they would compute."""
    written = io.StringIO()
    writer = csv.writer(written)
    written.write(_BOM)
    for lines in _chunks(user, numbers, columns, language):
        writer.writerows([guard_formula(cell) for cell in line] for line in lines)
        yield written.getvalue().encode()
        written.seek(0)
        written.truncate()


def write_xlsx(user: User, numbers: Sequence[int], columns: Sequence[Column], language: str) -> BinaryIO:
    """The sheet as an open file, which is gone when it is closed. Rows go to the disk as they are written."""
    with tempfile.TemporaryDirectory(prefix="amparo-list-") as folder:
        path = Path(folder, "cases.xlsx")
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book, translation.override(language):
            book.set_properties({"created": this_hour().replace(tzinfo=None)})
            sheet = book.add_worksheet(gettext("Cases")[:31])
            if translation.get_language_bidi():
                sheet.right_to_left()
            heading = book.add_format({"bold": True, "text_wrap": True})
            sheet.freeze_panes(1, 1)
            sheet.set_column(1, len(columns), 24)
            at = 0
            for lines in _chunks(user, numbers, columns, language):
                for line in lines:
                    sheet.write_row(at, 0, line, heading if at == 0 else None)
                    at += 1
            sheet.autofilter(0, 0, max(at - 1, 0), len(columns))
        # Open, it can be read after its name is gone with the folder.
        return path.open("rb")


def _chunks(user: User, numbers: Sequence[int], columns: Sequence[Column], language: str) -> Iterator[list[Line]]:
    """The heading, then some hundred cases at a time, each chunk in as many queries as a page of the list."""
    with translation.override(language):
        yield [[gettext("Case"), *(gettext(column.label) for column in columns)]]
    # Of her own institution, whatever the numbers are.
    wanted = with_columns(incidents_for(user), columns)
    for start in range(0, len(numbers), _AT_ONCE):
        some = list(numbers[start : start + _AT_ONCE])
        cases = {case.pk: case for case in wanted.filter(pk__in=some)}
        # Asked anew for each chunk: the answer is sent while others are answered, perhaps in another language.
        with translation.override(language):
            lines = [_line(cases[number], columns) for number in some if number in cases]
        yield lines


def _line(case: Incident, columns: Sequence[Column]) -> Line:
    return [case.pk, *(_BETWEEN.join(column.filed(case)) for column in columns)]
