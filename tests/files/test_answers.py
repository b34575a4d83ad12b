"""Answers that carry a file: nothing in them can run in our place."""

from urllib.parse import unquote

import pytest
from django.http import HttpResponse

from amparo.files.answers import answer_with_file, answer_with_image, disposition


def test_it_works() -> None:
    answer = answer_with_file("photo.jpg", "jpeg", 5, iter([b"abc", b"de"]))

    assert b"".join(answer) == b"abcde"
    assert answer.streaming
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Length"] == "5"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == "attachment; filename=\"photo.jpg\"; filename*=UTF-8''photo.jpg"


@pytest.mark.parametrize(
    "name", ["ما حدث.pdf", 'a"; filename="x.html', "a\r\nSet-Cookie: a=b", "100%.txt", "a\\b;c.txt"]
)
def test_a_name_cannot_leave_its_place(name: str) -> None:
    header = disposition(name)

    HttpResponse().headers["Content-Disposition"] = header
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')
    assert not {"/", "\\", '"'} & set(unquote(header.rpartition("''")[2]))


def test_a_kind_that_is_not_known_is_bytes() -> None:
    assert answer_with_file("x.html", "text/html", 1, [b"x"])["Content-Type"] == "application/octet-stream"


def test_a_preview_is_an_image_and_kept_nowhere() -> None:
    answer = answer_with_image(b"\xff\xd8\xff")

    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/jpeg", "inline")
    assert "no-store" in answer["Cache-Control"]
