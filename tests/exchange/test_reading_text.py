"""CSV as offices write it: in any encoding, with any delimiter, in bounded memory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange.encodings import find_delimiter, find_encoding
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import LONGEST_CELL, LONGEST_LINE, open_table, write_row
from tests.exchange.invented_files import COLUMNS, make_row, make_rows, write_csv

SPANISH = ("Niña Inventada", "Íñigo Ficción", "Peñasco, año 2020", "¿Quién? «nadie» — “nadie”")
FRENCH = ("Zoé Inventée", "l’été à Nîmes", "Œuvre façonnée, où ça ?", "déjà vu… 5 €")
ARABIC = ("شخص مخترع", "قرية مخترعة، لا توجد", "هل حدث هذا؟", "قصة مخترعة")
ENGLISH = ("Inventa Person", "a village", "nothing", "no story")


def read(path: Path, **options: str) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    with open_table(path, **options) as table:
        return table.columns, [row.cells for row in table.rows]


def refusal(path: Path, **options: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(path, **options)
    return refused.value


def test_it_works(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", make_rows(3))

    with open_table(path) as table:
        rows = list(table.rows)

    assert table.columns == COLUMNS
    assert [row.number for row in rows] == [2, 3, 4]
    assert [row.cells for row in rows] == make_rows(3)
    assert (table.read_as.kind, table.read_as.encoding, table.read_as.delimiter) == ("csv", "utf-8", ",")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        *[(encoding, words) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32") for words in (SPANISH, ARABIC)],
        *[(encoding, SPANISH) for encoding in ("utf-16-le", "utf-16-be")],
        ("utf-16-le", ARABIC),
        *[(encoding, words) for encoding in ("cp1252", "mac_roman") for words in (SPANISH, FRENCH)],
        ("cp850", ("Niña Inventada", "Íñigo Ficción", "año 2020", "¿Quién?")),
        ("cp1256", ARABIC),
        ("iso8859_6", ARABIC),
        ("ascii", ENGLISH),
    ],
)
def test_encodings_and_delimiters_are_found_out(
    tmp_path: Path, encoding: str, words: tuple[str, ...], delimiter: str, line_end: str
) -> None:
    rows = [make_row(n, name=words[0], province=words[1], profile=words[2], story=words[3]) for n in range(1, 8)]
    path = write_csv(tmp_path / "list.csv", rows, encoding=encoding, delimiter=delimiter, line_end=line_end)

    assert read(path) == (COLUMNS, rows)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_one_letter_in_a_long_file_is_read_rightly(tmp_path: Path, encoding: str) -> None:
    # The first letter beyond ASCII comes after the part of the file that is looked at first.
    rows = [make_row(n, story="An invented story. " * 20) for n in range(1, 1500)]
    rows[-2]["name"] = "Muñoz Inventada"
    path = write_csv(tmp_path / "list.csv", rows, encoding=encoding)

    assert path.stat().st_size > 500_000
    assert read(path)[1][-2]["name"] == "Muñoz Inventada"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_the_published_lists_are_read_rightly_in_the_encodings_of_offices(
    shared_data: Path, tmp_path: Path, encoding: str
) -> None:
    text = (shared_data / "colombia-social-leaders" / "lideres_sociales_2016_2020.csv").read_text(encoding="utf-8")
    # What the encoding has no letter for is left out, on both sides.
    raw = text.encode(encoding, errors="ignore")
    (tmp_path / "list.csv").write_bytes(raw)

    found = find_encoding(tmp_path / "list.csv")

    assert raw.decode(found) == raw.decode(encoding)


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(name="Łucja Zmyślona")], encoding="cp1250")

    assert read(path, encoding="cp1250")[1][0]["name"] == "Łucja Zmyślona"


def test_a_named_encoding_that_does_not_exist_or_fit_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [make_row(name="Niña Inventada")], encoding="cp1252")

    assert refusal(path, encoding="klingon").problem.code == "no-such-encoding"
    assert refusal(path, encoding="base64").problem.code == "no-such-encoding"
    assert refusal(path, encoding="utf-8").problem.code == "encoding-broken"


def test_bytes_that_no_office_encoding_has_are_left_to_the_library(tmp_path: Path) -> None:
    text = "имя,место\r\n" + "Выдуманный Человек,Выдуманная деревня\r\n" * 40
    (tmp_path / "list.csv").write_bytes(text.encode("cp1251"))

    assert read(tmp_path / "list.csv")[1][0] == {"имя": "Выдуманный Человек", "место": "Выдуманная деревня"}


@pytest.mark.parametrize("utf_8_first", [True, False])
def test_a_file_put_together_from_two_encodings_is_refused(tmp_path: Path, utf_8_first: bool) -> None:
    # "í" in UTF-8 and "í" in cp1252, each in half of the lines: no encoding reads both.
    line = "Líder campesino,Nariño,Defensoría\r\n"
    halves = [line.encode("utf-8") * 40, line.encode("cp1252") * 40]
    (tmp_path / "list.csv").write_bytes(b"a,b,c\r\n" + b"".join(halves if utf_8_first else reversed(halves)))

    problem = refusal(tmp_path / "list.csv").problem

    assert problem.code == ("encoding-broken" if utf_8_first else "encoding-not-found")


def test_line_breaks_quotes_and_delimiters_within_cells_stay(tmp_path: Path) -> None:
    rows = [make_row(1, story='She said: "no",\r\nand left;\n\nthen | silence\t.'), make_row(2)]

    assert read(write_csv(tmp_path / "list.csv", rows))[1] == rows


def test_the_row_number_counts_records_as_a_spreadsheet_does(tmp_path: Path) -> None:
    rows = [make_row(1, story="two\r\nlines"), make_row(2)]
    path = write_csv(tmp_path / "list.csv", rows)
    path.write_bytes(path.read_bytes().replace(b"\r\n2,", b"\r\n\r\n2,"))

    with open_table(path) as table:
        assert [(row.number, row.cells["number"]) for row in table.rows] == [(2, "1"), (4, "2")]


def test_short_rows_are_filled_and_blank_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b,c\n1\n,,\n2,3,4,,\n")

    assert read(tmp_path / "list.csv")[1] == [{"a": "1", "b": "", "c": ""}, {"a": "2", "b": "3", "c": "4"}]


def test_excels_line_with_the_separator_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("sep=;\r\na;b,c\r\n1;2,5\r\n", newline="")

    with open_table(tmp_path / "list.csv") as table:
        assert table.columns == ("a", "b,c")
        assert [(row.number, row.cells["b,c"]) for row in table.rows] == [(3, "2,5")]


def test_decimal_commas_do_not_hide_the_semicolons() -> None:
    assert find_delimiter("name;height;weight\nA;1,65;60,5\nB;1,70;61,5\nC;1,80;70,0\n") == ";"
    assert find_delimiter('a,b\n"x;y;z","u;v;w"\n"x;y;z","u;v;w"\n') == ","
    assert find_delimiter("only\none\ncolumn\n") in ",;\t|"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b" \r\n\t\r\n", "empty-file"),
        (b",,,\r\n,,\r\n", "empty-file"),
        (b"a,b\n1,\x00\n", "not-text"),
        (b"a,b\n" + b"1,2\n" * 100_000 + b"1,\x00\n", "not-text"),
        (bytes(range(256)) * 50, "not-text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "not-text"),
        (b"a,b\n" + bytes(0x80 + number * 37 % 0x80 for number in range(200)), "encoding-not-found"),
        (b"\xef\xbb\xbfa,b\n1,\xff\n", "encoding-broken"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "encoding-broken"),
        (b"a,a\n1,2\n", "doubled-column"),
        (b"a, a \n1,2\n", "doubled-column"),
        (b"a,,b\n1,2,3\n", "column-without-name"),
        (b'a,b\n1,"2\n3,4\n', "broken-quotes"),
        (b'a,b\n1,"2"x\n', "broken-quotes"),
        (b"a,b\n1,2,3\n", "row-too-long"),
        (b'a,b\n1,"' + b"x\n" * LONGEST_CELL + b'"\n', "cell-too-long"),
        (b"a,b\n1," + b"x" * (LONGEST_CELL + 1) + b"\n", "cell-too-long"),
        (b"a,b\n" + b"x" * LONGEST_LINE, "line-too-long"),
        (b"a,b\n" + b'"' + b'y,","' * 250_000 + b"\n", "line-too-long"),
        (b",".join(b"c%d" % n for n in range(501)), "too-many-columns"),
    ],
)
def test_a_broken_file_is_refused_with_what_is_wrong(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    assert refusal(tmp_path / "list.csv").problem.code == code


def test_a_record_over_many_lines_cannot_fill_the_memory(tmp_path: Path) -> None:
    cell = '"' + "long\n" * 30_000 + '",'
    (tmp_path / "list.csv").write_text("a,b\n" + cell * 200)

    assert refusal(tmp_path / "list.csv").problem.code == "line-too-long"


def test_a_refusal_names_the_row(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text('a,b\n1,2\n3,"4"5\n')

    assert refusal(tmp_path / "list.csv").problem.details["row"] == 3


def test_a_sheet_of_a_text_is_refused(tmp_path: Path) -> None:
    assert refusal(write_csv(tmp_path / "list.csv", make_rows(1)), sheet="One").problem.code == "no-sheets"


def test_the_cells_of_a_row_are_not_in_its_representation(tmp_path: Path) -> None:
    with open_table(write_csv(tmp_path / "list.csv", [make_row(name="Inventada Secreta")])) as table:
        assert "Secreta" not in repr(list(table.rows))


_CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)


@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], mark
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    header = ["number", "first", "second", "third"]
    written = [[str(number), *cells] for number, cells in enumerate(rows)]
    text = "".join(write_row(cells, mark) for cells in [header, *written])
    path.write_text(f"sep={mark}\r\n{text}", encoding="utf-8", newline="")

    with open_table(path) as table:
        assert [list(row.cells.values()) for row in table.rows] == written
