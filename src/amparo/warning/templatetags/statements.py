"""What pages of statements need to show words in their own language."""

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

from amparo.warning.duty.forms import language_name
from amparo.warning.statements.texts import choose_language
from amparo.warning.statements.texts import direction as direction_of

register = template.Library()


@register.filter
def direction(language: str) -> str:
    """Where a line of a language begins: "rtl" or "ltr"."""
    return direction_of(language)


@register.filter
def language_named(language: str) -> str:
    """What a language is called in the reader's."""
    return language_name(language)


@register.filter
def name_on_that_day(names: Mapping[str, str]) -> str:
    """The name of a signatory in the reader's language, else in English, else in any."""
    return names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), "")


@register.filter
def readers_language(texts: Mapping[str, object], first: str) -> str:
    """In which language `texts` are shown: the reader's where it is among them, else `first`."""
    return choose_language(texts, get_language() or "en", first)


@register.filter
def said_in(texts: Mapping[str, str], language: str) -> str:
    """One of `texts` by language."""
    return texts.get(language, "")
