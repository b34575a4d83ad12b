"""What forms of the desk share: fields for words that go sealed, choices of vocabularies, sent once, of a version."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.choices import Choices, choices_of

LONGEST_WORDS = 10_000


def words_field(label: Any, rows: int = 3, help_text: Any = "") -> forms.CharField:
    """A field for words that go sealed."""
    return forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"}),
    )


def line_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for one line that goes sealed."""
    return forms.CharField(
        required=False,
        max_length=500,
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=DayInput())


class DayInput(forms.DateInput):
    """A day, written as the browser's calendar wants it whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ChoosingForm(forms.Form):
    """A form whose choices are those of vocabularies, in the active language."""

    # Field → vocabulary.
    VOCABULARIES: dict[str, str] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, vocabulary in self.VOCABULARIES.items():
            several = isinstance(self.fields[name], forms.MultipleChoiceField)
            self.choose(name, choices_of(vocabulary, {UNKNOWN} if several else ()))
            # What nobody answered is not known: the first of the list is an answer, such as "yes, she agrees".
            if not several:
                self.initial.setdefault(name, UNKNOWN)

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared below)
        field.choices = choices


class OnceForm(ChoosingForm):
    """A form that, sent twice, makes one record: its token is drawn when it is shown."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("token", uuid.uuid4())


class VersionForm(ChoosingForm):
    """A form for something that is there: it says of which version it was read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def status_of(form: forms.Form, shown_again: bool = False) -> int:
    """422 for a form that was sent and not taken."""
    return 422 if form.is_bound and not shown_again else 200


def with_version(request: HttpRequest, version: int) -> QueryDict:
    """What was sent, to be sent again over what is there now: whoever does so has been told."""
    changed = request.POST.copy()
    changed["version"] = str(version)
    return changed


def with_area_of_country(request: HttpRequest) -> QueryDict:
    """What was sent, with an area only where it lies in the country that was sent."""
    sent = request.POST.copy()
    area = get_vocabulary("areas").terms.get(sent.get("area", ""))
    if area is None or area.broader != sent.get("country"):
        sent["area"] = UNKNOWN
    return sent
