"""What one source says of single facts."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from amparo.cases.drafts import UNKNOWN
from amparo.cases.merging import Value
from amparo.documenting.fields import WhenField
from amparo.documenting.part_form import as_values, ask_future, boxes
from amparo.vocabularies.choices import areas_of, choices_of, countries, grouped_choices


class SaidForm(forms.Form):
    """What one source says of single facts. `facts` are fact → vocabulary, "" for a date."""

    def __init__(
        self, facts: Mapping[str, str], names: Mapping[str, str], several: Iterable[str], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.facts = facts
        for fact, vocabulary in facts.items():
            self.fields[fact] = self._field(fact, vocabulary, gettext(names[fact]), fact in several)

    def _field(self, fact: str, vocabulary: str, label: str, several: bool) -> forms.Field:
        if not vocabulary:
            return WhenField(label=label, required=False)
        says_nothing = ("", gettext("says nothing of it"))
        if vocabulary == "countries":
            return forms.ChoiceField(label=label, choices=[says_nothing, *countries()[1:]], required=False)
        if vocabulary == "areas":
            country = str(self["incident.country"].value() or self.initial.get("country") or UNKNOWN)
            held = [(str(self.initial.get(fact)), str(self.initial.get(fact)))] if self.initial.get(fact) else []
            known = areas_of(country)[1:]
            more = [each for each in held if each[0] not in dict(known)]
            return forms.ChoiceField(label=label, choices=[says_nothing, *known, *more], required=False)
        if several:
            return boxes(label, choices=grouped_choices(vocabulary))
        return forms.ChoiceField(
            label=label, choices=[says_nothing, *choices_of(vocabulary, {UNKNOWN})], required=False
        )

    def values(self) -> dict[str, Value]:
        """Fact → what the source says of it. Call after `is_valid`."""
        return {fact: as_values(self.cleaned_data.get(fact)) for fact in self.facts}

    def warnings(self) -> list[str]:
        """What looks wrong and may be right."""
        return ask_future(self.cleaned_data.get("incident.date", ""))
