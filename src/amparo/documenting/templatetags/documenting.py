"""What pages of documenting need to name things."""

import re
from collections.abc import Mapping, Sequence

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.translation import get_language

from amparo.cases.records import OpenedRecord, perpetrator_label, place_label, victim_label
from amparo.cases.templatetags.desk import source_name, without_marks
from amparo.channel.templatetags.triage import of_field
from amparo.linkage.words import describe_band, describe_reasons
from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()
register.filter("of_field", of_field)
register.filter("source_name", source_name)
register.filter("without_marks", without_marks)

_NO_LETTER = re.compile(r"[^a-zA-Z0-9]+")


@register.filter
def slug(name: str) -> str:
    """The name of a field as a part of an id."""
    return _NO_LETTER.sub("-", name)


@register.filter
def is_box(field: BoundField) -> bool:
    """Whether a field is one box to mark."""
    return isinstance(field.field, forms.BooleanField)


@register.filter
def likelihood(code: str) -> str:
    """How likely two cases are the same, in words."""
    return describe_band(code)


@register.filter
def reasons_in_words(codes: Sequence[str]) -> str:
    """Why two cases may be the same, in words."""
    return " · ".join(describe_reasons(codes))


@register.filter
def of_number(names: Mapping[int, str], number: int) -> str:
    """What the record of this number is called."""
    return names.get(number, "–")


@register.filter
def record_name(opened: OpenedRecord, part: str) -> str:
    """What a record is called where it is asked whether to remove it."""
    if part == "victim":
        return without_marks(victim_label(opened))
    if part == "perpetrator":
        return without_marks(perpetrator_label(opened))
    if part == "place":
        return without_marks(place_label(opened))
    if part == "act":
        term = get_vocabulary("acts").terms.get(opened.record.kind)
        kind = term.label(get_language() or "en") if term else opened.record.kind
        return f"{opened.number}. {kind}"
    name = f": {opened.name}" if opened.name else ""
    return without_marks(f"{opened.number}. {source_name(opened.record)}{name}")
