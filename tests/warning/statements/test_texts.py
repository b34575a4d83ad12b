"""What has to be true of a statement's words."""

import pytest

from amparo.warning.statements.texts import Text, Words, direction, find_wrong, read_fields, tidy

GOOD = Words("Invented title", "Invented text")


def test_it_works() -> None:
    text = Text("es", {"es": GOOD, "en": GOOD})
    assert [language for language, _words in text.in_order()] == ["es", "en"]
    assert read_fields(text.to_fields()) == text
    assert list(find_wrong(GOOD)) == []


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (Words("", "Invented text"), [("title", "no-title")]),
        (Words("…", " — "), [("title", "no-title"), ("body", "no-body")]),
        (Words("a" * 201, "b" * 5001), [("title", "too-long"), ("body", "too-long")]),
        (Words("Invented", "Call +1 555 010 0199 9"), [("body", "has-contact")]),
        (Words("Write to nobody@example.org", "Invented"), [("title", "has-contact")]),
    ],
)
def test_what_cannot_be_said_is_told(words: Words, wrong: list[tuple[str, str]]) -> None:
    assert list(find_wrong(words)) == wrong


def test_words_are_kept_tidy() -> None:
    assert tidy(Words("  Invented\r\n title ", "\r\nOne\r\n\r\nTwo\n")) == Words("Invented title", "One\n\nTwo")


def test_empty_words_take_a_language_out() -> None:
    text = Text("en", {"en": GOOD, "fr": GOOD})
    assert set(text.with_words("fr", Words("", "")).versions) == {"en"}


@pytest.mark.parametrize(("language", "begins"), [("ar", "rtl"), ("fa", "rtl"), ("pt", "ltr"), ("not-one", "ltr")])
def test_each_language_begins_where_it_begins(language: str, begins: str) -> None:
    assert direction(language) == begins


def test_words_do_not_stand_in_what_is_printed_of_them() -> None:
    assert "Invented" not in repr(Text("en", {"en": GOOD})) + repr(GOOD)
