"""What is filled in for the register of national protection systems."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.institutions.models import Institution
from amparo.protection.desk import today
from amparo.protection.national import ConsultationFacts, PartFacts, StateFacts, sees_all_countries
from amparo.ui.forms import ChoosingForm, OnceForm, words_field
from amparo.vocabularies.choices import choices_of, countries

_DATE_HELP = _("As far as it is known: 2026, 2026-10, 2026-10-22, or 2026-10/2026-11.")


def date_field(label: Any) -> forms.CharField:
    """A date as far as it is known."""
    return forms.CharField(required=False, max_length=21, label=label, help_text=_DATE_HELP)


def read_date(said: str) -> EventDate | None:
    """The date that was typed, not one to come. Raises ValidationError."""
    said = said.strip()
    if not said:
        return None
    try:
        date = EventDate.read(said)
    except ValueError:
        raise forms.ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None
    if date.earliest > today():
        raise forms.ValidationError(_("This date is still to come."))
    return date


class _WithState(forms.Form):
    """The fields of a state, which a new part has as well."""

    state = forms.ChoiceField(label=_("State"))
    since = date_field(_("Since"))
    evidence_title = forms.CharField(
        required=False,
        max_length=300,
        label=_("Where it can be read: title"),
        help_text=_("A law gazette, a decision, a budget line, a page of the body. It is shown to readers."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    evidence_link = forms.CharField(
        required=False,
        max_length=500,
        label=_("Where it can be read: address"),
        help_text=_("A public address that begins with https:// or http://"),
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )

    def clean_since(self) -> EventDate | None:
        return read_date(str(self.cleaned_data["since"]))

    def clean_evidence_link(self) -> str:
        link = str(self.cleaned_data["evidence_link"]).strip()
        if link:
            try:
                URLValidator(schemes=["https", "http"])(link)
            except forms.ValidationError:
                raise forms.ValidationError(_("Copy the whole address, from https:// on.")) from None
        return link

    def state_facts(self) -> StateFacts:
        said = self.cleaned_data
        return StateFacts(said["state"], said["since"], said["evidence_title"].strip(), said["evidence_link"])


class StateForm(OnceForm, _WithState):
    """The state in which a part is from some date on."""

    VOCABULARIES = {"state": "national-system-states"}


class PartForm(ChoosingForm):
    """A part of a country's system."""

    VOCABULARIES = {"kind": "national-system-parts", "with_defenders": "yes-no"}
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("Kind of part"))
    title = forms.CharField(
        max_length=300,
        label=_("Its title or name, as it is published"),
        help_text=_("It is public: write no name of a person here, save where an office publishes it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.ChoiceField(required=False, label=_("Language of the title"))
    with_defenders = forms.ChoiceField(label=_("Was it designed with defenders?"))

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        if sees_all_countries(institution):
            self.choose("country", countries())
        else:
            del self.fields["country"]
        self.institution = institution
        languages = [(code, str(name)) for code, name in settings.LANGUAGES]
        self.choose("language", [("", "–"), *languages, ("mul", str(_("another one")))])

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"]).strip()
        if not any(letter.isalnum() for letter in title):
            raise forms.ValidationError(_("Write what it is called."))
        return title

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"])
        if country == "unknown":
            raise forms.ValidationError(_("Choose the country."))
        return country

    def part_facts(self) -> PartFacts:
        said = self.cleaned_data
        country = said.get("country", self.institution.country)
        return PartFacts(country, said["kind"], said["title"], said["language"], said["with_defenders"])


class NewPartForm(PartForm, StateForm):
    """A part with its first state."""

    VOCABULARIES = PartForm.VOCABULARIES | StateForm.VOCABULARIES
    field_order = (
        "token",
        "country",
        "kind",
        "title",
        "language",
        "with_defenders",
        "state",
        "since",
        "evidence_title",
        "evidence_link",
    )


class ConsultationForm(OnceForm):
    """A consultation on a part."""

    VOCABULARIES = {"groups": "consulted-groups", "effect": "consultation-effects"}
    held = date_field(_("Held"))
    groups = forms.MultipleChoiceField(required=False, label=_("With whom"), widget=forms.CheckboxSelectMultiple)
    took_part = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, label=_("How many took part"))
    women_took_part = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, label=_("Women among them"))
    names = words_field(_("Names of those who took part"), 3, _("They go sealed, whatever you choose below."))
    said = words_field(_("What they said"), 5)
    effect = forms.ChoiceField(label=_("What came of it"))
    changed = words_field(_("What changed because of it"), 3)
    is_public = forms.BooleanField(
        required=False,
        label=_("What they said and what changed may be read by all"),
        help_text=_("Tick it only where those who spoke agreed. Else both go sealed."),
    )

    def clean_held(self) -> EventDate | None:
        return read_date(str(self.cleaned_data["held"]))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        all_of_them, women = said.get("took_part"), said.get("women_took_part")
        if all_of_them is not None and women is not None and women > all_of_them:
            self.add_error("women_took_part", _("There cannot be more women than took part."))
        return said

    def facts(self) -> ConsultationFacts:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return ConsultationFacts(
            held=said["held"],
            groups=tuple(said["groups"]),
            took_part=said["took_part"],
            women_took_part=said["women_took_part"],
            is_public=said["is_public"],
            effect=said["effect"],
            names=said["names"],
            said=said["said"],
            changed=said["changed"],
        )


class WantedCountryForm(forms.Form):
    """Which countries a network's list shows: those with a part of a kind in a state."""

    kind = forms.ChoiceField(required=False, label=_("Kind of part"))
    state = forms.ChoiceField(required=False, label=_("State"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, vocabulary in (("kind", "national-system-parts"), ("state", "national-system-states")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [("", str(_("All"))), *choices_of(vocabulary)]

    def wanted(self) -> dict[str, str]:
        """The conditions on the parts. What is not understood is as if it had not been asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
