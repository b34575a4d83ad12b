"""What the script says comes from the page, in every language, and has the places that the script fills."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from lxml import html

from amparo.channel.templatetags.sealing import BUNDLE

SOURCE = BUNDLE.parents[2] / "browser"
LANGUAGES = ("en", "fr", "es", "ar")


def texts_in(language: str) -> dict[str, str]:
    with translation.override(language):
        page = html.fragment_fromstring(render_to_string("channel/sealing-state.html"), create_parent=True)
    return {each.get("data-text"): each.text_content().strip() for each in page.xpath("//*[@data-text]")}


def test_every_text_that_the_script_says_is_in_the_page_and_the_reverse() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.js"))
    said = set(re.findall(r'\btext\("([a-z-]+)"', source)) | set(re.findall(r'this\.told\("([a-z-]+)"\)', source))

    assert said == set(texts_in("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_keeps_the_places_that_the_script_fills(language: str) -> None:
    english = texts_in("en")

    for name, text in texts_in(language).items():
        assert text
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[name])), name


def test_the_source_says_nothing_in_english_by_itself() -> None:
    for path in SOURCE.glob("*.js"):
        code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        shown = re.findall(r"(?:say|textContent\s*=)\s*\(?\s*[\"'`][^\"'`]+", code)
        assert shown == [], path.name
