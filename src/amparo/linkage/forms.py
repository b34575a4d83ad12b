"""What is filled in to look for the same persons."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.models import Dataset
from amparo.institutions.models import Institution
from amparo.linkage.looking import Scope
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary


class LookForm(forms.Form):
    """Which cases are compared with which."""

    dataset = forms.ChoiceField(required=False, label=_("Cases of this list"))
    other = forms.ChoiceField(required=False, label=_("compared with those of"))
    country = forms.ChoiceField(required=False, label=_("Only this country"))
    first_year = forms.IntegerField(required=False, min_value=1900, max_value=2200, label=_("From the year"))
    last_year = forms.IntegerField(required=False, min_value=1900, max_value=2200, label=_("To the year"))

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        language = (get_language() or "en").split("-")[0]
        own = Dataset.objects.filter(incidents__institution=institution).distinct().order_by("code")
        lists = [(each.code, str(each.titles.get(language) or each.titles.get("en", each.code))) for each in own]
        countries = get_vocabulary("countries").terms.values()
        named = sorted((term.label(language), term.code) for term in countries if term.code != UNKNOWN)
        self._choose("dataset", [("", str(_("all lists"))), *lists])
        self._choose("other", [("", str(_("the same cases"))), *lists])
        self._choose("country", [("", str(_("all countries"))), *((code, label) for label, code in named)])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first_year"), said.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The end lies before the beginning."))
        if said.get("other") and not said.get("dataset"):
            self.add_error("dataset", _("Choose the list that is compared with the other."))
        return said

    def scope(self) -> Scope:
        """What was chosen. Call after `is_valid`."""
        return Scope(**self.cleaned_data)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices
