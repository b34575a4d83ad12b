"""What the pages of NHRIs and of the register need to name and write things."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_percent
from django import forms, template
from django.utils.translation import get_language

from amparo.cases.money import Money, currencies
from amparo.institutions.log_words import describe_action
from amparo.reprisals import words
from amparo.reprisals.budgets import Verdict
from amparo.reprisals.models import NhriProfile
from amparo.reprisals.names import name_nhri
from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()


@register.filter
def nhri_name(profile: NhriProfile) -> str:
    """The public name of an NHRI in the active language."""
    return name_nhri(profile)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency, as the reader writes it; "" where it is not known."""
    if not isinstance(amount, Decimal) or not currency:
        return ""
    return Money(amount, currency).shown(get_language() or "en")


@register.filter
def signed_money(amount: Decimal | None, currency: str) -> str:
    """A change of an amount, with its sign."""
    if not isinstance(amount, Decimal) or not currency:
        return ""
    return f"{'−' if amount < 0 else '+'}{Money(abs(amount), currency).shown(get_language() or 'en')}"


@register.filter
def currency_names(_nothing: object) -> list[tuple[str, str]]:
    """The currencies in use, code and name, in the active language."""
    return list(currencies(get_language() or "en").items())


@register.filter
def in_words(action: str) -> str:
    """An action of the log in words."""
    return describe_action(action)


@register.filter
def part(value: Decimal | None) -> str:
    """A part of one as per cent, with one decimal: a change carries its sign."""
    return "" if not isinstance(value, Decimal) else _percent(value, "+#,##0.0%;-#,##0.0%")


@register.filter
def share(value: Decimal | None) -> str:
    """A share of the whole of government as per cent, with as many decimals as a small one needs."""
    return "" if not isinstance(value, Decimal) else _percent(value, "#,##0.0000%")


@register.filter
def verdict(value: Verdict) -> str:
    """What the figures of two years say of each other."""
    return words.say_verdict(value)


@register.filter
def question_name(name: str) -> str:
    """What a question on a form is called."""
    return words.name_question(name)


@register.filter
def text_name(name: str) -> str:
    """What a sealed text is called."""
    return words.name_text(name)


@register.filter
def table_name(name: str) -> str:
    """What a table of the regular report is called."""
    return words.name_table(name)


@register.filter
def definitions(field: forms.BoundField) -> Sequence[tuple[str, str]]:
    """The terms that a field offers, with what they mean; none for a field without a vocabulary."""
    vocabulary = getattr(field.field, "vocabulary", "")
    if not vocabulary or vocabulary in ("countries", "yes-no", "sex"):
        return ()
    language, terms = get_language() or "en", get_vocabulary(vocabulary).terms
    offered = dict.fromkeys(_codes(field.field.choices))  # type: ignore[attr-defined]
    return [
        (terms[code].label(language), terms[code].definition(language))
        for code in offered
        if code in terms and code != "unknown"
    ]


def _codes(choices: object) -> list[str]:
    found: list[str] = []
    for code, label in choices:  # type: ignore[attr-defined]
        found += _codes(label) if isinstance(label, list | tuple) else [str(code)]
    return found


def _percent(value: Decimal, pattern: str) -> str:
    return str(format_percent(value, pattern, locale=get_language() or "en", numbering_system="latn"))
