"""What the pages of protection need to name and show things."""

from datetime import UTC, datetime
from typing import Any

from babel.dates import format_date
from django import template
from django.utils.translation import get_language

from amparo.cases.money import Money
from amparo.protection import labels
from amparo.protection.gaps import Gap
from amparo.protection.opened import OpenedAssessment
from amparo.protection.risk import GENDER_QUESTIONS, INTERSECTING_QUESTIONS, MATRIX, Level

register = template.Library()


@register.filter
def question(name: str) -> str:
    """What is asked, in two or three words."""
    return labels.short_label(name)


@register.filter
def word_label(name: str) -> str:
    """What a sealed field of a request is called."""
    return str(labels.WORD_LABELS.get(name, name))


@register.filter
def in_order(words: dict[str, object]) -> list[tuple[str, object]]:
    """The sealed words of a request in the order in which they are read."""
    return [(name, words[name]) for name in labels.WORD_LABELS if name in words]


@register.filter
def protection_deed(action: str) -> str:
    return labels.deed(action)


@register.filter
def money(value: Money | None) -> str:
    """An amount with its currency, as the reader writes it."""
    return "" if value is None else value.shown(get_language() or "en")


@register.filter
def likelihood(grade: int | None) -> str:
    return str(labels.LIKELIHOODS[grade]) if grade in labels.LIKELIHOODS else "–"


@register.filter
def impact(grade: int | None) -> str:
    return str(labels.IMPACTS[grade]) if grade in labels.IMPACTS else "–"


@register.filter
def factors(opened: OpenedAssessment, side: str) -> list[tuple[str, str]]:
    """The factors of one side with their words."""
    return opened.factors(side)


@register.filter
def gender_answers(opened: OpenedAssessment) -> list[tuple[str, str, str]]:
    """Name, answer and words of each gender-specific question."""
    return _answers(opened, GENDER_QUESTIONS)


@register.filter
def intersecting_answers(opened: OpenedAssessment) -> list[tuple[str, str, str]]:
    return _answers(opened, INTERSECTING_QUESTIONS)


@register.simple_tag
def risk_matrix() -> list[tuple[int, list[tuple[int, Level]]]]:
    """The rows of the matrix, the likeliest first: likelihood, then impact and level of each cell."""
    return [(row, [(column, MATRIX[row - 1][column - 1]) for column in range(1, 6)]) for row in range(5, 0, -1)]


@register.filter
def told(gap: Gap) -> str:
    """What lacks in a country's system, for a person."""
    return labels.describe_gap(gap)


@register.filter
def at_hour(moment: datetime) -> str:
    """Day and hour, universal time."""
    universal = moment.astimezone(UTC)
    return f"{format_date(universal, 'medium', locale=get_language() or 'en')} · {universal:%H:00} UTC"


@register.filter
def words_of(words: Any, name: str) -> str:
    """One of the sealed words of a record; "" where they are closed, or there are none."""
    return str((words or {}).get(name, ""))


def _answers(opened: OpenedAssessment, names: tuple[str, ...]) -> list[tuple[str, str, str]]:
    said = opened.words or {}
    return [(name, getattr(opened.assessment, name), str(said.get(name, ""))) for name in names]
