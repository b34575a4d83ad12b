"""What the desk's templates need to name sealed fields and datasets."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.models import Dataset
from amparo.cases.tabs import Tab
from amparo.cases.tabs import case_tabs as all_tabs
from amparo.institutions.access import may
from amparo.institutions.models import User

register = template.Library()

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
