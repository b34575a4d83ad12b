"""New passwords: strong by what guessing takes, not by ritual."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from amparo.institutions.models import User
from amparo.institutions.passwords import LEAST_LENGTH, StrongEnough


@pytest.mark.parametrize(
    "password",
    [
        "an invented pass phrase",
        "correct horse battery staple",
        "chèvre lampe fenêtre mardi",
        "قمر كتاب نافذة حصان",
        "xk7#pQ2vLm9w",
        "lluviamesatigrenube",
    ],
)
def test_long_ones_are_taken_whatever_they_are_made_of(password: str) -> None:
    StrongEnough().validate(password, User(username="somebody"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short one", "too-short"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("1234567890123", "repeats"),
        ("qwertyuiopasdf", "repeats"),
        ("abcabcabcabcabc", "repeats"),
        ("password1234!", "common"),
        ("P@ssw0rd2024!!", "common"),
        ("!!!liverpool!!!", "common"),
        ("maria-lopez-secret", "has-user-name"),
    ],
)
def test_what_is_guessed_first_is_refused_with_its_reason(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        StrongEnough().validate(password, User(username="Maria-Lopez"))

    assert refused.value.code == code
    assert password not in str(refused.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_an_answer(password: str) -> None:
    told = []
    try:
        StrongEnough().validate(password, User(username="somebody"))
    except ValidationError as refused:
        told = refused.messages

    assert all(told)
    assert len(password) >= LEAST_LENGTH or told
