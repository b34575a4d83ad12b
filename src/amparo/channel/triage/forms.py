"""What is filled in at the desk of the channel."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN
from amparo.channel.models import Channel
from amparo.channel.triage.accepting import CodedFacts
from amparo.channel.triage.inbox import ALL, OPEN, Wanted
from amparo.channel.triage.services import LONGEST_MESSAGE, REASONS, SPAM
from amparo.files.labels import KIND_LABELS
from amparo.vocabularies.choices import Choices, areas_of, choices_of, countries, grouped_choices

_MEGABYTE = 1024 * 1024
_REASON_NAMES = {
    "asked-by-reporter": _("The reporter asks for it"),
    "legal-proceedings": _("Proceedings need it"),
    "still-needed": _("Our work still needs it"),
    "no-longer-needed": _("Nobody needs it any more"),
}


class WantedForm(forms.Form):
    """Which reports the inbox shows. What is not understood is as if it had not been asked for."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    urgency = forms.ChoiceField(required=False, label=_("Urgency"))
    language = forms.ChoiceField(required=False, label=_("Language"))
    unread = forms.BooleanField(required=False, label=_("Only unread"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = choices_of("report-status")
        self._choose("status", [(OPEN, str(_("Waiting for us"))), *states, (ALL, str(_("All")))])
        self._choose("urgency", [("", str(_("All"))), *choices_of("report-urgency")])
        self._choose("language", [("", str(_("All"))), *((code, str(name)) for code, name in settings.LANGUAGES)])

    def wanted(self) -> Wanted:
        """What is asked for."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**said)

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices


class MessageForm(forms.Form):
    """A message to the reporter."""

    text = forms.CharField(
        max_length=LONGEST_MESSAGE,
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )


class RejectForm(forms.Form):
    """Why a report is not taken up, and what the reporter is told."""

    outcome = forms.ChoiceField(label=_("Reason"))
    words = forms.CharField(
        max_length=LONGEST_MESSAGE,
        required=False,
        label=_("Words to the reporter (not needed)"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices_of("report-outcomes", {SPAM})


class RetentionForm(forms.Form):
    """On which day a report is destroyed, and why not on that of the rule."""

    day = forms.DateField(label=_("To be destroyed on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField(choices=[(code, _REASON_NAMES[code]) for code in REASONS], label=_("Reason"))

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day <= timezone.now().date():
            raise forms.ValidationError(_("Take a day after today. To destroy the report at once, use “Destroy now”."))
        return day


class FactsForm(forms.Form):
    """The coded facts of a case: prefilled from the report, for a person to check."""

    date = forms.CharField(
        required=False,
        max_length=21,
        label=_("Date"),
        help_text=_("As far as it is known: 2026, 2026-10, 2026-10-22, or 2026-10/2026-11."),
    )
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    kind = forms.ChoiceField(label=_("Against"))
    target = forms.ChoiceField(label=_("In what capacity"))
    sex = forms.ChoiceField(label=_("Sex"))
    age_band = forms.ChoiceField(label=_("Age"))
    setting = forms.ChoiceField(label=_("Offline or online"))
    status = forms.ChoiceField(label=_("Status of the information"))
    acts = forms.MultipleChoiceField(label=_("Kinds of act"), widget=forms.CheckboxSelectMultiple)
    profiles = forms.MultipleChoiceField(
        required=False, label=_("What they defend"), widget=forms.CheckboxSelectMultiple
    )
    perpetrators = forms.MultipleChoiceField(
        required=False, label=_("Alleged perpetrators"), widget=forms.CheckboxSelectMultiple
    )

    # Field → vocabulary, whose definitions stand beside the choices.
    VOCABULARIES = {
        "kind": "victim-kinds",
        "target": "targets",
        "sex": "sex",
        "age_band": "age-bands",
        "setting": "settings",
        "status": "information-status",
        "acts": "acts",
        "profiles": "defender-profiles",
        "perpetrators": "alleged-perpetrators",
    }
    GROUPED = ("acts", "perpetrators")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, vocabulary in self.VOCABULARIES.items():
            several = isinstance(self.fields[name], forms.MultipleChoiceField)
            if name in self.GROUPED:
                self._choose(name, grouped_choices(vocabulary))
            else:
                self._choose(name, choices_of(vocabulary, {UNKNOWN} if several else ()))
        self._choose("country", countries())
        self._choose("area", areas_of(str(self["country"].value() or UNKNOWN)))

    def clean_date(self) -> EventDate | None:
        said = str(self.cleaned_data["date"]).strip()
        if not said:
            return None
        try:
            return EventDate.read(said)
        except ValueError:
            raise forms.ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None

    def facts(self) -> CodedFacts:
        """What was checked. Call after `is_valid`."""
        said = dict(self.cleaned_data)
        for name in ("acts", "profiles", "perpetrators"):
            said[name] = tuple(said[name])
        return CodedFacts(**(said | {"area": said["area"] or UNKNOWN}))

    def _choose(self, name: str, choices: Choices | list[tuple[str, Choices]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


class ChannelForm(forms.ModelForm[Channel]):
    """How an institution receives reports."""

    most_megabytes = forms.IntegerField(
        min_value=1,
        max_value=5 * 1024,
        label=_("Largest file, in megabytes"),
        help_text=_("Photos and films are large."),
    )

    file_kinds = forms.MultipleChoiceField(
        required=False,
        choices=list(KIND_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        label=_("Kinds of file that we take"),
        help_text=_("None marked: all of these."),
    )

    class Meta:
        model = Channel
        fields = ("is_open", "most_files", "answer_days", "kept_days", "file_kinds")
        labels = {
            "is_open": _("The channel is open: people can report to us"),
            "most_files": _("Files with one report or message, at most"),
            "answer_days": _("Days within which we answer"),
            "kept_days": _("Days that a closed report is kept before it is destroyed"),
        }
        # Those of the model are for who reads the code.
        help_texts = dict.fromkeys(fields, "")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["most_megabytes"].initial = max(1, self.instance.most_file_bytes // _MEGABYTE)

    def clean_answer_days(self) -> int:
        return self._at_least_one("answer_days")

    def clean_kept_days(self) -> int:
        return self._at_least_one("kept_days")

    def save(self, commit: bool = True) -> Channel:
        self.instance.most_file_bytes = self.cleaned_data["most_megabytes"] * _MEGABYTE
        return super().save(commit)

    def _at_least_one(self, name: str) -> int:
        days: int = self.cleaned_data[name]
        if days < 1:
            raise forms.ValidationError(_("At least one day."))
        return days
