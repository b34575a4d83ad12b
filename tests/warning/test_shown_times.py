"""Times of alerts as they are read: the day and the quarter of an hour, in the form of each language."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from amparo.warning.templatetags.warning import in_order, quarter


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "May 18, 2020, 9:15\u202fAM"),
        ("fr", "18 mai 2020, 09:15"),
        ("es", "18 may 2020, 9:15"),
        ("ar", "18\u200f/05\u200f/2020، 9:15 ص"),
    ],
)
def test_it_works(language: str, said: str) -> None:
    with translation.override(language):
        assert quarter(datetime(2020, 5, 18, 9, 15, tzinfo=UTC)) == said
        assert quarter(None) == "–"


def test_words_are_shown_in_their_order_and_closed_ones_not_at_all() -> None:
    assert [text for _label, text in in_order({"note": "second", "what": "first"})] == ["first", "second"]
    assert in_order(None) == []
