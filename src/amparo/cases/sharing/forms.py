"""What is filled in about consents and sharing, asked as a person would be asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.sharing.parts import CasePart
from amparo.cases.sharing.services import SaidYes
from amparo.institutions.models import Institution
from amparo.vault.consent import today
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.vocabularies.choices import choices_of

_ANOTHER = "other"
LANGUAGES_ASKED_IN = (
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    (_ANOTHER, _("another language")),
    ("", _("not known")),
)
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _boxes(label: Any, chosen: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list: what was sent here is not in it.")},
        help_text=chosen,
    )


class ConsentForm(forms.Form):
    """What a person agreed to."""

    everything = forms.BooleanField(
        required=False, label=_("Everything in this case as it is now, without the originals of files")
    )
    parts = _boxes(_("What may be told?"), "")
    recipients = _boxes(_("To whom?"), "")
    purposes = _boxes(_("What for?"), "")
    how = forms.ChoiceField(label=_("How did the person say yes?"))
    language = forms.ChoiceField(required=False, label=_("In which language was the person asked?"))
    given_on = forms.DateField(
        label=_("On which day?"),
        widget=_DAY,
        error_messages={"invalid": _("Write the day as 2026-11-25.")},
    )
    expires_on = forms.DateField(
        required=False,
        label=_("Until when does it hold?"),
        widget=_DAY,
        help_text=_("The last day. Empty: until it is withdrawn."),
        error_messages={"invalid": _("Write the day as 2026-11-25.")},
    )

    def __init__(self, *args: Any, parts: Sequence[CasePart], **options: Any) -> None:
        super().__init__(*args, **options)
        self._parts = parts
        self._choose("parts", [(str(part.section), part.label) for part in parts])
        self._choose("recipients", choices_of("consent-recipients"))
        self._choose("purposes", choices_of("consent-purposes", {UNKNOWN}))
        self._choose("how", [("", str(_("choose"))), *choices_of("consent-ways")])
        self._choose("language", [(code, str(name)) for code, name in LANGUAGES_ASKED_IN])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come. Note a consent once it was given."))
        return day

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("everything") and "parts" not in self.errors and not said.get("parts"):
            self.add_error("parts", _("Choose at least one part of the case."))
        if "recipients" not in self.errors and not said.get("recipients"):
            self.add_error("recipients", _("Choose at least one who may know."))
        if "purposes" not in self.errors and not said.get("purposes"):
            self.add_error("purposes", _("Choose at least one purpose."))
        given, ends = said.get("given_on"), said.get("expires_on")
        if given and ends and ends < given:
            self.add_error("expires_on", _("It cannot end before it was given."))
        return said

    def said(self) -> SaidYes:
        """What was filled in. Call after `is_valid`."""
        said = self.cleaned_data
        chosen = {UUID(each) for each in said["parts"]}
        if said["everything"]:
            chosen |= {part.section for part in self._parts if not part.exact}
        return SaidYes(
            parts=frozenset(chosen),
            recipients=tuple(said["recipients"]),
            purposes=tuple(said["purposes"]),
            how=said["how"],
            language=said["language"],
            given_on=said["given_on"],
            expires_on=said["expires_on"],
        )


class WithdrawForm(forms.Form):
    """Which consents for one recipient are withdrawn: `parts` and `purposes` for which some stand."""

    parts = _boxes(_("Which parts?"), "")
    purposes = _boxes(_("For what?"), "")

    def __init__(self, *args: Any, parts: Sequence[CasePart], purposes: Sequence[str], **options: Any) -> None:
        options.setdefault("initial", {"parts": [str(part.section) for part in parts], "purposes": list(purposes)})
        super().__init__(*args, **options)
        for name, choices in (
            ("parts", [(str(part.section), part.label) for part in parts]),
            ("purposes", [choice for choice in choices_of("consent-purposes") if choice[0] in set(purposes)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (declared above)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "parts" not in self.errors and not said.get("parts"):
            self.add_error("parts", _("Choose at least one part of the case."))
        if "purposes" not in self.errors and not said.get("purposes"):
            self.add_error("purposes", _("Choose at least one purpose."))
        return said


class _InstitutionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        names: dict[str, str] = obj.names
        return names.get(get_language() or "en") or names.get("en") or str(obj.code)


class ReceiverForm(forms.Form):
    """With whom a case is shared, and what for."""

    to = _InstitutionField(
        queryset=Institution.objects.none(),
        to_field_name="code",
        label=_("With which institution?"),
        empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose from the list: what was sent here is not in it.")},
    )
    purpose = forms.ChoiceField(label=_("What for?"))

    def __init__(self, *args: Any, institutions: QuerySet[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        to, purpose = self.fields["to"], self.fields["purpose"]
        assert isinstance(to, _InstitutionField)  # noqa: S101  (declared above)
        assert isinstance(purpose, forms.ChoiceField)  # noqa: S101  (declared above)
        to.queryset = institutions
        purpose.choices = [("", str(_("choose"))), *choices_of("consent-purposes", {UNKNOWN})]
