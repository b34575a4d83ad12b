"""What is filled in of a new case: its first step, or the whole of it on one page."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.merging import Value, Values
from amparo.cases.parts import WHAT
from amparo.documenting.fields import WhenField
from amparo.documenting.forms import WhatForm
from amparo.documenting.part_form import PartForm, line, offer_areas, source_choices, text_area
from amparo.vocabularies.choices import countries


class NewCaseForm(WhatForm):
    """The first step of a new case: what, when and where, with the exact place."""

    place = line(_("Exact place"), help_text=_("A village, a street, a building: as it was told."))
    place_kind = forms.ChoiceField(label=_("Kind of place"))
    place_precision = forms.ChoiceField(label=_("How exactly the place is known"))

    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        **WhatForm.VOCABULARIES,
        "place_kind": "place-kinds",
        "place_precision": "place-precision",
    }

    @property
    def sealed_names(self) -> frozenset[str]:
        return frozenset({"place"})

    def place_values(self) -> Values:
        """The exact place, as values of a place."""
        said = self.cleaned_data
        return {"place": said["place"], "kind": said["place_kind"], "precision": said["place_precision"]}

    def values(self) -> dict[str, Value]:
        return {name: value for name, value in super().values().items() if not name.startswith("place")}


class QuickForm(PartForm):
    """A whole case on one page."""

    PART = WHAT
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        "act": "acts",
        "sex": "sex",
        "target": "targets",
        "perpetrator": "alleged-perpetrators",
    }
    GROUPED = frozenset({"act", "perpetrator"})
    # What the next case begins with.
    KEPT = ("date", "country", "area", "source")

    date = WhenField(label=_("When"), required=False)
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    name = line(_("Name of the victim"))
    sex = forms.ChoiceField(label=_("Sex"))
    target = forms.ChoiceField(label=_("In what capacity"))
    act = forms.ChoiceField(label=_("Kind of act"))
    perpetrator = forms.ChoiceField(label=_("Kind of alleged perpetrator"))
    source = forms.ChoiceField(label=_("Source"), required=False)
    text = text_area(_("What happened"), 4)

    @property
    def sealed_names(self) -> frozenset[str]:
        return frozenset({"name", "text"})

    def offer(self) -> None:
        self.choose("country", countries())
        offer_areas(self)
        self.choose("source", [("", gettext("not known")), *source_choices(self.case.sources)])
