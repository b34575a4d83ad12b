"""Terms found by code, by label in any language, and nearly."""

import pytest

from amparo.vocabularies.catalogue import LANGUAGES, VocabularyNotFound, get_vocabulary, vocabulary_codes


def test_it_works() -> None:
    acts = get_vocabulary("acts")

    assert acts.terms["killing"].label("fr") == "Meurtre"
    assert acts.terms["killing"].broader == "attack-on-life"


def test_a_vocabulary_that_does_not_exist() -> None:
    with pytest.raises(VocabularyNotFound):
        get_vocabulary("no-such-vocabulary")


def test_each_label_finds_its_code_in_every_language() -> None:
    for code in vocabulary_codes():
        vocabulary = get_vocabulary(code)
        if code in ("countries", "areas"):
            continue
        for term in vocabulary.terms.values():
            for language in LANGUAGES:
                assert vocabulary.find(term.label(language)) == term.code, (code, term.code, language)


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        ("acts", "death-threat", "death-threat"),
        ("acts", "DEATH THREAT", "death-threat"),
        ("acts", "  menace   de mort ", "death-threat"),
        ("acts", "desaparicion forzada", "enforced-disappearance"),
        ("acts", "إختفاء قسرى", "enforced-disappearance"),
        ("defender-profiles", "Peuples Autochtones", "indigenous-peoples"),
        ("age-bands", "65+", None),
        ("sex", "", None),
        ("sex", "a house", None),
    ],
)
def test_find(vocabulary: str, text: str, code: str | None) -> None:
    assert get_vocabulary(vocabulary).find(text) == code


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        ("acts", "kiling", "killing"),
        ("acts", "enforced dissapearance", "enforced-disappearance"),
        ("acts", "campaña de difamacion", "smear-campaign"),
        ("sex", "femal", "female"),
        ("countries", "Colombbia", "COL"),
        ("areas", "Antioqia", "CO-ANT"),
    ],
)
def test_the_nearest_code_comes_first(vocabulary: str, text: str, code: str) -> None:
    assert get_vocabulary(vocabulary).nearest(text)[0] == code


def test_nearest_gives_few_and_each_once() -> None:
    nearest = get_vocabulary("acts").nearest("law", limit=3)

    assert 1 <= len(nearest) <= 3
    assert len(set(nearest)) == len(nearest)


def test_nothing_is_near_to_nonsense() -> None:
    assert get_vocabulary("sex").nearest("qqqqqqqqqqqq") == ()


def test_the_tree_can_be_walked_both_ways() -> None:
    acts = get_vocabulary("acts")

    assert acts.top("blasphemy-law") == "judicial-harassment"
    assert acts.top("judicial-harassment") == "judicial-harassment"
    assert acts.top("not-a-code") == "not-a-code"
    assert "blasphemy-law" in acts.narrower("misuse-of-law")
    assert "blasphemy-law" in acts.with_narrower("judicial-harassment")
    assert "killing" not in acts.with_narrower("judicial-harassment")
    assert set(acts.roots()) == {acts.top(code) for code in acts.terms}


def test_a_term_without_a_label_in_a_language_shows_the_english_one() -> None:
    assert get_vocabulary("acts").terms["killing"].label("de") == "Killing"
