"""What the desk's templates need to name sealed fields and datasets."""

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.dates import EventDate
from amparo.cases.desk import OpenedIncident
from amparo.cases.models import Dataset, Information
from amparo.cases.statements import FactSaid
from amparo.cases.tabs import Tab
from amparo.cases.tabs import case_tabs as all_tabs
from amparo.institutions.access import may
from amparo.institutions.models import User
from amparo.ui.templatetags.ui import label, partial_date
from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()

# Characters that turn the direction of the text around them: in a name they can make it read as another.
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")

_FIELDS = {
    "name": _("Name"),
    "age": _("Age"),
    "function": _("Function"),
    "organisation": _("Organisation"),
    "nationality": _("Nationality"),
    "place": _("Place"),
    "text": _("Story"),
    "links": _("Links"),
    "contact": _("Contact"),
    "safe_ways": _("What is safe"),
    "agreed": _("Agreed that gender identity and sexual orientation are written down"),
    "gender_identity": _("Gender identity"),
    "sexual_orientation": _("Sexual orientation"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "language": _("Language"),
    "when": _("When"),
    "by_whom": _("By whom"),
    "still_going_on": _("Still going on"),
    "nhri_forms": _("Forms against the institution"),
    "because_of_mandate": _("Because of the mandate"),
    "budget": _("Budget: amounts and years"),
    "procedure": _("The procedure that the law foresees"),
    "un_cooperation": _("Cooperation with the United Nations"),
    "un_details": _("With which body, when and how"),
}


@register.filter
def sealed_field_name(field: str) -> str:
    """What a sealed field is called; its own name, spaced, where a mapping named it."""
    return gettext(_FIELDS[field]) if field in _FIELDS else field.replace("_", " ").capitalize()


@register.filter
def sealed_value(value: object, field: str) -> str:
    """What a sealed field holds, in words where it is a code."""
    vocabulary = {"gender_identity": "gender-identity", "sexual_orientation": "sexual-orientation", "agreed": "yes-no"}
    if field in vocabulary:
        term = get_vocabulary(vocabulary[field]).terms.get(str(value))
        return term.label(get_language() or "en") if term else str(value)
    return without_marks(value)


@register.filter
def without_marks(value: object) -> str:
    """A text without the characters that turn its direction around. What is sealed keeps them."""
    return _DIRECTION_MARKS.sub("", str(value))


@register.filter
def has_marks(value: object) -> bool:
    """Whether a text holds characters that turn its direction around."""
    return bool(_DIRECTION_MARKS.search(str(value)))


@register.filter
def source_name(information: Information) -> str:
    """A source by the name that it publishes under; by its kind where it has none."""
    source = information.source
    if source.published_name:
        return source.published_name
    term = get_vocabulary("source-kinds").terms.get(source.kind)
    return term.label(get_language() or "en") if term else source.kind


@register.filter
def values_said(values: Sequence[str], fact: FactSaid) -> str:
    """Values of a fact in words: codes by their labels, a date as far as it is known."""
    if not values:
        return "–"
    if fact.is_date:
        return " · ".join(partial_date(_read_date(value)) for value in values)
    return " · ".join(label(value, fact.vocabulary) if fact.vocabulary else value for value in values)


@register.filter
def said_by(fact: FactSaid, information: int) -> str:
    """What one source says of a fact, in words."""
    return values_said(fact.said.get(information, ()), fact)


@register.filter
def victim_number_of(opened: OpenedIncident, victim: int) -> int | None:
    """How a victim is counted in the case."""
    return next((each.number for each in opened.victims if each.victim.pk == victim), None)


def _read_date(written: str) -> EventDate | None:
    try:
        return EventDate.read(written)
    except ValueError:
        return None


@register.filter
def dataset_title(dataset: Dataset) -> str:
    """The dataset's title in the active language."""
    return str(dataset.titles.get(get_language() or "en") or dataset.titles["en"])


@register.filter
def case_tabs(user: object, incident: object) -> list[Tab]:
    """The pages of `incident` that the person who reads may open."""
    if not isinstance(user, User):
        return []
    allowed = (tab for tab in all_tabs() if may(user, tab.permission))
    return [tab for tab in allowed if tab.shows is None or tab.shows(incident)]


@register.simple_tag(takes_context=True)
def is_this_tab(context: dict[str, Any], name: str) -> SafeString:
    """The mark of the tab whose page is shown, or one below it."""
    request = context.get("request")
    match = request.resolver_match if request is not None else None
    here = match is not None and (match.url_name or "") == name
    return SafeString(' aria-current="page"' if here else "")
