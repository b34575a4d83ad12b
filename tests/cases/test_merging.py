"""Whose words stand when two change the same: the rule, without a database."""

import pytest

from amparo.cases.merging import digest_values, merge

KEY = b"an invented key"
OPENED = digest_values({"text": "as it was", "sex": "unknown", "kinds": ("a", "b")}, KEY)


def test_it_works() -> None:
    merged = merge(OPENED, {"text": "mine", "sex": "unknown"}, {"text": "as it was", "sex": "female"}, KEY)

    assert merged.values == {"text": "mine", "sex": "female"}
    assert merged.changed == {"text"}
    assert merged.conflicts == {}


def test_both_changed_the_same() -> None:
    merged = merge(OPENED, {"text": "mine"}, {"text": "theirs"}, KEY)

    assert merged.conflicts == {"text": "theirs"}
    assert merged.values == {"text": "mine"}


@pytest.mark.parametrize(("choice", "stands"), [("mine", "mine"), ("theirs", "theirs")])
def test_a_choice_settles_it(choice: str, stands: str) -> None:
    merged = merge(OPENED, {"text": "mine"}, {"text": "theirs"}, KEY, {"text": choice})

    assert merged.values == {"text": stands}
    assert merged.conflicts == {}


def test_several_codes_are_one_value_in_any_order() -> None:
    assert merge(OPENED, {"kinds": ("b", "a")}, {"kinds": ("a", "b", "c")}, KEY).values == {"kinds": ("a", "b", "c")}


def test_other_ends_of_lines_are_no_change() -> None:
    opened = digest_values({"text": "one\ntwo"}, KEY)

    assert merge(opened, {"text": "one\r\ntwo"}, {"text": "one\ntwo\nthree"}, KEY).values == {"text": "one\ntwo\nthree"}


def test_a_digest_says_nothing_without_the_key() -> None:
    assert digest_values({"text": "a"}, KEY) != digest_values({"text": "a"}, b"another")


def test_one_text_and_a_set_of_it_are_two_things() -> None:
    assert digest_values({"a": "x"}, KEY) != digest_values({"a": ("x",)}, KEY)
