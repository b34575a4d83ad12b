"""How words are read, and in which labels they are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.finding.catalogue import meanings
from amparo.finding.words import MOST_TERMS, Labels, Term, read_terms

LABELS = Labels(
    [
        ("Arbitrary detention", "detention"),
        ("Détention arbitraire", "detention"),
        ("الاحتجاز التعسفي", "detention"),
        ("Threats", "threats"),
        ("Amenazas de muerte", "death-threats"),
        ("منظمة", "organisation"),
    ]
)


def found(text: str) -> list[set[str]]:
    return [LABELS.find(term) for term in read_terms(text).terms]


def test_it_works() -> None:
    assert found("detention") == [{"detention"}]


@pytest.mark.parametrize(
    "text",
    ["DETEN", "détention", "detention", "arbitr", "احتجاز", "الاحتجاز", "والاحتجاز", "إحتجاز", "اِحْتِجاز", "احـتـجاز"],
)
def test_case_accents_article_and_vowel_signs_make_no_difference(text: str) -> None:
    assert found(text) == [{"detention"}]


def test_ta_marbuta_is_also_written_ha() -> None:
    assert found("منظمه") == [{"organisation"}]


def test_a_quoted_phrase_is_found_just_so() -> None:
    assert found('"arbitrary detention"') == [{"detention"}]
    assert found('"detention arbitrary"') == [set()]
    assert found('"arbitr"') == [set()]
    assert found("« amenazas de muerte »") == [{"death-threats"}]


def test_words_that_say_nothing_are_passed_over_beside_others() -> None:
    assert read_terms("threats of the").terms == (Term("threats"),)
    assert read_terms("the").terms == (Term("the"),)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ('"', ()),
        ('""', ()),
        ("* - NEAR( )", ("near",)),
        ("threats* -women", ("threats", "women")),
        ("'; DROP TABLE cases_act; --", ("drop", "table", "cases", "act")),
        ("\u202ethreats\u202c", ("threats",)),
        ("🙂", ()),
        ('"open phrase', ("open", "phrase")),
    ],
)
def test_signs_of_other_searches_are_nothing(text: str, terms: tuple[str, ...]) -> None:
    assert tuple(term.text for term in read_terms(text).terms) == terms


def test_too_many_words_are_cut_and_told_so() -> None:
    read = read_terms("word " * 1000 + " ".join(f"w{n}" for n in range(50)))
    many = read_terms(" ".join(f"w{n}" for n in range(50)))

    assert read.cut
    assert many.cut
    assert len(many.terms) == MOST_TERMS


def test_one_letter_is_no_beginning_of_everything() -> None:
    assert found("a") == [set()]


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text: str) -> None:
    assert len(read_terms(text).terms) <= MOST_TERMS


@pytest.mark.parametrize(
    ("word", "facet", "code"),
    [
        ("killing", "act", "killing"),
        ("asesina", "act", "killing"),
        ("Colombie", "country", "COL"),
        ("كولومبيا", "country", "COL"),
        ("police", "perpetrator", "police"),
        ("Africa", "country", "KEN"),
        ("verificado", "status", "verified"),
    ],
)
def test_labels_in_four_languages_mean_their_codes(word: str, facet: str, code: str) -> None:
    [term] = read_terms(word).terms

    assert code in meanings(term).get(facet, ()), meanings(term)


def test_not_known_is_nothing_to_search() -> None:
    assert all("unknown" not in codes for term in read_terms("known").terms for codes in meanings(term).values())
