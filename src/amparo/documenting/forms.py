"""What is filled in on a case, part by part. What nobody knows stays "not known"."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate
from amparo.cases.drafts import UNKNOWN
from amparo.cases.merging import Value
from amparo.cases.parts import ACT, CONTACT, INFORMATION, PERPETRATOR, PLACE, STORY, VICTIM, WHAT
from amparo.documenting.fields import WhenField
from amparo.documenting.part_form import PartForm, boxes, line, offer_areas, source_choices, text_area
from amparo.vocabularies.choices import choices_of, countries

MOST_INVOLVED = 50


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


class StoryForm(PartForm):
    """The story of a case, and the notes of who works on it."""

    PART = STORY

    text = text_area(_("What happened, in full"), 14)
    links = text_area(_("Links to what was published"), 3, help_text=_("One a line."))
    notes = text_area(_("Notes of the institution"), 6, help_text=_("For colleagues. Never shared with the story."))


class PlaceForm(PartForm):
    """An exact place of the case."""

    PART = PLACE
    VOCABULARIES: ClassVar[Mapping[str, str]] = {"kind": "place-kinds", "precision": "place-precision"}

    place = line(_("Exact place"), help_text=_("A village, a street, a building: as it was told."))
    kind = forms.ChoiceField(label=_("Kind of place"))
    precision = forms.ChoiceField(label=_("How exactly the place is known"))
    latitude = line(_("Latitude"), help_text=_("In degrees, such as -12.0464."))
    longitude = line(_("Longitude"), help_text=_("In degrees, such as -77.0428."))
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
    name = line(_("Name"), help_text=_("Of a person as she is called; of a group or an institution its name."))
    function = line(_("Function"))
    organisation = line(_("Organisation"))
    nationality = line(_("Nationality"))
    target = forms.ChoiceField(label=_("In what capacity"))
    sex = forms.ChoiceField(label=_("Sex"))
    gender = forms.ChoiceField(label=_("Gender"))
    age_band = forms.ChoiceField(label=_("Age"))
    age = line(_("Exact age, or day of birth"))
    profiles = boxes(_("What they defend"))
    agreed = forms.BooleanField(
        label=_("This person agreed that her gender identity and sexual orientation are written down"), required=False
    )
    gender_identity = forms.ChoiceField(label=_("Gender identity"), required=False)
    sexual_orientation = forms.ChoiceField(label=_("Sexual orientation"), required=False)
    ruled_out = boxes(_("Kinds of act that were ruled out"), help_text=_("The sources say that this did not happen."))

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

    contact = text_area(_("How to reach this person, or who speaks for her"), 4)
    safe_ways = text_area(_("What is safe"), 3, help_text=_("At what hours, by which way, who must not know."))


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
    methods = boxes(_("By what means"))
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
    methods = boxes(_("By what means"))
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
    name = line(_("Name"))
    function = line(_("Function"), help_text=_("Rank, unit, office: as it was told."))
    organisation = line(_("Organisation"))
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

    acts = boxes(_("Had to do with"))
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
    name = line(_("Who it is"), help_text=_("A source that does not publish under its name is named here only."))
    contact = line(_("How to reach the source"))
    reliability = forms.ChoiceField(label=_("Reliability of the source"))
    credibility = forms.ChoiceField(label=_("Credibility of what it says"))
    independence = forms.ChoiceField(
        label=_("Independent of the other sources"),
        help_text=_("A newspaper that repeats another’s report is not independent of it."),
    )
    text = text_area(_("What it said"), 8)
    links = text_area(_("Links to what was published"), 2, help_text=_("One a line."))

    def offer(self) -> None:
        self.choose("source", source_choices(self.case.sources))


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
