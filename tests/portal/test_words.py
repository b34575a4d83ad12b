"""What is said of a table: true, in every language, and never more than the table shows."""

import re
from collections.abc import Iterator, Mapping

import pytest
from babel.numbers import format_percent
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.portal.presentation import column_order, row_order
from amparo.portal.words.facts import Margin, Most, count_hidden, find_most, share_of
from amparo.portal.words.saying import words_of
from amparo.statistics.releases import Key, PublishedTable, TableQuery

LANGUAGES = ("en", "fr", "es", "ar")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f\u066c]\d{3})*")
YEARS = ("2016", "2017", "2018", "2019", "2020")
KINDS = {
    "year": (*YEARS, "unknown"),
    "sex": ("female", "male", "unknown"),
    "act": ("killing", "threat", "torture", "unknown"),
    "country": ("COL", "BRA", "PHL", "unknown"),
    "profile": ("journalist", "indigenous", "unknown"),
}


def table_of(
    cells: Mapping[Key, int | None], rows: str | None = "sex", columns: str | None = None, **changed: object
) -> PublishedTable:
    where = changed.pop("where", {})
    query = TableQuery("invented", str(changed.pop("measure", "victims")), rows, columns, where)  # type: ignore[arg-type]
    row_codes = tuple(sorted({row for row, _ in cells if row}))
    column_codes = tuple(sorted({column for _, column in cells if column}))
    return PublishedTable(query, "2026-1", row_codes, column_codes, cells, ())


def by(counts: Mapping[str, int | None], total: int | None, rows: str = "sex", **changed: object) -> PublishedTable:
    cells: dict[Key, int | None] = {(code, None): count for code, count in counts.items()}
    return table_of(cells | {(None, None): total}, rows, **changed)


@st.composite
def tables(draw: st.DrawFn) -> PublishedTable:
    """Tables of one or two dimensions, with anything hidden; large odd counts, so that no two are equal by chance."""
    rows = draw(st.sampled_from(sorted(KINDS)))
    columns = draw(st.none() | st.sampled_from(sorted(KINDS.keys() - {rows})))
    row_codes = draw(st.lists(st.sampled_from(KINDS[rows]), min_size=1, unique=True))
    column_codes = draw(st.lists(st.sampled_from(KINDS[columns]), min_size=1, unique=True)) if columns else []
    keys: list[Key] = [(row, column) for row in (*row_codes, None) for column in (*column_codes, None)]
    counts = st.none() | st.integers(1_001, 99_999) | st.integers(0, 3)
    cells = {key: draw(counts) for key in keys}
    where = draw(st.sampled_from([{}, {"status": "verified"}]))
    return table_of(cells, rows, columns, where=where, measure=draw(st.sampled_from(["victims", "acts", "incidents"])))


def numbers_in(sentences: tuple[str, ...]) -> Iterator[int]:
    for said in NUMBER.findall(" ".join(sentences)):
        yield int(re.sub(r"\D", "", said))


def in_language(language: str, table: PublishedTable, compared: tuple[str, str] | None = None) -> tuple[str, ...]:
    with translation.override(language):
        return words_of(table, compared)


def hidden_cells(table: PublishedTable) -> int:
    return sum(
        table.value(row, column) is None for row in (*row_order(table), None) for column in (*column_order(table), None)
    )


def test_it_works() -> None:
    table = by({"female": 81, "male": 300, "unknown": 43}, 424, where={"country": "COL"})

    assert in_language("en", table) == (
        "Colombia: 424 victims in all.",
        "Women and girls were 19% of the victims: 81 of 424.",
        "Sex not known: 43 of 424 victims (10%).",
    )


def test_years_are_said_where_no_record_is_without_one() -> None:
    dated = by({"2016": 10, "2017": 30}, 40, "year")
    undated = by({"2016": 10, "2017": 30, "unknown": 2}, 42, "year")

    assert in_language("en", dated) == (
        "2016–2017: 40 victims in all.",
        "Of all years, 2017 has the most: 30 of 40 victims (75%).",
    )
    assert in_language("en", undated) == (
        "42 victims in all.",
        "Of the years that are known and shown, 2017 has the most: 30 of 42 victims (71%).",
    )


def test_one_is_said_as_one() -> None:
    assert in_language("en", by({"killing": 1, "threat": 0}, 1, "act"))[0] == "1 victim in all."


def test_two_that_are_equal_are_both_named() -> None:
    table = by({"killing": 7, "threat": 7, "torture": 4}, 18, "act")

    assert in_language("en", table)[1] == "Most by kind of act: Killing and Threat, 7 of 18 victims (39%) each."


def test_where_all_are_equal_none_has_the_most() -> None:
    assert len(in_language("en", by({"killing": 7, "threat": 7}, 14, "act"))) == 1


def test_a_share_is_never_rounded_to_none_or_all() -> None:
    table = by({"female": 3, "male": 9_997}, 10_000)

    assert in_language("en", table)[1] == "Women and girls were less than 1% of the victims: 3 of 10,000."
    assert in_language("en", by({"female": 9_997, "male": 3}, 10_000))[1].startswith(
        "Women and girls were more than 99%"
    )


def test_without_a_total_there_is_no_share() -> None:
    said = " ".join(in_language("en", by({"female": 81, "male": 300}, None)))

    assert "The total is not shown." in said
    assert "%" not in said
    assert "81" not in said


def test_of_what_is_not_shown_it_is_said_how_many_and_no_more() -> None:
    table = by({"COL": 300, "BRA": None, "PHL": None}, 310, "country")

    assert in_language("en", table) == (
        "310 victims in all.",
        "Most by country, of what is known and shown: Colombia, 300 of 310 victims (97%).",
        "Not shown for 2 countries, which doesn’t mean zero.",
    )


def test_nothing_reported_is_said_and_nothing_made_of_it() -> None:
    assert in_language("en", by({}, 0, where={"country": "LIE"})) == ("Liechtenstein: nothing was reported.",)


def test_two_years_are_set_side_by_side_where_both_are_shown() -> None:
    cells: dict[Key, int | None] = {("killing", "2016"): 5, ("killing", "2020"): 9, ("killing", None): 14}
    cells |= {(None, "2016"): 5, (None, "2020"): 9, (None, None): 14}
    table = table_of(cells, "act", "year")

    assert "2016: 5 victims. 2020: 9 victims." in in_language("en", table, ("2016", "2020"))
    hidden = table_of(cells | {(None, "2016"): None}, "act", "year")
    assert not any("2020: 9" in each for each in in_language("en", hidden, ("2016", "2020")))


@pytest.mark.parametrize("measure", ["acts", "incidents"])
def test_each_measure_is_called_by_its_name(measure: str) -> None:
    said = " ".join(in_language("en", by({"female": 81, "male": 300}, 381, measure=measure)))

    assert f"381 {measure} in all" in said
    assert "victims (" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(table=tables())
def test_every_number_said_is_one_of_the_table(language: str, table: PublishedTable) -> None:
    shown = {value for value in table.cells.values() if value is not None}
    totals = {value for value in (table.total,) if value}
    shares = {round(100 * value / total) for value in shown for total in totals}
    codes = {int(code) for code in (*table.row_codes, *table.column_codes) if code.isdecimal()}

    said = set(numbers_in(in_language(language, table)))

    assert said <= shown | shares | codes | {hidden_cells(table), 1, 99, 0}


@settings(max_examples=100, deadline=None)
@given(table=tables())
def test_no_sentence_tells_a_hidden_cell(table: PublishedTable) -> None:
    """What an attacker could compute from this table alone, were it not protected, is not computed by the words."""
    told = set(numbers_in(in_language("en", table)))
    shown = {value for value in table.cells.values() if value is not None}
    hidden = {
        total - sum(each for each in line if each is not None)
        for total, line in lines_of(table)
        if total is not None and sum(each is None for each in line) == 1
    }

    assert not {value for value in hidden - shown if value > 1_000} & told


@settings(max_examples=60, deadline=None)
@given(table=tables())
def test_most_is_said_of_what_is_shown_only(table: PublishedTable) -> None:
    for dimension, codes, value in (
        (table.query.rows, row_order(table), lambda code: table.value(code)),
        (table.query.columns, column_order(table), lambda code: table.value(None, code)),
    ):
        if any(value(code) is None for code in codes) and dimension not in {"sex", None}:
            unguarded = re.compile(r"^(Most by [^,:]+:|Of all (years|months))")
            named = f"Most by {'' if dimension is None else dimension}"
            said = [each for each in in_language("en", table) if unguarded.match(each)]
            assert not [each for each in said if each.startswith(named) or (dimension == "year" and "years" in each)]


def lines_of(table: PublishedTable) -> Iterator[tuple[int | None, list[int | None]]]:
    """Every sum of the table: its total, and its parts."""
    for row in (*table.row_codes, None):
        yield table.value(row), [table.value(row, column) for column in table.column_codes]
    for column in (*table.column_codes, None):
        yield table.value(None, column), [table.value(row, column) for row in table.row_codes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shares_are_written_as_the_language_does(language: str) -> None:
    said = in_language(language, by({"female": 81, "male": 343}, 424))[1]

    assert str(format_percent(81 / 424, locale=language, numbering_system="latn")) in said


MARGINS = st.builds(
    Margin,
    st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.integers(0, 50)),
    st.none() | st.integers(0, 500),
    st.frozensets(st.sampled_from("gh")),
)


@given(margin=MARGINS)
def test_the_most_is_the_most(margin: Margin) -> None:
    most = find_most(margin)

    if most is None:
        return
    known = {code: value for code, value in margin.counts.items() if code not in margin.unknown}
    assert {known[code] for code in most.codes} == {most.count}
    assert all(value is None or value <= most.count for value in known.values())
    assert most.guarded or None not in known.values()


def test_what_is_not_known_guards_the_most_but_a_zero_doesnt() -> None:
    unknown = frozenset({"u"})

    assert find_most(Margin({"a": 3, "b": 2, "u": 9}, 14, unknown)) == Most(("a",), 3, guarded=True)
    assert find_most(Margin({"a": 3, "b": 2, "u": None}, 14, unknown)) == Most(("a",), 3, guarded=True)
    assert find_most(Margin({"a": 3, "b": 2, "u": 0}, 5, unknown)) == Most(("a",), 3, guarded=False)
    assert find_most(Margin({"a": 3}, 3, unknown)) is None
    assert find_most(Margin({"a": None, "b": 0}, None, unknown)) is None


def test_no_share_of_a_hidden_or_empty_total() -> None:
    assert share_of(3, None) is None
    assert share_of(0, 0) is None
    assert share_of(3, 12) == 0.25
    assert count_hidden([1, None, 0, None]) == 2


@pytest.mark.parametrize(
    ("language", "total", "said"),
    [
        ("en", 1, "1 victim "),
        ("en", 2, "2 victims "),
        ("fr", 1, "1 victime "),
        ("fr", 2, "2 victimes "),
        ("fr", 1_000_000, "1\u202f000\u202f000 de victimes "),
        ("es", 1, "1 víctima "),
        ("es", 2, "2 víctimas "),
        ("ar", 1, "ضحية واحدة"),
        ("ar", 2, "ضحيتان"),
        ("ar", 3, "3 ضحايا"),
        ("ar", 11, "11 ضحية"),
        ("ar", 100, "100 ضحية"),
    ],
)
def test_a_count_is_said_in_the_plural_of_its_language(language: str, total: int, said: str) -> None:
    assert said in in_language(language, by({"female": total}, total))[0]
