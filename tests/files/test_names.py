"""Names of files, whatever somebody or something made them of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.files.names import LONGEST_NAME, clean_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Invented\\photo.jpg", "photo.jpg"),
        ("a\0b\r\nSet-Cookie: x.jpg", "abSet-Cookie_ x.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("ما حدث.pdf", "ما حدث.pdf"),
        ('<b>"x"|?*.txt', "_b__x____.txt"),
        ("  .hidden. ", "hidden"),
        ("..", "file"),
        ("", "file"),
        ("a" * 300 + ".docx", "a" * 115 + ".docx"),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("a\u2028b\u00a0c.txt", "a b c.txt"),
    ],
)
def test_it_works(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_any_name_can_be_shown_and_saved(name: str) -> None:
    cleaned = clean_name(name)

    assert 0 < len(cleaned) <= LONGEST_NAME
    assert cleaned.isprintable()
    assert not set('/\\<>:"|?*') & set(cleaned)
    assert clean_name(cleaned) == cleaned
