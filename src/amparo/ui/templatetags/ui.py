"""What templates need to show things in the reader's language and form."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from django import template
from django.conf import settings
from django.urls import get_script_prefix, reverse, translate_url
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext

from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()

# Arabic pages of the UN write Western digits; so do ours, and a figure looks the same in all four languages.
_BABEL = {"en": "en", "fr": "fr", "es": "es", "ar": "ar"}


class PartialDate(Protocol):
    """A year, with month and day where they are known."""

    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int | None: ...
    @property
    def day(self) -> int | None: ...


class EventDate(Protocol):
    """A partial date, or a range of two."""

    @property
    def start(self) -> PartialDate: ...
    @property
    def end(self) -> PartialDate | None: ...


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language."""

    code: str
    name: str
    address: str


@register.simple_tag(takes_context=True)
def alternate_languages(context: dict[str, Any]) -> list[Alternate]:
    """The page being shown, in each language: same path, same query."""
    request = context.get("request")
    here = request.get_full_path() if request else reverse("home")
    return [
        Alternate(code, get_language_info(code)["name_local"].capitalize(), _in_language(here, code))
        for code, _ in settings.LANGUAGES
    ]


def _in_language(address: str, code: str) -> str:
    """`address` in another language, also where there is no such page; the home page where it has no language."""
    start = get_script_prefix()
    language, slash, rest = address.removeprefix(start).partition("/")
    if slash and language in dict(settings.LANGUAGES):
        return f"{start}{code}/{rest}"
    return translate_url(reverse("home"), code)


@register.simple_tag(takes_context=True)
def is_here(context: dict[str, Any], name: str) -> SafeString:
    """The mark of a link that leads to the page being shown, named as in urls.py; nothing for other links."""
    request = context.get("request")
    here = request is not None and request.path == reverse(name)
    return SafeString(' aria-current="page"' if here else "")


@register.filter
def label(code: str, vocabulary: str) -> str:
    """The label of `code` in the active language; the code itself where the vocabulary no longer has it."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.label(_language()) if term else code


@register.filter
def defined(code: str, vocabulary: str) -> str:
    """What a code means, in the active language."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.definition(_language()) if term else ""


@register.filter
def number(value: int | float | None) -> str:
    """A number as the reader writes it: 1,234 or 1 234 or 1.234."""
    return "" if value is None else str(format_decimal(value, locale=_BABEL[_language()], numbering_system="latn"))


@register.filter
def left_to_right(code: str) -> str:
    """`code` as it is written, also within Arabic: its parts would be read from the right (Unicode, UAX 9)."""
    return f"\u2066{code}\u2069"


@register.filter
def percent(value: float | None) -> str:
    """A share between 0 and 1 as per cent, without decimals."""
    if value is None:
        return ""
    return str(format_percent(value, locale=_BABEL[_language()], numbering_system="latn"))


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words: 24 November 2026."""
    return "" if value is None else str(format_date(value, "long", locale=_BABEL[_language()]))


@register.filter
def month(value: date) -> str:
    """A month and its year in short: Nov 2026."""
    return str(format_skeleton("yMMM", value, locale=_BABEL[_language()]))


@register.filter
def partial_date(value: EventDate | None) -> str:
    """A date as far as it is known: a day, a month, a year, a range; "not known" where nothing is."""
    if value is None:
        return gettext("not known")
    if value.end is None:
        return _known_part(value.start)
    return gettext("between %(start)s and %(end)s") % {
        "start": _known_part(value.start),
        "end": _known_part(value.end),
    }


def _known_part(when: PartialDate) -> str:
    if when.month is None:
        return str(when.year)
    locale = _BABEL[_language()]
    if when.day is None:
        return str(format_skeleton("yMMMM", date(when.year, when.month, 1), locale=locale))
    return str(format_date(date(when.year, when.month, when.day), "long", locale=locale))


def _language() -> str:
    language = (get_language() or "en").split("-")[0]
    return language if language in _BABEL else "en"
