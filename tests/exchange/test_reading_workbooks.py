"""XLSX: sheets as people and programs write them, and workbooks that are broken, hollow or hostile."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from amparo.exchange import workbooks
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import LONGEST_CELL, open_table
from tests.exchange.invented_files import COLUMNS, make_row, make_rows, write_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def read(path: Path, sheet: str | None = None) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    with open_table(path, sheet) as table:
        return table.columns, [row.cells for row in table.rows]


def refusal(path: Path, sheet: str | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(path, sheet)
    return refused.value


def save(path: Path, *sheets: list[list[object]]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with each part as `change` gives it back."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))
    return path


def test_it_works(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(3))

    with open_table(path) as table:
        rows = list(table.rows)

    assert table.columns == COLUMNS
    assert [(row.number, row.cells) for row in rows] == list(enumerate(make_rows(3), start=2))
    assert (table.read_as.kind, table.read_as.sheet) == ("xlsx", "Invented sheet")


def test_cells_of_any_type_become_text(tmp_path: Path) -> None:
    row = [49.0, 49.5, 7, True, date(2016, 10, 2), datetime(2016, 10, 2, 13, 5), None, " kept "]  # noqa: DTZ001
    path = save(tmp_path / "list.xlsx", [list("abcdefgh"), row])

    assert list(read(path)[1][0].values()) == [
        "49", "49.5", "7", "TRUE", "2016-10-02", "2016-10-02T13:05:00", "", " kept ",
    ]  # fmt: skip


def test_the_first_sheet_with_rows_is_taken_or_the_named_one(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [], [["a"], [1]], [["b"], [2]])

    assert read(path) == (("a",), [{"a": "1"}])
    assert read(path, "Sheet 3") == (("b",), [{"b": "2"}])
    assert refusal(path, "Sheet 4").problem.details == {"sheet": "Sheet 4", "sheets": "Sheet 1, Sheet 2, Sheet 3"}


def test_blank_rows_are_left_out_and_the_numbers_stay(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [[], ["a"], [], [1], [None], [2]])

    with open_table(path) as table:
        assert [(row.number, row.cells["a"]) for row in table.rows] == [(4, "1"), (6, "2")]


def test_cells_beyond_the_size_that_the_sheet_gives_are_read(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["a", "b"], [1, 2], [3, 4]])
    rewrite(path, lambda name, content: content.replace(b'ref="A1:B3"', b'ref="A1:A2"'))

    assert read(path)[1] == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_a_size_that_is_a_lie_costs_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["a", "b"], [1, 2]])
    rewrite(path, lambda name, content: content.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))

    assert read(path) == (("a", "b"), [{"a": "1", "b": "2"}])


def test_a_calculated_formula_gives_its_value(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["a", "b"], [1, "=A2+1"], [2, '=""']])
    rewrite(
        path,
        lambda name, content: (
            content.replace(b"<f>A2+1</f><v></v>", b"<f>A2+1</f><v>2</v>")
            .replace(b"<f>A2+1</f><v />", b"<f>A2+1</f><v>2</v>")
            .replace(b'<c r="B3"><f>', b'<c r="B3" t="str"><f>')
        ),
    )

    assert read(path)[1] == [{"a": "1", "b": "2"}, {"a": "2", "b": ""}]


def test_a_formula_that_was_never_calculated_is_not_taken_for_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "list.xlsx", [["a", "b"], [1, "=A2+1"]])

    refused = refusal(path)

    assert (refused.problem.code, refused.problem.details) == ("formula-without-value", {"cell": "B2"})


def test_half_a_workbook_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "list.xlsx", make_rows(200)).read_bytes()

    for part in range(1, 20):
        (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) * part // 20])
        assert refusal(tmp_path / "half.xlsx").problem.code == "broken-workbook"


def test_a_workbook_with_flipped_bytes_is_read_or_refused_and_nothing_else(tmp_path: Path) -> None:
    whole = bytearray(write_xlsx(tmp_path / "list.xlsx", make_rows(20)).read_bytes())
    refusals = 0

    for place in range(0, len(whole), 37):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        (tmp_path / "broken.xlsx").write_bytes(broken)
        try:
            read(tmp_path / "broken.xlsx")
        except FileRefused:
            refusals += 1

    assert refusals > 20


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("content", [b"", b"<nothing/>", b"\x00\x01", b"<worksheet><sheetData><row><c r='??'/>"])
def test_a_part_that_is_not_what_it_should_be_is_refused(tmp_path: Path, part: str, content: bytes) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(2))
    rewrite(path, lambda name, whole: content if name == part else whole)

    assert refusal(path).problem.code in {"broken-workbook", "empty-file"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.xlsx", b"number,date\n1,2020\n", "no-workbook"),
        ("list.xlsx", b"", "empty-file"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-workbook"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-workbook"),
        ("list.xlsx", b"PK\x03\x04", "broken-workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)

    assert refusal(tmp_path / name).problem.code == code


def test_another_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert refusal(tmp_path / "list.ods").problem.code == "no-workbook"


def test_text_that_is_called_xls_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "list.xls").write_text("a\tb\n1\t2\n")

    assert read(tmp_path / "list.xls")[1] == [{"a": "1", "b": "2"}]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.png", "w") as part:
        for _ in range(workbooks.LARGEST_UNPACKED // 1_000_000 + 1):
            part.write(bytes(1_000_000))

    assert path.stat().st_size < 1_000_000
    assert refusal(path).problem.code == "workbook-too-large"


def test_a_row_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(1))
    row = b"<row>" + b"<c/>" * (workbooks.LARGEST_ROW // 4 + 500_000) + b"</row></sheetData>"
    rewrite(path, lambda name, content: content.replace(b"</sheetData>", row) if name == SHEET else content)

    assert refusal(path).problem.code == "workbook-too-large"


def test_entities_do_not_multiply(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(1))
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "laugh">{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    )
    rewrite(path, lambda name, content: bomb.encode() if name == SHEET else content)

    assert refusal(path).problem.code in {"broken-workbook", "empty-file"}


def test_an_entity_of_another_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("invented secret")
    path = write_xlsx(tmp_path / "list.xlsx", make_rows(1))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>name &e;</t></is></c></row></sheetData></worksheet>'
    )
    rewrite(path, lambda name, content: sheet.encode() if name == SHEET else content)

    try:
        columns, _ = read(path)
    except FileRefused:
        return
    assert "secret" not in str(columns)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "empty-file"),
        ([["a", "b", "a"], [1, 2, 3]], "doubled-column"),
        ([["a", None, "b"], [1, 2, 3]], "column-without-name"),
        ([["a", "b"], [1, 2, 3]], "row-too-long"),
        ([[f"c{n}" for n in range(501)]], "too-many-columns"),
    ],
)
def test_a_broken_table_is_refused_as_in_text(tmp_path: Path, rows: list[list[object]], code: str) -> None:
    assert refusal(save(tmp_path / "list.xlsx", rows)).problem.code == code


def test_a_cell_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [make_row(story="MARK")])
    rewrite(path, lambda name, content: content.replace(b"MARK", b"x" * (LONGEST_CELL + 1)))

    assert refusal(path).problem.code == "cell-too-long"
