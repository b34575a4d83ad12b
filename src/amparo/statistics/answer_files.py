"""An answer of `./amparo stats` as JSON, CSV, a workbook, or a table on the screen."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, get_language_bidi, gettext
from rich import box
from rich.console import Console
from rich.table import Table

from amparo.statistics.asking import Answer
from amparo.statistics.cube import Cell
from amparo.statistics.derived import widen
from amparo.statistics.dimensions import BESIDE, COUNTABLE, DIMENSIONS
from amparo.statistics.notes import describe_note

# How many digits after the point each number beside a count has, on the screen and in a CSV file.
_DIGITS = {"share": (1, 6), "per_million": (3, 6), "median_days": (1, 1), "verified_here": (0, 0)}


def to_json(found: Answer, wide: bool) -> dict[str, Any]:
    """All of an answer, with what it means."""
    rows: list[dict[str, Any]] = [
        _named(found.counts.by, cell)
        | {found.measure: number}
        | {name: told.get(cell) for name, told in found.beside.items()}
        for cell, number in found.rows
    ]
    if wide:
        table = widen(found.counts)
        rows = [_named(table.by, cell) | dict(zip(table.columns, numbers, strict=True)) for cell, numbers in table.rows]
    return {
        "measure": found.measure,
        "by": list(found.counts.by),
        "where": {name: list(codes) for name, codes in found.where.items()},
        "rows": rows,
        "total": found.total,
        "as_of": found.as_of.isoformat(),
        "recorded_until": found.recorded_until.isoformat() if found.recorded_until else None,
        "definition": str(COUNTABLE[found.measure].definition),
        "definitions_beside": {name: str(BESIDE[name].definition) for name in found.beside},
        "populations": found.populations,
        "coverage": list(found.coverage),
        "notes": list(found.notes),
        "protected": found.protected is not None,
    }


def to_csv(found: Answer, wide: bool) -> str:
    """The figures alone."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if wide:
        table = widen(found.counts)
        writer.writerow([*table.by, *table.columns])
        writer.writerows([*cell, *numbers] for cell, numbers in table.rows)
        return out.getvalue()
    writer.writerow([*found.counts.by, found.measure, *found.beside])
    for cell, number in found.rows:
        beside = [_rounded(told.get(cell), _DIGITS[name][1]) for name, told in found.beside.items()]
        writer.writerow([*cell, "" if number is None else number, *beside])
    return out.getvalue()


def to_xlsx(found: Answer, wide: bool) -> bytes:
    """One sheet of figures, with codes and words, and one of what they mean."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, about = book.add_worksheet(gettext("Figures")), book.add_worksheet(gettext("About"))
        head, *rows = _sheet_rows(found, wide)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, row)
        sheet.freeze_panes(1, 0)
        about.write_column(0, 0, describe_answer(found))
        about.set_column(0, 0, 100)
        for each in (sheet, about):
            if get_language_bidi():
                each.right_to_left()
    return out.getvalue()


def print_table(found: Answer, wide: bool) -> None:
    """A table on the screen, in the active language."""
    heads, *rows = _sheet_rows(found, wide, codes=False)
    table = Table(title=str(COUNTABLE[found.measure].name), box=box.SIMPLE, show_footer=not wide)
    words = len(found.counts.by) - wide
    for place, head in enumerate(heads):
        footer = "" if wide or place > words else gettext("Total") if words and not place else ""
        if not wide and place == words:
            footer = str(_not_shown(found.total))
        table.add_column(head, footer=footer, justify="left" if place < words else "right")
    for row in rows:
        table.add_row(*map(str, row))
    Console().print(table)


def describe_answer(found: Answer) -> list[str]:
    """What has to be said beside the figures, in the active language."""
    language = get_language() or "en"
    said = [gettext("What is counted: %(definition)s") % {"definition": COUNTABLE[found.measure].definition}]
    said += [f"{BESIDE[name].name}: {BESIDE[name].definition}" for name in found.beside]
    if found.populations:
        said.append(gettext("Populations: %(source)s.") % {"source": found.populations})
    said.append(gettext("As of %(moment)s.") % {"moment": found.as_of.isoformat()})
    said += [
        gettext("Coverage of %(title)s: %(coverage)s")
        % {"title": each["titles"].get(language), "coverage": each["coverage"].get(language)}
        for each in found.coverage
    ]
    said += [describe_note(note) for note in found.notes]
    if found.protected:
        return said
    return [*said, gettext("For inside the house only: these figures are not protected for publication.")]


def _sheet_rows(found: Answer, wide: bool, *, codes: bool = True) -> list[list[Any]]:
    """The head and the rows; with `codes` each word has its code before it."""
    language = get_language() or "en"

    def told(by: Sequence[str], cell: Cell) -> list[str]:
        pairs = [(code, DIMENSIONS[name].label(code, language)) for name, code in zip(by, cell, strict=True)]
        return [each for code, word in pairs for each in ((code, word) if codes else (word,))]

    def heads(by: Sequence[str]) -> list[str]:
        pairs = [(name, str(DIMENSIONS[name].name)) for name in by]
        return [each for name, word in pairs for each in ((name, word) if codes else (word,))]

    if wide:
        table = widen(found.counts)
        across = [DIMENSIONS[table.across].label(code, language) for code in table.columns]
        return [[*heads(table.by), *across], *([*told(table.by, cell), *numbers] for cell, numbers in table.rows)]
    by = found.counts.by
    rows: list[list[Any]] = [
        [*heads(by), str(COUNTABLE[found.measure].name), *(str(BESIDE[n].name) for n in found.beside)]
    ]
    for cell, number in found.rows:
        rows.append(
            [
                *told(by, cell),
                _not_shown(number),
                *(_shown(name, each.get(cell)) for name, each in found.beside.items()),
            ]
        )
    return rows


def _not_shown(number: int | None) -> int | str:
    return gettext("not shown") if number is None else number


def _named(by: Sequence[str], cell: Cell) -> dict[str, Any]:
    return {name: int(code) if name == "year" and code.isdigit() else code for name, code in zip(by, cell, strict=True)}


def _shown(name: str, number: float | None) -> str | float:
    if number is None:
        return ""
    return round(number * 100 if name == "share" else number, _DIGITS[name][0])


def _rounded(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"
