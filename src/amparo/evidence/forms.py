"""What is filled in about evidence."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.models import Act, Victim
from amparo.evidence.adding import Description
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.choices import Choices, choices_of

LONGEST_TEXT = 20_000
LONGEST_LINE = 500


class OnceForm(forms.Form):
    """A form that makes its records once, however often it is sent."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["token"].initial = secrets.token_hex(32)

    def clean_token(self) -> str:
        said: str = self.cleaned_data["token"]
        if len(said) != 64 or not all(each in "0123456789abcdef" for each in said):
            raise forms.ValidationError(_("This form is incomplete. Please load the page again."))
        return said

    def submission(self) -> bytes:
        """What tells this form from every other. Call after `is_valid`."""
        return bytes.fromhex(self.cleaned_data["token"])


class DescriptionForm(forms.Form):
    """What a piece of evidence is, what it shows and where it came from."""

    kind = forms.ChoiceField(label=_("What it is"))
    victim = forms.ChoiceField(label=_("About whom"), required=False)
    act = forms.ChoiceField(label=_("Which act it supports"), required=False)
    shows = forms.CharField(
        label=_("What it shows"),
        help_text=_("Sealed. Say what can be seen or heard, and what it proves; where and when, if you know."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )
    came_from = forms.CharField(
        label=_("Where it came from"),
        help_text=_("Sealed. Such as a telephone, an archive, a newspaper, the address of a page."),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    handed_over_by = forms.CharField(
        label=_("Who handed it over"),
        help_text=_("Sealed. Only as much as you need: this person may be in danger for it."),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, victims: Sequence[Victim], acts: Sequence[Act], names: Mapping[int, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._victims = {str(each.pk): each for each in victims}
        self._acts = {str(each.pk): each for each in acts}
        numbers = {each.pk: number for number, each in enumerate(victims, 1)}
        self._choose("kind", choices_of("evidence-kinds"))
        self.fields["kind"].initial = "unknown"
        whole = ("", gettext("the whole case"))
        self._choose(
            "victim", [whole, *((str(pk), _victim_label(number, names.get(pk))) for pk, number in numbers.items())]
        )
        language, kinds = get_language() or "en", get_vocabulary("acts").terms
        labels = {each.pk: kinds[each.kind].label(language) if each.kind in kinds else each.kind for each in acts}
        self._choose(
            "act",
            [whole, *((str(each.pk), f"{labels[each.pk]} ({numbers.get(each.victim_id, '–')})") for each in acts)],
        )

    def description(self) -> Description:
        """What was filled in. Call after `is_valid`."""
        said = self.cleaned_data
        return Description(
            kind=said["kind"],
            act=self._acts.get(said["act"]),
            victim=self._victims.get(said["victim"]),
            shows=said["shows"].strip(),
            came_from=said["came_from"].strip(),
            handed_over_by=said["handed_over_by"].strip(),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        act, victim = self._acts.get(said.get("act", "")), self._victims.get(said.get("victim", ""))
        if act is not None and victim is not None and act.victim_id != victim.pk:
            self.add_error("act", _("This act was committed against somebody else. Choose another act or person."))
        return said

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices


class ChangeForm(DescriptionForm):
    """The same of a piece that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SeveralFiles(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class AddForm(OnceForm, DescriptionForm):
    """Files with what they are. The files come last: what follows one that is far too large is not read."""

    files = forms.FileField(  # type: ignore[assignment]
        label=_("Files"),
        required=False,
        widget=SeveralFiles,
        help_text=_("Several are taken as evidence of the same kind. They are sealed while they arrive."),
    )
    field_order = ("token", "kind", "victim", "act", "shows", "came_from", "handed_over_by", "files")


class CaptureForm(OnceForm, DescriptionForm):
    """A page of the web to be fetched."""

    address = forms.CharField(
        label=_("Address of the page"),
        max_length=2000,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
        ),
    )
    understood = forms.BooleanField(label=_("I have read this, and want the page fetched from here."))
    field_order = ("token", "address", "understood", "victim", "act", "shows", "came_from")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("kind", "handed_over_by"):
            del self.fields[name]

    def description(self) -> Description:
        """What was filled in. Call after `is_valid`."""
        self.cleaned_data |= {"kind": "web-page", "handed_over_by": ""}
        return super().description()


class CustodyForm(OnceForm):
    """A step of custody that happened outside this system."""

    STEPS = ("transferred", "shared")

    step = forms.ChoiceField(label=_("What was done"))
    with_whom = forms.CharField(
        label=_("With whom"),
        help_text=_("Sealed. Such as an institution and a function."),
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("How, and with which receipt"),
        help_text=_("Sealed."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        labels = dict(choices_of("custody-actions"))
        field.choices = [(step, labels[step]) for step in self.STEPS]


def _victim_label(number: int, name: str | None) -> str:
    label = gettext("Victim %(number)s") % {"number": number}
    return f"{label}: {name}" if name else label
