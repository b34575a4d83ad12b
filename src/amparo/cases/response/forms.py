"""What is filled in about the response to a case."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.cases.models import Incident, Law
from amparo.cases.response.deciding import DRAFT, Decision
from amparo.cases.response.intervening import InterventionFacts
from amparo.cases.response.laws import LawFacts
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN, get_vocabulary
from amparo.vocabularies.choices import Choices, choices_of, countries

LONGEST_TEXT = 20_000
FIRST_YEAR = 1700


def _text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"})


class _CodedForm(forms.Form):
    # Field → vocabulary.
    VOCABULARIES: dict[str, str] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, vocabulary in self.VOCABULARIES.items():
            self._choose(name, choices_of(vocabulary))

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared below)
        field.choices = choices


class InterventionForm(_CodedForm):
    """What was done for the victims."""

    kind = forms.ChoiceField(label=_("What was done"))
    by = forms.ChoiceField(label=_("By whom"), initial="nhri")
    date = forms.CharField(
        required=False,
        max_length=21,
        label=_("When"),
        help_text=_("As far as it is known: 2026, 2026-10, 2026-10-22, or 2026-10/2026-11."),
    )
    victim = forms.ChoiceField(required=False, label=_("For whom"))
    result = forms.ChoiceField(label=_("What came of it"), initial="pending")
    notes = forms.CharField(required=False, max_length=LONGEST_TEXT, label=_("Notes (sealed)"), widget=_text_area(5))

    VOCABULARIES = {"kind": "interventions", "by": "intervention-actors", "result": "intervention-results"}

    def __init__(self, *args: Any, victims: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("victim", [("", str(_("all victims"))), *victims])
        self._choose("kind", [("", str(_("choose"))), *choices_of("interventions", (UNKNOWN,))])

    def clean_date(self) -> EventDate | None:
        said = str(self.cleaned_data["date"]).strip()
        if not said:
            return None
        try:
            when = EventDate.read(said)
        except ValueError:
            raise forms.ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None
        if when.earliest > timezone.now().date():
            raise forms.ValidationError(_("This day is still to come. Note what was done once it was done."))
        return when

    def facts(self) -> InterventionFacts:
        """What was filled in. Call after `is_valid`."""
        said = self.cleaned_data
        victim = int(said["victim"]) if said["victim"] else None
        return InterventionFacts(said["kind"], said["by"], said["result"], said["date"], victim, said["notes"])


class LawForm(_CodedForm):
    """A law, as it was published."""

    title = forms.CharField(max_length=300, label=_("Title, as published"), widget=forms.TextInput({"dir": "auto"}))
    language = forms.ChoiceField(required=False, label=_("Language of the title"))
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("What it deals with"))
    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, label=_("Year"))

    VOCABULARIES = {"kind": "law-kinds"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("country", countries())
        self._choose("language", [("", str(_("another one"))), *((code, code) for code in LANGUAGES)])

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > timezone.now().year:
            raise forms.ValidationError(_("This year is still to come."))
        return year

    def facts(self) -> LawFacts:
        """What was filled in. Call after `is_valid`."""
        return LawFacts(**self.cleaned_data)


class _LawField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Law) -> str:
        return f"{obj.title} ({obj.year})" if obj.year else obj.title


class LawUsedForm(forms.Form):
    """In which kind of act of a case which law was used."""

    kind = forms.ChoiceField(label=_("Kind of act"))
    law = _LawField(Law.objects.none(), label=_("Law"))

    def __init__(self, *args: Any, kinds: list[str], laws: QuerySet[Law], **options: Any) -> None:
        super().__init__(*args, **options)
        kind, law = self.fields["kind"], self.fields["law"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        assert isinstance(law, forms.ModelChoiceField)  # noqa: S101
        terms, language = get_vocabulary("acts").terms, get_language() or "en"
        kind.choices = [(code, terms[code].label(language) if code in terms else code) for code in kinds]
        law.queryset = laws


class ChainForm(forms.Form):
    """Which other case belongs to this one."""

    other = forms.IntegerField(min_value=1, label=_("Number of the other case"))
    title = forms.CharField(
        required=False,
        max_length=300,
        label=_("What joins them (sealed; for a new chain)"),
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )


class DecisionForm(_CodedForm):
    """What is decided on a case."""

    stage = forms.ChoiceField(label=_("Stage"))
    status = forms.ChoiceField(label=_("Status of the information"))
    reasons = forms.CharField(
        required=False, max_length=LONGEST_TEXT, label=_("Reasons (sealed)"), widget=_text_area(5)
    )

    VOCABULARIES = {"status": "information-status"}

    def __init__(self, *args: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*args, **options)
        left_out = (UNKNOWN,) if incident.stage == DRAFT else (UNKNOWN, DRAFT)
        self._choose("stage", choices_of("case-stages", left_out))
        self._choose("status", choices_of("information-status", (UNKNOWN,) if incident.status != UNKNOWN else ()))

    def decision(self) -> Decision:
        """What was decided. Call after `is_valid`."""
        return Decision(**self.cleaned_data)
