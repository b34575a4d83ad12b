"""What is filled in for a statement: its words, who is invited, the tick before it is issued, a correction."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.institutions.models import Institution
from amparo.institutions.names import public_name
from amparo.ui.forms import ChoosingForm, OnceForm, VersionForm
from amparo.vocabularies.choices import Choices
from amparo.warning.duty.forms import LANGUAGES, language_name
from amparo.warning.statements.drafting import Draft
from amparo.warning.statements.texts import (
    LONGEST_BODY,
    LONGEST_NOTE,
    LONGEST_TITLE,
    Words,
    direction,
    find_wrong,
    tidy,
)

PROBLEMS = {
    "no-title": _("Write a title: it is what people read first."),
    "no-body": _("Write what the institutions say."),
    "too-long": _("This is too long: shorten it."),
    "has-contact": _("It has a telephone number or an e-mail address. Take it out: everybody will read this."),
    "no-note": _("Write it in the language in which the statement was drafted."),
}
_OPEN_TEXT = _("Plain text; an empty line begins a new paragraph. Name nobody who has not agreed to be named.")


def title_field() -> forms.CharField:
    return forms.CharField(
        required=False, max_length=LONGEST_TITLE, label=_("Title"), widget=forms.TextInput(attrs={"dir": "auto"})
    )


def body_field() -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=LONGEST_BODY,
        label=_("Text"),
        help_text=_OPEN_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
    )


def language_choices(without: Iterable[str] = ()) -> Choices:
    """Languages by name, those of this site first."""
    ours, left_out = [code for code, _name in settings.LANGUAGES], set(without)
    others = sorted((language_name(code), code) for code in LANGUAGES if code not in ours)
    ordered = [(code, language_name(code)) for code in ours] + [(code, name) for name, code in others]
    return [each for each in ordered if each[0] not in left_out]


class _WordsForm(ChoosingForm):
    """Title and text, with what is wrong said at each field."""

    def words(self) -> Words:
        """What was typed, as it is kept."""
        return tidy(Words(self.cleaned_data.get("title", ""), self.cleaned_data.get("body", "")))

    def check_words(self) -> None:
        for part, code in find_wrong(self.words()):
            if part not in self.errors:
                self.add_error(part, PROBLEMS[code])


class BeginForm(_WordsForm, OnceForm):
    """A statement that somebody begins: first words, and who is invited."""

    language = forms.ChoiceField(label=_("Language"))
    title = title_field()
    body = body_field()
    invited = forms.MultipleChoiceField(
        required=False,
        label=_("Who writes and signs it with us"),
        help_text=_("They read the draft, change it and sign it. You can invite others later."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, institutions: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("language", language_choices())
        self.choose("invited", [(str(each.pk), public_name(each)) for each in institutions])
        self.initial.setdefault("language", get_language() or "en")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.check_words()
        return said

    def draft(self) -> Draft:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return Draft(said["language"], self.words(), [int(each) for each in said["invited"]], said["token"])


class TextForm(_WordsForm, VersionForm):
    """The words in one language. Those of the draft's first language stay; others go where both are empty."""

    language = forms.ChoiceField(label=_("Language"))
    title = title_field()
    body = body_field()

    def __init__(self, *args: Any, language: str, first: str, there: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.first = first
        if language:
            del self.fields["language"]
            for name in ("title", "body"):
                self.fields[name].widget.attrs |= {"lang": language, "dir": direction(language)}
            if language != first:
                self.fields["body"].help_text = _(
                    "Plain text; an empty line begins a new paragraph. Empty title and text take this language out."
                )
        else:
            self.choose("language", language_choices(there))
        self.given = language

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        words = self.words()
        if words.title or words.body or self.given in {"", self.first}:
            self.check_words()
        return said


class InviteForm(ChoosingForm):
    """One more institution that takes part in the alert."""

    institution = forms.ChoiceField(label=_("Invite"))

    def __init__(self, *args: Any, institutions: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("institution", [(str(each.pk), public_name(each)) for each in institutions])


class IssueForm(VersionForm):
    """That somebody looked for names before the words become public, and which version she read."""

    no_names = forms.BooleanField(
        label=_("I looked: it names no person who has not agreed to be named in public."),
        error_messages={"required": _("Look first, then tick this: everybody will be able to read it.")},
    )


class NoteForm(OnceForm):
    """A correction, or why a statement is withdrawn, in each language that the statement has."""

    def __init__(self, *args: Any, languages: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.languages = languages
        for code in languages:
            self.fields[f"text_{code}"] = forms.CharField(
                required=False,
                max_length=LONGEST_NOTE,
                label=language_name(code),
                widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": direction(code)}),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for code, text in self.texts().items():
            for _part, problem in find_wrong(Words("-a", text)):
                if problem == "has-contact":
                    self.add_error(f"text_{code}", PROBLEMS[problem])
        first = f"text_{self.languages[0]}"
        if first not in self.errors and not said.get(first, "").strip():
            self.add_error(first, PROBLEMS["no-note"])
        return said

    def texts(self) -> dict[str, str]:
        """What was typed, by language."""
        return {code: self.cleaned_data.get(f"text_{code}", "") for code in self.languages}
