"""What templates need to show public texts in the language in which they were written."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amparo.civic_space.facts import in_language

register = template.Library()


@register.filter
def said(texts: Mapping[str, str]) -> SafeString:
    """A text in the reader's language, else in the first that has it, marked with that language for ear and eye."""
    text, language = in_language(texts, (get_language() or "en").split("-")[0])
    return format_html('<span lang="{}" dir="{}">{}</span>', language, "rtl" if language == "ar" else "ltr", text)


@register.filter
def said_plainly(texts: Mapping[str, str]) -> str:
    """The same without marks, for a title in a sentence."""
    return in_language(texts, (get_language() or "en").split("-")[0])[0]
