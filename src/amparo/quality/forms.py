"""Forms of coding twice: what is drawn, and the codes of the second coder."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from amparo.quality.fields import BY_CODE, CODED_TWICE, SEVERAL, join_codes
from amparo.quality.recoding import MOST_CASES
from amparo.quality.words import field_name
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.choices import choices_of, countries, grouped_choices

USUAL_SIZE = 40
_MOST_SEED = 2**31 - 1
_USUAL_FIELDS = ("setting", "act", "target", "sex", "age", "perpetrator")


class DrawForm(forms.Form):
    """How many cases are drawn, and which fields are coded again."""

    size = forms.IntegerField(
        label=_("How many cases"),
        min_value=1,
        max_value=MOST_CASES,
        help_text=_("From 30 on a coefficient can be read; 50 to 100 give a narrower interval."),
    )
    fields_again = forms.MultipleChoiceField(
        label=_("Which fields"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one field.")},
        help_text=_("Only those that a reader can tell from the story."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=_MOST_SEED,
        help_text=_("Any number. Whoever has it and the same cases can draw the same sample again."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        begun = {"size": USUAL_SIZE, "fields_again": list(_USUAL_FIELDS), "seed": secrets.randbelow(1_000_000)}
        options.setdefault("initial", begun)
        super().__init__(*args, **options)
        field = self.fields["fields_again"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (declared above)
        field.choices = [(code, field_name(code)) for code in CODED_TWICE]


class CodeAgainForm(forms.Form):
    """The codes of a case, with nothing chosen beforehand: "not known" is an answer too."""

    sealed_names: frozenset[str] = frozenset()

    def __init__(self, *args: Any, asked: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.vocabularies = {code: BY_CODE[code].vocabulary for code in asked}
        for code, vocabulary in self.vocabularies.items():
            self.fields[code] = _several(code, vocabulary) if code in SEVERAL else _single(code, vocabulary)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for code in SEVERAL & said.keys():
            if UNKNOWN in said[code] and len(said[code]) > 1:
                self.add_error(code, gettext("Choose either “not known” or what the story tells, not both."))
        return said

    def coding(self) -> dict[str, str]:
        """What was coded: field → value. Call after `is_valid`."""
        said = self.cleaned_data
        return {code: join_codes(said[code]) if code in SEVERAL else said[code] for code in self.vocabularies}

    @property
    def definitions(self) -> dict[str, list[tuple[str, str]]]:
        """Field → its terms with what they mean. Countries need no explaining."""
        language = get_language() or "en"
        return {
            code: [
                (term.label(language), term.definition(language)) for term in get_vocabulary(vocabulary).terms.values()
            ]
            for code, vocabulary in self.vocabularies.items()
            if code != "country"
        }


def _single(code: str, vocabulary: str) -> forms.ChoiceField:
    choices = countries() if vocabulary == "countries" else choices_of(vocabulary)
    error = gettext("Choose one; “not known” where the story does not tell.")
    return forms.ChoiceField(
        label=field_name(code),
        choices=[("", gettext("Please choose")), *choices],
        error_messages={"required": error},
    )


def _several(code: str, vocabulary: str) -> forms.MultipleChoiceField:
    unknown = [each for each in choices_of(vocabulary) if each[0] == UNKNOWN]
    broad = any(term.broader for term in get_vocabulary(vocabulary).terms.values())
    choices: list[Any] = list(grouped_choices(vocabulary)) if broad else choices_of(vocabulary, {UNKNOWN})
    return forms.MultipleChoiceField(
        label=field_name(code),
        choices=[*choices, *unknown],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext("Choose at least one; “not known” where the story does not tell.")},
    )
