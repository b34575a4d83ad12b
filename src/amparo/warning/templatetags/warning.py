"""What the pages of warnings need to name and show things."""

from datetime import datetime

from babel.dates import format_date, format_time, get_datetime_format
from django import template
from django.utils import timezone
from django.utils.translation import get_language

from amparo.institutions.models import Institution
from amparo.institutions.names import public_name
from amparo.warning.labels import WORD_LABELS

register = template.Library()


@register.filter
def in_order(words: dict[str, object] | None) -> list[tuple[str, object]]:
    """Labels and texts of sealed words, in the order in which they are read; none of words that stay closed."""
    if words is None:
        return []
    known = [(str(label), words[name]) for name, label in WORD_LABELS.items() if words.get(name)]
    return known + [(name, text) for name, text in words.items() if name not in WORD_LABELS]


@register.filter
def quarter(value: datetime | None) -> str:
    """A time to the quarter of an hour, in the reader's form, in universal time."""
    if value is None:
        return "–"
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    day = format_date(value.astimezone(zone).date(), "medium", locale=language)
    time = format_time(value, "short", tzinfo=zone, locale=language)
    # {1} and {0}: the day and the time, with the sign that stands between them in that language.
    return str(get_datetime_format("medium", locale=language)).format(time, day)


@register.filter
def named(institution: Institution) -> str:
    """The public name of an institution, in the reader's language."""
    return public_name(institution)
