"""What is filled in on a case, part by part. What nobody knows stays "not known"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN
from amparo.cases.merging import Value, Values
from amparo.cases.parts import ACT, CONTACT, INFORMATION, OF_KIND, PERPETRATOR, PLACE, STORY, VICTIM, WHAT, Part
from amparo.channel.triage.forms import areas_of, choices_of, countries, grouped_choices
from amparo.documenting.fields import WhenField
from amparo.vocabularies.catalogue import get_vocabulary

Choices = list[tuple[str, str]]
_LONGEST_NAME, _LONGEST_TEXT = 500, 50_000
MOST_INVOLVED = 50


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


def _line(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=_LONGEST_NAME, widget=widget, **options)


def _text(label: Any, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": rows})
    return forms.CharField(label=label, required=False, max_length=_LONGEST_TEXT, widget=widget, **options)


def _several(label: Any, **options: Any) -> forms.MultipleChoiceField:
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
        return _in_the_future(self.cleaned_data.get("date", ""))

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


class WhatForm(PartForm):
    """What happened, when and where, in codes."""

    PART = WHAT
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        "setting": "settings",
        "sector": "sectors",
        "because_of_work": "yes-no",
        "because_of_mandate": "yes-no",
        "because_of_cooperation": "yes-no",
    }

    date = WhenField(label=_("When"), required=False)
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    setting = forms.ChoiceField(label=_("Offline or online"))
    sector = forms.ChoiceField(label=_("Sector that the dispute is about"))
    because_of_work = forms.ChoiceField(label=_("Because of the work for human rights"))
    because_of_mandate = forms.ChoiceField(
        label=_("Because of the mandate of an NHRI"), help_text=_("For acts against an NHRI, or its people.")
    )
    because_of_cooperation = forms.ChoiceField(
        label=_("Because of cooperation with the United Nations"),
        help_text=_("Sought to cooperate, cooperated, testified, or helped others to: then it may be a reprisal."),
    )

    def offer(self) -> None:
        self.choose("country", countries())
        offer_areas(self)

    def clean_area(self) -> str:
        return self.cleaned_data["area"] or UNKNOWN


class NewCaseForm(WhatForm):
    """The first step of a new case: what, when and where, with the exact place."""

    place = _line(_("Exact place"), help_text=_("A village, a street, a building: as it was told."))
    place_kind = forms.ChoiceField(label=_("Kind of place"))
    place_precision = forms.ChoiceField(label=_("How exactly the place is known"))

    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        **WhatForm.VOCABULARIES,
        "place_kind": "place-kinds",
        "place_precision": "place-precision",
    }

    @property
    def sealed_names(self) -> frozenset[str]:
        return frozenset({"place"})

    def place_values(self) -> Values:
        """The exact place, as values of a place."""
        said = self.cleaned_data
        return {"place": said["place"], "kind": said["place_kind"], "precision": said["place_precision"]}

    def values(self) -> dict[str, Value]:
        return {name: value for name, value in super().values().items() if not name.startswith("place")}


class StoryForm(PartForm):
    """The story of a case, and the notes of who works on it."""

    PART = STORY

    text = _text(_("What happened, in full"), 14)
    links = _text(_("Links to what was published"), 3, help_text=_("One a line."))
    notes = _text(_("Notes of the institution"), 6, help_text=_("For colleagues. Never shared with the story."))


class PlaceForm(PartForm):
    """An exact place of the case."""

    PART = PLACE
    VOCABULARIES: ClassVar[Mapping[str, str]] = {"kind": "place-kinds", "precision": "place-precision"}

    place = _line(_("Exact place"), help_text=_("A village, a street, a building: as it was told."))
    kind = forms.ChoiceField(label=_("Kind of place"))
    precision = forms.ChoiceField(label=_("How exactly the place is known"))
    latitude = _line(_("Latitude"), help_text=_("In degrees, such as -12.0464."))
    longitude = _line(_("Longitude"), help_text=_("In degrees, such as -77.0428."))
    victim = forms.ChoiceField(label=_("Whose place"), required=False)

    def offer(self) -> None:
        self.choose("victim", [("", gettext("The whole case’s")), *self.case.victims])

    def clean_latitude(self) -> str:
        return _degrees(self.cleaned_data["latitude"], 90)

    def clean_longitude(self) -> str:
        return _degrees(self.cleaned_data["longitude"], 180)


class VictimForm(PartForm):
    """Somebody against whom acts were committed."""

    PART = VICTIM
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        "kind": "victim-kinds",
        "target": "targets",
        "sex": "sex",
        "gender": "gender",
        "age_band": "age-bands",
        "profiles": "defender-profiles",
        "ruled_out": "acts",
        "gender_identity": "gender-identity",
        "sexual_orientation": "sexual-orientation",
    }
    GROUPED = frozenset({"ruled_out"})

    kind = forms.ChoiceField(label=_("Person, group or institution"), initial="person")
    name = _line(_("Name"), help_text=_("Of a person as she is called; of a group or an institution its name."))
    function = _line(_("Function"))
    organisation = _line(_("Organisation"))
    nationality = _line(_("Nationality"))
    target = forms.ChoiceField(label=_("In what capacity"))
    sex = forms.ChoiceField(label=_("Sex"))
    gender = forms.ChoiceField(label=_("Gender"))
    age_band = forms.ChoiceField(label=_("Age"))
    age = _line(_("Exact age, or day of birth"))
    profiles = _several(_("What they defend"))
    agreed = forms.BooleanField(
        label=_("This person agreed that her gender identity and sexual orientation are written down"), required=False
    )
    gender_identity = forms.ChoiceField(label=_("Gender identity"), required=False)
    sexual_orientation = forms.ChoiceField(label=_("Sexual orientation"), required=False)
    ruled_out = _several(
        _("Kinds of act that were ruled out"), help_text=_("The sources say that this did not happen.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in ("gender_identity", "sexual_orientation"):
            if said.get(name) not in (None, "", UNKNOWN) and not said.get("agreed"):
                self.add_error(
                    name,
                    _("This is written down only where the person agreed: mark the box above, or choose “not known”."),
                )
        return said

    def values(self) -> dict[str, Value]:
        values = super().values()
        for name in ("gender_identity", "sexual_orientation"):
            if values.get(name) == UNKNOWN:
                values[name] = ""
        return values


class ContactForm(PartForm):
    """How a victim, or who speaks for her, is reached: in a section of its own, shared with fewest."""

    PART = CONTACT

    contact = _text(_("How to reach this person, or who speaks for her"), 4)
    safe_ways = _text(_("What is safe"), 3, help_text=_("At what hours, by which way, who must not know."))


class _OfActs(PartForm):
    """What acts have in common: means, place, and who had to do with them."""

    def offer(self) -> None:
        self.choose("place", [("", gettext("not known")), *self.case.places])
        degrees = [("", gettext("nothing to do with it")), *choices_of("degrees-of-involvement")]
        held = dict(each.split(":") for each in self.initial.get("involvements", ()))
        for number, called in self.case.perpetrators[:MOST_INVOLVED]:
            label = gettext("Involvement of %(perpetrator)s") % {"perpetrator": called}
            name = f"involved-{number}"
            self.fields[name] = forms.ChoiceField(label=label, choices=degrees, required=False)
            self.initial[name] = held.get(number, "")

    def values(self) -> dict[str, Value]:
        values = super().values()
        offered = {number for number, _called in self.case.perpetrators[:MOST_INVOLVED]}
        # Those for whom there was no room on the form stay as they are.
        others = {each for each in self.initial.get("involvements", ()) if each.partition(":")[0] not in offered}
        said = {f"{number}:{values.pop(f'involved-{number}', '')}" for number in offered}
        values["involvements"] = tuple(sorted(others | {each for each in said if not each.endswith(":")}))
        return values

    def warnings(self) -> list[str]:
        said = self.cleaned_data.get("date", "")
        found = super().warnings()
        if said and self.case.date is not None:
            when, whole = EventDate.read(said), self.case.date
            if when.latest < whole.earliest or when.earliest > whole.latest:
                found.append(gettext("The date of the act lies outside the date of the case. Is it so?"))
        return found


class ActForm(_OfActs):
    """One act that is there."""

    PART = ACT
    VOCABULARIES: ClassVar[Mapping[str, str]] = {"kind": "acts", "methods": "act-methods"}
    GROUPED = frozenset({"kind"})

    kind = forms.ChoiceField(label=_("Kind of act"))
    victim = forms.ChoiceField(label=_("Against whom"))
    date = WhenField(label=_("When, if it differs from the date of the case"), required=False)
    methods = _several(_("By what means"))
    place = forms.ChoiceField(label=_("Place"), required=False)

    def offer(self) -> None:
        self.choose("victim", self.case.victims)
        super().offer()


class NewActsForm(_OfActs):
    """One or several acts against one or several victims, with what they have in common."""

    PART = ACT
    VOCABULARIES: ClassVar[Mapping[str, str]] = {"kinds": "acts", "methods": "act-methods"}
    GROUPED = frozenset({"kinds"})

    victims = forms.MultipleChoiceField(
        label=_("Against whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one. Where none is there, add the victim first.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of act"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of act, or “Other act”.")},
    )
    date = WhenField(label=_("When, if it differs from the date of the case"), required=False)
    methods = _several(_("By what means"))
    place = forms.ChoiceField(label=_("Place"), required=False)

    def offer(self) -> None:
        self.choose("victims", self.case.victims)
        if len(self.case.victims) == 1:
            self.fields["victims"].initial = [self.case.victims[0][0]]
        super().offer()


class PerpetratorForm(PartForm):
    """Somebody who is said to have committed acts."""

    PART = PERPETRATOR
    VOCABULARIES: ClassVar[Mapping[str, str]] = {"kind": "alleged-perpetrators", "state_link": "state-links"}
    GROUPED = frozenset({"kind"})

    kind = forms.ChoiceField(label=_("Kind of alleged perpetrator"))
    state_link = forms.ChoiceField(label=_("Link to the State"))
    name = _line(_("Name"))
    function = _line(_("Function"), help_text=_("Rank, unit, office: as it was told."))
    organisation = _line(_("Organisation"))
    same_as = forms.ChoiceField(
        label=_("Also a victim in this case"),
        required=False,
        help_text=_("Where the same person suffered an act and is said to have committed one."),
    )

    def offer(self) -> None:
        self.choose("same_as", [("", gettext("no")), *self.case.victims])


class NewPerpetratorForm(PerpetratorForm):
    """A perpetrator with the acts that they had to do with."""

    ALL = "all"
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        **PerpetratorForm.VOCABULARIES,
        "degree": "degrees-of-involvement",
    }

    acts = _several(_("Had to do with"))
    degree = forms.ChoiceField(label=_("What they had to do with it"))

    def offer(self) -> None:
        super().offer()
        if not self.case.number_of_acts:
            del self.fields["acts"], self.fields["degree"]
            return
        every = gettext("All acts of the case (%(number)s)") % {"number": self.case.number_of_acts}
        self.choose("acts", [(self.ALL, every), *self.case.acts])
        self.fields["acts"].initial = [self.ALL]

    def involved(self) -> tuple[list[int] | None, str]:
        """The acts that they had to do with, None for all, and the degree."""
        chosen = self.cleaned_data.get("acts", [])
        numbers = None if self.ALL in chosen else [int(each) for each in chosen]
        return numbers, self.cleaned_data.get("degree", UNKNOWN)

    def values(self) -> dict[str, Value]:
        return {name: value for name, value in super().values().items() if name not in ("acts", "degree")}


class SourceForm(PartForm):
    """A source of the case, and how far it is believed."""

    PART = INFORMATION
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        "reliability": "source-reliability",
        "credibility": "information-credibility",
        "independence": "yes-no",
    }

    source = forms.ChoiceField(label=_("Source"))
    name = _line(_("Who it is"), help_text=_("A source that does not publish under its name is named here only."))
    contact = _line(_("How to reach the source"))
    reliability = forms.ChoiceField(label=_("Reliability of the source"))
    credibility = forms.ChoiceField(label=_("Credibility of what it says"))
    independence = forms.ChoiceField(
        label=_("Independent of the other sources"),
        help_text=_("A newspaper that repeats another’s report is not independent of it."),
    )
    text = _text(_("What it said"), 8)
    links = _text(_("Links to what was published"), 2, help_text=_("One a line."))

    def offer(self) -> None:
        self.choose("source", source_choices(self.case.sources))


class SaidForm(forms.Form):
    """What one source says of single facts. `facts` are fact → vocabulary, "" for a date."""

    def __init__(
        self, facts: Mapping[str, str], names: Mapping[str, str], several: Iterable[str], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.facts = facts
        for fact, vocabulary in facts.items():
            self.fields[fact] = self._field(fact, vocabulary, gettext(names[fact]), fact in several)

    def _field(self, fact: str, vocabulary: str, label: str, several: bool) -> forms.Field:
        if not vocabulary:
            return WhenField(label=label, required=False)
        says_nothing = ("", gettext("says nothing of it"))
        if vocabulary == "countries":
            return forms.ChoiceField(label=label, choices=[says_nothing, *countries()[1:]], required=False)
        if vocabulary == "areas":
            country = str(self["incident.country"].value() or self.initial.get("country") or UNKNOWN)
            held = [(str(self.initial.get(fact)), str(self.initial.get(fact)))] if self.initial.get(fact) else []
            known = areas_of(country)[1:]
            more = [each for each in held if each[0] not in dict(known)]
            return forms.ChoiceField(label=label, choices=[says_nothing, *known, *more], required=False)
        if several:
            return _several(label, choices=grouped_choices(vocabulary))
        return forms.ChoiceField(
            label=label, choices=[says_nothing, *choices_of(vocabulary, {UNKNOWN})], required=False
        )

    def values(self) -> dict[str, Value]:
        """Fact → what the source says of it. Call after `is_valid`."""
        return {fact: _as_values(self.cleaned_data.get(fact)) for fact in self.facts}

    def warnings(self) -> list[str]:
        """What looks wrong and may be right."""
        return _in_the_future(self.cleaned_data.get("incident.date", ""))


class QuickForm(PartForm):
    """A whole case on one page."""

    PART = WHAT
    VOCABULARIES: ClassVar[Mapping[str, str]] = {
        "act": "acts",
        "sex": "sex",
        "target": "targets",
        "perpetrator": "alleged-perpetrators",
    }
    GROUPED = frozenset({"act", "perpetrator"})
    # What the next case begins with.
    KEPT = ("date", "country", "area", "source")

    date = WhenField(label=_("When"), required=False)
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    name = _line(_("Name of the victim"))
    sex = forms.ChoiceField(label=_("Sex"))
    target = forms.ChoiceField(label=_("In what capacity"))
    act = forms.ChoiceField(label=_("Kind of act"))
    perpetrator = forms.ChoiceField(label=_("Kind of alleged perpetrator"))
    source = forms.ChoiceField(label=_("Source"), required=False)
    text = _text(_("What happened"), 4)

    @property
    def sealed_names(self) -> frozenset[str]:
        return frozenset({"name", "text"})

    def offer(self) -> None:
        self.choose("country", countries())
        offer_areas(self)
        self.choose("source", [("", gettext("not known")), *source_choices(self.case.sources)])


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


def _in_the_future(said: str) -> list[str]:
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


def _as_values(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(sorted(map(str, value)))
    return (str(value),) if value else ()


def _degrees(written: str, most: int) -> str:
    if not written:
        return ""
    try:
        degrees = float(written.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise forms.ValidationError(
            _("Write degrees as a number between -%(most)s and %(most)s."), params={"most": most}
        )
    return written.strip()
