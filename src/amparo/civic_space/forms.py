"""What is filled in for a condition, and for its review."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import (
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_SOURCES,
    MOST_STAGES,
    ConditionFacts,
    SourceLink,
    StageFacts,
    Wrong,
    find_wrong,
    is_public_address,
)
from amparo.civic_space.labels import explain
from amparo.civic_space.models import ConditionVersion
from amparo.civic_space.scope import sees_all_countries
from amparo.institutions.models import Institution
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN
from amparo.vocabularies.choices import areas_of, choices_of, countries, grouped_choices

_DATE_HELP = _("As far as it is known: 2026, 2026-10, 2026-10-22, or 2026-10/2026-11.")
# A law may be adopted long before it applies.
_YEARS_AHEAD = 10
_EMPTY_STAGES, _EMPTY_SOURCES = 3, 2


class WrittenDate(forms.CharField):
    """A date as far as it is known, as people and files write it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"required": False, "max_length": 21} | options))

    def clean(self, value: Any) -> Any:
        said = str(super().clean(value) or "").strip()
        if not said:
            return None
        try:
            found = EventDate.read(said)
        except ValueError:
            raise forms.ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None
        if found.earliest > date(timezone.now().year + _YEARS_AHEAD, 12, 31):
            raise forms.ValidationError(_("This date is too far ahead."))
        return found


class ConditionForm(forms.Form):
    """A condition: what it is, when, how far it came, where it can be read, and what everybody will read of it."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(
        label=_("Area"), required=False, help_text=_("Only where it holds for a part of the country.")
    )
    kind = forms.ChoiceField(label=_("Kind"))
    effect = forms.ChoiceField(label=_("Effect on civic space"))
    setting = forms.ChoiceField(label=_("Online or offline"), help_text=_("Where the people are whom it touches."))
    date = WrittenDate(label=_("Date"), help_text=_DATE_HELP)
    ended = WrittenDate(label=_("Until"), help_text=_("Leave it empty while it goes on."))
    themes = forms.MultipleChoiceField(
        required=False, label=_("Rights that it touches"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        self.institution = institution
        self.initial.setdefault("token", uuid.uuid4())
        if sees_all_countries(institution):
            self._choose("country", countries())
        else:
            del self.fields["country"]
        whole = [(UNKNOWN, str(_("the whole country, or not known")))]
        self._choose("area", [*whole, *(each for each in areas_of(self._country()) if each[0] != UNKNOWN)])
        self._choose("kind", [(UNKNOWN, str(_("not known"))), *grouped_choices("condition-kinds")])
        self._choose("effect", choices_of("condition-effects"))
        self._choose("setting", choices_of("settings"))
        self._choose("themes", choices_of("civic-space-themes", {UNKNOWN}))
        for name in ("area", "kind", "effect", "setting"):
            self.initial.setdefault(name, UNKNOWN)
        self._add_texts()
        self._add_stages()
        self._add_sources()

    def texts(self) -> list[tuple[str, str, Any, Any]]:
        """Code and name of each language with its two fields, the reader's language first."""
        names = {code: str(name) for code, name in settings.LANGUAGES}
        return [(code, names[code], self[f"title_{code}"], self[f"text_{code}"]) for code in _languages()]

    def stages(self) -> list[tuple[Any, Any]]:
        """The fields of each stage: which, and when."""
        return [(self[f"stage_{row}"], self[f"stage_date_{row}"]) for row in range(self.stage_rows)]

    def sources(self) -> list[tuple[Any, Any]]:
        """The fields of each source: title and address."""
        return [(self[f"source_title_{row}"], self[f"source_address_{row}"]) for row in range(self.source_rows)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for row in range(self.source_rows):
            title, address = said.get(f"source_title_{row}", ""), said.get(f"source_address_{row}", "")
            if (title or address) and not is_public_address(address):
                self.add_error(f"source_address_{row}", explain("no-address"))
        for row in range(self.stage_rows):
            if said.get(f"stage_date_{row}") and not said.get(f"stage_{row}"):
                self.add_error(f"stage_{row}", _("Choose the stage that this is the date of."))
        if not self.errors:
            for wrong in find_wrong(self.facts()):
                self._tell(wrong)
        return said

    def facts(self) -> ConditionFacts:
        """What was typed. Call after its fields were found right."""
        said = self.cleaned_data
        return ConditionFacts(
            country=said.get("country", self.institution.country),
            titles={code: said[f"title_{code}"] for code in LANGUAGES},
            kind=said["kind"],
            area=said["area"] or UNKNOWN,
            effect=said["effect"],
            setting=said["setting"],
            date=said["date"],
            ended=said["ended"],
            texts={code: said[f"text_{code}"] for code in LANGUAGES},
            stages=tuple(self._typed_stages()),
            themes=tuple(said["themes"]),
            sources=tuple(self._typed_sources()),
        )

    def _typed_stages(self) -> Iterator[StageFacts]:
        for row in range(self.stage_rows):
            if code := self.cleaned_data[f"stage_{row}"]:
                yield StageFacts(code, self.cleaned_data[f"stage_date_{row}"])

    def _typed_sources(self) -> Iterator[SourceLink]:
        for row in range(self.source_rows):
            if address := self.cleaned_data[f"source_address_{row}"].strip():
                yield SourceLink(self.cleaned_data[f"source_title_{row}"].strip(), address)

    def _tell(self, wrong: Wrong) -> None:
        part = f"title_{_languages()[0]}" if wrong.code == "no-title" else wrong.part
        self.add_error(part if part in self.fields else None, explain(wrong.code))

    def _country(self) -> str:
        if "country" not in self.fields:
            return self.institution.country
        return str(self.data.get("country") or self.initial.get("country") or UNKNOWN)

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices

    def _rows(self, name: str, empty: int, most: int) -> int:
        """As many rows as were sent; before that, as many as there are, and a few to fill in."""
        if self.is_bound:
            return next((row for row in range(most) if f"{name}_{row}" not in self.data), most)
        there = sum(1 for each in self.initial if each.startswith(f"{name}_"))
        return min(there + empty, most)

    def _add_texts(self) -> None:
        for code in LANGUAGES:
            attributes = {"lang": code, "dir": "rtl" if code == "ar" else "ltr"}
            self.fields[f"title_{code}"] = forms.CharField(
                required=False, max_length=LONGEST_TITLE, label=_("Title"), widget=forms.TextInput(attrs=attributes)
            )
            self.fields[f"text_{code}"] = forms.CharField(
                required=False,
                max_length=LONGEST_TEXT,
                label=_("What it means for those who defend rights"),
                widget=forms.Textarea(attrs=attributes | {"rows": 3}),
            )

    def _add_stages(self) -> None:
        self.stage_rows = self._rows("stage_date", _EMPTY_STAGES, MOST_STAGES)
        choices = [("", "–"), *choices_of("condition-stages", {UNKNOWN})]
        for row in range(self.stage_rows):
            self.fields[f"stage_{row}"] = forms.ChoiceField(required=False, label=_("Stage"), choices=choices)
            self.fields[f"stage_date_{row}"] = WrittenDate(label=_("Since"))

    def _add_sources(self) -> None:
        self.source_rows = self._rows("source_address", _EMPTY_SOURCES, MOST_SOURCES)
        for row in range(self.source_rows):
            self.fields[f"source_title_{row}"] = forms.CharField(
                required=False,
                max_length=LONGEST_TITLE,
                label=_("Title of the page or document"),
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
            self.fields[f"source_address_{row}"] = forms.CharField(
                required=False,
                max_length=LONGEST_ADDRESS,
                label=_("Its public address"),
                widget=forms.URLInput(attrs={"dir": "ltr"}),
            )


class ReviewForm(forms.Form):
    """That somebody looked for names before a text goes on its way, and which version she read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    no_names = forms.BooleanField(
        label=_("I looked: it names nobody who does not hold a public office and acts in it."),
        error_messages={"required": _("Look first, then tick this: everybody will be able to read it.")},
    )


class ReturnForm(forms.Form):
    """Why a text is given back."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("What has to be mended"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "–"), *choices_of("condition-return-reasons", {UNKNOWN})]


def initial_of(version: ConditionVersion) -> dict[str, Any]:
    """What the form begins with for a condition that is there."""
    facts = version.facts()
    first: dict[str, Any] = {
        "version": version.number,
        "country": facts.country,
        "area": facts.area,
        "kind": facts.kind,
        "effect": facts.effect,
        "setting": facts.setting,
        "date": str(facts.date or ""),
        "ended": str(facts.ended or ""),
        "themes": list(facts.themes),
    }
    for code in LANGUAGES:
        first |= {f"title_{code}": facts.titles.get(code, ""), f"text_{code}": facts.texts.get(code, "")}
    for row, stage in enumerate(facts.stages):
        first |= {f"stage_{row}": stage.stage, f"stage_date_{row}": str(stage.date or "")}
    for row, source in enumerate(facts.sources):
        first |= {f"source_title_{row}": source.title, f"source_address_{row}": source.address}
    return first


def _languages() -> tuple[str, ...]:
    reader = (get_language() or "en").split("-")[0]
    return (reader, *(code for code in LANGUAGES if code != reader)) if reader in LANGUAGES else LANGUAGES
