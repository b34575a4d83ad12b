"""The terms of vocabularies as the choices of a form, in the active language."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

Choices = list[tuple[str, str]]


def choices_of(vocabulary: str, without: Iterable[str] = ()) -> Choices:
    """The terms of a vocabulary as choices, in the active language."""
    language, left_out = get_language() or "en", set(without)
    terms = get_vocabulary(vocabulary).terms.values()
    return [(term.code, term.label(language)) for term in terms if term.code not in left_out]


def grouped_choices(vocabulary: str) -> list[tuple[str, Choices]]:
    """The terms of a vocabulary under their broadest terms, which can be chosen too: "in general"."""
    language, found = get_language() or "en", get_vocabulary(vocabulary)
    return [
        (
            found.terms[root].label(language),
            [(code, found.terms[code].label(language)) for code in found.with_narrower(root)],
        )
        for root in found.roots()
        if root != UNKNOWN
    ]


def countries() -> Choices:
    """All countries by their names in the active language, after "not known"."""
    named = sorted(choices_of("countries", {UNKNOWN}), key=lambda choice: choice[1])
    return [(UNKNOWN, str(_("not known"))), *named]


def areas_of(country: str) -> Choices:
    """The first-level areas of `country`, after "not known"."""
    vocabulary, language = get_vocabulary("areas"), get_language() or "en"
    within = sorted((term.label(language), term.code) for term in vocabulary.terms.values() if term.broader == country)
    return [(UNKNOWN, str(_("not known"))), *((code, label) for label, code in within)]
