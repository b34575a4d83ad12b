"""What is filled in for an alert: its level and reasons, a pause, another alert that it belongs to, its end."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.institutions.models import Institution
from amparo.institutions.names import public_name
from amparo.ui.forms import ChoosingForm, DayInput, OnceForm, VersionForm, day_field, words_field
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.vocabularies.choices import choices_of
from amparo.warning.alerts.deciding import Known, Opening
from amparo.warning.models import Alert
from amparo.warning.times import this_quarter
from amparo.warning.typed_days import not_to_come

LONGEST_PAUSE_DAYS = 90


class _AboutForm(ChoosingForm):
    """What is known of an alert: in words, since when, and whether an NHRI is threatened."""

    emerged_on = forms.DateField(
        required=False,
        label=_("When did the danger begin?"),
        help_text=_("Empty where it is not known: it tells how soon it was noticed."),
        widget=DayInput(),
    )
    threatened = forms.ChoiceField(
        required=False,
        label=_("An NHRI is threatened itself"),
        help_text=_("It reads the alert, and nothing is done for it that it has not approved."),
    )
    what = words_field(_("What is known"), 5, _("For whoever takes it up. It goes sealed to your own institution."))
    who = words_field(_("Who is in danger"), 2)

    def __init__(self, *args: Any, nhris: Sequence[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.nhris = {str(each.pk): each for each in nhris}
        named = [(number, public_name(each)) for number, each in self.nhris.items()]
        self.choose("threatened", [("", str(_("No"))), *named])

    def clean_emerged_on(self) -> date | None:
        day: date | None = self.cleaned_data["emerged_on"]
        if day is not None and day > this_quarter().date():
            raise forms.ValidationError(_("This day is still to come. Write the day on which the danger began."))
        return not_to_come(day)

    def known(self) -> Known:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        words = {name: said[name] for name in ("what", "who")}
        return Known(words, said["emerged_on"], self.nhris.get(said.get("threatened", "")))


class OpenForm(_AboutForm, OnceForm):
    """An alert out of a signal that was confirmed."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(label=_("Reasons"), widget=forms.CheckboxSelectMultiple)
    field_order = ("token", "level", "reasons")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("level", choices_of("alert-levels", {UNKNOWN}))
        self.choose("reasons", choices_of("alert-reasons", {UNKNOWN}))

    def opening(self) -> Opening:
        """What was typed. Call after `is_valid`."""
        said, known = self.cleaned_data, self.known()
        return Opening(
            level=said["level"],
            reasons=tuple(said["reasons"]),
            emerged_on=known.emerged_on,
            threatened=known.threatened,
            words=known.words,
            token=said["token"],
        )


class KnownForm(_AboutForm, VersionForm):
    """What is known of an alert that is open, as it stands by now. Without `nhris` none is asked for."""

    field_order = ("version", "what", "who", "emerged_on", "threatened")

    def __init__(self, *args: Any, nhris: Sequence[Institution], **options: Any) -> None:
        super().__init__(*args, nhris=nhris, **options)
        if not nhris:
            # Once named it stays: who approves what is done for it is not changed by others.
            del self.fields["threatened"]


class LevelForm(VersionForm):
    """Another level, with its reasons."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(label=_("Reasons"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("level", choices_of("alert-levels", {UNKNOWN}))
        self.choose("reasons", choices_of("alert-reasons", {UNKNOWN}))


class MuteForm(VersionForm):
    """Until when an alert calls nobody, and why."""

    until = day_field(_("Silent until the end of"))
    because = forms.ChoiceField(label=_("Why"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("because", [("", str(_("Choose…"))), *choices_of("mute-reasons", {UNKNOWN})])

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        today = this_quarter().date()
        if day < today:
            raise forms.ValidationError(_("This day is past. Take today or a later day."))
        if day > today + timedelta(days=LONGEST_PAUSE_DAYS):
            raise forms.ValidationError(
                _("An alert may be silent for 90 days at most. Close it, or take a nearer day.")
            )
        return day


class MergeForm(VersionForm):
    """The alert that this one is worked on with from now on."""

    into = forms.ChoiceField(label=_("Merge into"))

    def __init__(self, *args: Any, others: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("into", [("", str(_("Choose…"))), *others])


class CloseForm(VersionForm):
    """How an alert ended."""

    outcome_code = forms.ChoiceField(label=_("What came of it"))
    harmed_on = forms.DateField(
        required=False,
        label=_("When the harm came, if it did"),
        help_text=_("It tells how far ahead the alert was."),
        widget=DayInput(),
    )
    outcome = words_field(_("How it ended"), 3)
    lessons = words_field(_("What we learnt"), 4, _("What helped, what did not, what to do otherwise next time."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("outcome_code", [("", str(_("Choose…"))), *choices_of("alert-outcomes")])

    def clean_harmed_on(self) -> date | None:
        return not_to_come(self.cleaned_data["harmed_on"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("harmed_on") and said.get("outcome_code") not in {"harm-occurred", "harm-lessened"}:
            self.add_error(
                "harmed_on", _("You named a day on which harm came: choose an outcome with harm, or take it away.")
            )
        return said


class WantedAlerts(ChoosingForm):
    """Which alerts the list shows. What is not understood is as if it had not been asked for."""

    state = forms.ChoiceField(required=False, label=_("State"))
    level = forms.ChoiceField(required=False, label=_("Level"))
    kind = forms.ChoiceField(required=False, label=_("Kind"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", str(_("All")))
        for name, vocabulary in (("state", "alert-states"), ("level", "alert-levels"), ("kind", "signal-kinds")):
            self.choose(name, [everything, *choices_of(vocabulary, {UNKNOWN})])

    def wanted(self) -> dict[str, str]:
        """What is asked for, by column."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def reasons_of(alert: Alert) -> list[str]:
    """The codes of the reasons of an alert."""
    return [each.reason for each in alert.reasons.all()]
