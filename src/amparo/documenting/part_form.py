"""What forms over the parts of a case have in common: choices, values, and what is asked though it may be right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN
from amparo.cases.merging import Value
from amparo.cases.parts import OF_KIND, Part
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.choices import areas_of, choices_of, grouped_choices

Choices = list[tuple[str, str]]
_LONGEST_NAME, _LONGEST_TEXT = 500, 50_000


@dataclass(frozen=True)
class CaseChoices:
    """What a form of one case offers: its records by number, as they are called there."""

    victims: Choices
    perpetrators: Choices
    places: Choices
    acts: Choices
    number_of_acts: int
    date: EventDate | None
    sources: Choices


NOTHING = CaseChoices([], [], [], [], 0, None, [])


def line(label: Any, **options: Any) -> forms.CharField:
    """A line of text, in whatever script."""
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=_LONGEST_NAME, widget=widget, **options)


def text_area(label: Any, rows: int, **options: Any) -> forms.CharField:
    """A longer text, in whatever script."""
    widget = forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": rows})
    return forms.CharField(label=label, required=False, max_length=_LONGEST_TEXT, widget=widget, **options)


def boxes(label: Any, **options: Any) -> forms.MultipleChoiceField:
    """Several of a vocabulary, each a box to mark."""
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, **options)


class PartForm(forms.Form):
    """A form over one part of a case. `initial` are the values of the record, as `cases.parts` reads them."""

    PART: ClassVar[Part]
    # Field → vocabulary; the definitions of its terms stand beside it.
    VOCABULARIES: ClassVar[Mapping[str, str]] = {}
    GROUPED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, choices: CaseChoices = NOTHING, closed: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = choices
        for name in closed:
            self.fields.pop(name, None)
        for name, vocabulary in self.VOCABULARIES.items():
            if name in self.GROUPED:
                self.choose(name, grouped_choices(vocabulary), vocabulary)
            else:
                several = isinstance(self.fields[name], forms.MultipleChoiceField)
                self.choose(name, choices_of(vocabulary, {UNKNOWN} if several else ()), vocabulary)
        self.offer()

    def offer(self) -> None:
        """Fill the choices that depend on the case."""

    @property
    def sealed_names(self) -> frozenset[str]:
        """The fields that go sealed, to be marked so."""
        return self.PART.sealed_names

    def values(self) -> dict[str, Value]:
        """What was filled in, as values of the part. Call after `is_valid`."""
        return {name: _value(value) for name, value in self.cleaned_data.items()}

    def warnings(self) -> list[str]:
        """What looks wrong and may be right: asked, not refused. Call after `is_valid`."""
        return ask_future(self.cleaned_data.get("date", ""))

    def choose(self, name: str, choices: Sequence[tuple[str, Any]], vocabulary: str = "") -> None:
        """Offer `choices`, and what the record holds already, whatever it is."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared in the classes)
        held = self.initial.get(name) or ()
        offered = {code for value, label in choices for code in _codes(value, label)}
        more = [each for each in ([held] if isinstance(held, str) else held) if each not in offered]
        terms = get_vocabulary(vocabulary).terms if vocabulary else {}
        named = dict(choices_of(vocabulary)) if vocabulary and more else {}
        field.choices = [*choices, *((each, named.get(each, each)) for each in more)]
        # A form that left a choice away means what nobody knows.
        if UNKNOWN in terms and not isinstance(field, forms.MultipleChoiceField):
            if UNKNOWN not in {*offered, *more}:
                field.choices = [(UNKNOWN, dict(choices_of(vocabulary))[UNKNOWN]), *field.choices]
            field.initial = field.initial or UNKNOWN


def source_choices(published: Choices) -> list[tuple[str, Any]]:
    """Sources that publish under their names, and kinds of those that aren't named."""
    kinds = [(f"{OF_KIND}{code}", label) for code, label in choices_of("source-kinds")]
    named = [(gettext("Publishes under its name"), published)] if published else []
    return [(gettext("Named only in what is sealed"), kinds), *named]


def offer_areas(form: PartForm) -> None:
    """The areas of the country that is chosen; one of another country is let go, for it would be wrong."""
    country = str(form["country"].value() or UNKNOWN)
    offered = areas_of(country)
    if form.is_bound and form.data.get("area", UNKNOWN) not in dict(offered):
        form.data = {**form.data.dict(), "area": UNKNOWN} if isinstance(form.data, QueryDict) else form.data
    field = form.fields["area"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = offered


def ask_future(said: str) -> list[str]:
    """What is asked of a date that lies in the future."""
    if said and EventDate.read(said).earliest > _today():
        return [gettext("The date lies in the future. Is it so?")]
    return []


def _today() -> date:
    return timezone.now().date()


def _codes(value: Any, label: Any) -> list[str]:
    return [code for code, _label in label] if isinstance(label, list | tuple) else [str(value)]


def _value(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return tuple(sorted(map(str, value)))
    return "" if value is None else str(value).replace("\r\n", "\n")


def as_values(value: Any) -> tuple[str, ...]:
    """What was said of a fact, as its values."""
    if isinstance(value, list | tuple):
        return tuple(sorted(map(str, value)))
    return (str(value),) if value else ()
