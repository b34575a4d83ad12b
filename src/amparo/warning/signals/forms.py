"""What is filled in for a signal: short, for a telephone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.ui.forms import ChoosingForm, OnceForm, VersionForm, line_field, words_field
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.vocabularies.choices import areas_of, choices_of, countries
from amparo.warning.signals.raising import Said
from amparo.warning.typed_days import check_year

# Origins that no person chooses: what data, rules and the system raise is raised by them.
NOT_BY_PEOPLE = {"data", "rule", "system", UNKNOWN}


class SignalForm(OnceForm):
    """One minute: what, where, and in words what is safe to write."""

    kind = forms.ChoiceField(label=_("What is it about?"))
    country = forms.ChoiceField(label=_("Country"))
    what = words_field(_("What do you know?"), 4, _("Two sentences are enough. They go sealed: names may stand here."))
    happened = forms.CharField(
        required=False,
        max_length=21,
        label=_("When"),
        help_text=_("Such as 2026-05-17, 2026-05 or 2026; empty for today or not known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    origin = forms.ChoiceField(label=_("Who noticed it?"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    source = line_field(_("Who says so"), _("Only if it is safe to write."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("kind", [("", str(_("Choose…"))), *choices_of("signal-kinds", {UNKNOWN, "missed-run"})])
        self.choose("origin", choices_of("signal-origins", NOT_BY_PEOPLE))
        self.choose("country", countries())
        self.choose("area", areas_of(str(self["country"].value() or UNKNOWN)))

    def clean_happened(self) -> EventDate | None:
        said = str(self.cleaned_data["happened"]).strip()
        if not said:
            return None
        try:
            happened = EventDate.read(said)
        except ValueError:
            raise forms.ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None
        # What is announced has not happened yet: a hearing, an eviction.
        check_year(happened.earliest)
        return happened

    def said(self, incident: int | None = None) -> Said:
        """What was typed. Call after `is_valid`."""
        typed = self.cleaned_data
        return Said(
            origin=typed["origin"],
            kind=typed["kind"],
            country=typed["country"],
            area=typed["area"] or UNKNOWN,
            happened=typed["happened"],
            words={name: typed[name] for name in ("what", "source")},
            incident=incident,
            token=typed["token"],
        )


class CheckForm(VersionForm):
    """What a check of a signal found."""

    state = forms.ChoiceField(label=_("What did the check find?"), widget=forms.RadioSelect)
    note = words_field(
        _("In words"), 3, _("With whom you spoke, what speaks for it and what against it. It goes sealed.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("state", choices_of("signal-states", {UNKNOWN, "new"}))


class WantedSignals(ChoosingForm):
    """Which signals the list shows. What is not understood is as if it had not been asked for."""

    state = forms.ChoiceField(required=False, label=_("State"))
    origin = forms.ChoiceField(required=False, label=_("Origin"))
    kind = forms.ChoiceField(required=False, label=_("Kind"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", str(_("All")))
        for name, vocabulary in (("state", "signal-states"), ("origin", "signal-origins"), ("kind", "signal-kinds")):
            self.choose(name, [everything, *choices_of(vocabulary, {UNKNOWN})])

    def wanted(self) -> dict[str, str]:
        """What is asked for, by column."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
