"""A published table, or a whole release, as a file to take away: CSV, JSON and XLSX."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amparo.statistics.citation import cite
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note
from amparo.statistics.published import MOST_DIMENSIONS
from amparo.statistics.releases import OpenRelease, PublishedTable, TableQuery, open_release
from amparo.vocabularies.spreadsheets import guard_formula

_BYTE_ORDER_MARK = "\ufeff"
TOTAL = "total"


def _csv_cell(cell: object) -> object:
    # As in the CSV of a table and in JSON, not as Python writes it.
    return str(cell).lower() if isinstance(cell, bool) else "" if cell is None else guard_formula(cell)


def table_rows(table: PublishedTable) -> list[dict[str, Any]]:
    """One row a cell: codes by dimension ("total" where it is one), the count, whether it is shown."""
    query = table.query
    rows = []
    for row in (*table.row_codes, None) if query.rows else (None,):
        for column in (*table.column_codes, None) if query.columns else (None,):
            value = table.value(row, column)
            said: dict[str, Any] = dict(query.where)
            if query.rows:
                said[query.rows] = row or TOTAL
            if query.columns:
                said[query.columns] = column or TOTAL
            rows.append(said | {query.measure: value, "shown": value is not None})
    return rows


def table_to_json(table: PublishedTable, release: Release) -> bytes:
    """The table with its question, release and notes, as one object."""
    query = table.query
    said = {
        "release": table.release,
        "citation": cite(release),
        "dataset": query.dataset,
        "measure": query.measure,
        "definition": str(MEASURES[query.measure].definition),
        "rows": query.rows,
        "columns": query.columns,
        "where": dict(query.where),
        "notes": [describe_note(note) for note in (*table.notes, "not-zero")],
        "cells": table_rows(table),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def table_to_csv(table: PublishedTable) -> bytes:
    """One row a cell, codes and labels, UTF-8 with a byte-order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    dimensions = [each for each in (*table.query.where, table.query.rows, table.query.columns) if each]
    writer.writerow(
        [
            "release",
            "dataset",
            *(name for each in dimensions for name in (each, f"{each}_label")),
            table.query.measure,
            "shown",
        ]
    )
    for row in table_rows(table):
        codes = [part for each in dimensions for part in (row[each], _label(each, row[each]))]
        value = "" if row[table.query.measure] is None else row[table.query.measure]
        cells = [table.release, table.query.dataset, *codes, value, str(row["shown"]).lower()]
        writer.writerow([guard_formula(cell) for cell in cells])
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()


def table_to_xlsx(table: PublishedTable, release: Release) -> bytes:
    """The table as a workbook in the active language: the figures on one sheet, what they mean on another."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("Table"))
        bold = book.add_format({"bold": True})
        query = table.query
        columns = [*table.column_codes, None] if query.columns else [None]
        headings = [
            _label(query.columns, code or TOTAL) if query.columns else str(MEASURES[query.measure].name)
            for code in columns
        ]
        sheet.write_row(0, 0, [str(DIMENSIONS[query.rows].name) if query.rows else "", *headings], bold)
        for number, row in enumerate([*table.row_codes, None] if query.rows else [None], start=1):
            sheet.write(number, 0, _label(query.rows, row or TOTAL) if query.rows else _("Total"))
            for place, column in enumerate(columns, start=1):
                value = table.value(row, column)
                sheet.write(number, place, _("not shown") if value is None else value)
        about = book.add_worksheet(_("About"))
        lines = [cite(release), str(MEASURES[query.measure].definition)]
        lines += [f"{DIMENSIONS[name].name}: {_label(name, code)}" for name, code in query.where.items()]
        lines += [describe_note(note) for note in (*table.notes, "not-zero")]
        about.write_column(0, 0, lines)
        for each in (sheet, about):
            each.set_column(0, 0, 40)
            if get_language_bidi():
                each.right_to_left()
    return out.getvalue()


def release_to_csv(release: Release) -> Iterator[bytes]:
    """Every published cell of `release`, piece by piece."""
    yield _BYTE_ORDER_MARK.encode()
    columns = ["dataset", "dimensions", *(f"code_{n}" for n in range(1, MOST_DIMENSIONS + 1)), *MEASURES, "shown"]
    yield _csv_lines([columns])
    for batch in pq.ParquetFile(release.folder / "cells.parquet").iter_batches(batch_size=5000):
        yield _csv_lines([_csv_cell(cell) for cell in row.values()] for row in batch.to_pylist())


def release_to_json(release: Release) -> Iterator[bytes]:
    """The manifest and every published cell of `release`, piece by piece, as one object."""
    opened = open_release(release)
    yield b'{"manifest":' + json.dumps(opened.manifest, ensure_ascii=False).encode() + b',"cells":['
    first = True
    for batch in pq.ParquetFile(release.folder / "cells.parquet").iter_batches(batch_size=5000):
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in batch.to_pylist())
        yield (b"" if first else b",\n") + lines.encode()
        first = False
    yield b"]}"


def release_to_xlsx(release: Release) -> bytes:
    """The tables by one dimension of each dataset, one sheet each, with what they mean."""
    opened = open_release(release)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        about = book.add_worksheet(_("About"))
        notes = [describe_note(note) for note in ("suppressed", "multivalued", "not-zero")]
        about.write_column(0, 0, [cite(release), *(str(each.definition) for each in MEASURES.values()), *notes])
        about.set_column(0, 0, 100)
        bold = book.add_format({"bold": True})
        for number, dataset in enumerate(opened.datasets, start=1):
            _write_dataset(book, opened, dataset, number, bold)
        if get_language_bidi():
            for sheet in book.worksheets():
                sheet.right_to_left()
    return out.getvalue()


def _write_dataset(book: xlsxwriter.Workbook, opened: OpenRelease, dataset: str, number: int, bold: Any) -> None:
    # A sheet's name has at most 31 letters, and none of []:*?/\.
    sheet = book.add_worksheet(f"{number} {dataset}"[:31])
    sheet.set_column(0, 0, 40)
    place = 0
    for dimension in _single_dimensions(opened, dataset):
        tables = [opened.read(TableQuery(dataset, measure, dimension)) for measure in MEASURES]
        sheet.write_row(place, 0, [str(DIMENSIONS[dimension].name), *(str(m.name) for m in MEASURES.values())], bold)
        for code in tables[0].row_codes:
            place += 1
            values = [table.value(code) for table in tables]
            sheet.write(place, 0, _label(dimension, code))
            sheet.write_row(place, 1, [_("not shown") if value is None else value for value in values])
        place += 2


def _single_dimensions(opened: OpenRelease, dataset: str) -> Iterator[str]:
    for each in opened.manifest["tables"]:
        if each["dataset"] == dataset and len(each["dimensions"]) == 1:
            yield str(each["dimensions"][0])


def _csv_lines(rows: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _label(dimension: str, code: str) -> str:
    return _("Total") if code == TOTAL else DIMENSIONS[dimension].label(code, get_language() or "en")
