"""The forms by which the profile of an NHRI is kept."""

from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.amount_fields import AmountFormField
from amparo.institutions.access import OPENING_ROLES
from amparo.institutions.models import Institution, User
from amparo.reprisals.form_fields import (
    Choices,
    CodeField,
    CodesField,
    CurrencyField,
    DateField,
    NumberField,
    YearField,
    choices_of,
)
from amparo.reprisals.forms import functions
from amparo.reprisals.keeping import ProfileFacts
from amparo.reprisals.models import Accreditation, NhriProfile, ProfileCode, Seat, YearFigures
from amparo.ui.templatetags.ui import label as label_of
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.folding import fold

PILLARS = tuple(code for code in get_vocabulary("paris-pillars").terms if code != UNKNOWN)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
_LONGEST_NAME = 200
_RecordT = TypeVar("_RecordT", Accreditation, YearFigures, Seat)


def _countries() -> Choices:
    return [("", "—"), *sorted(choices_of("countries"), key=lambda choice: fold(choice[1]))]


class ProfileForm(forms.Form):
    """The public facts of an NHRI. `country` is fixed where the NHRI itself fills it in."""

    country = CodeField("countries", _("Country"), offered=_countries, required=True, initial="")
    network = CodeField(
        "ganhri-networks", _("Network"), help_text=_("Left at “not known”, it is the network of the country’s region.")
    )
    model = CodeField("nhri-models", _("Model"))
    legal_basis = CodeField("legal-bases", _("On what it rests"))
    legal_year = YearField(label=_("Year of the law that holds now"), required=False)
    immunity = CodeField("nhri-immunity", _("Immunity for official acts"))
    mandates = CodesField("nhri-mandates", _("Further mandates"))
    appointing = CodesField("procedure-steps", _("How members are appointed, by the law"), below="appointing")
    dismissing = CodesField("procedure-steps", _("How members can be dismissed, by the law"), below="dismissing")
    focal_point = forms.ModelChoiceField(User.objects.none(), required=False, label=_("Focal point"))
    deputy = forms.ModelChoiceField(User.objects.none(), required=False, label=_("Deputy"))

    def __init__(
        self, *args: Any, country: str | None = None, institution: Institution | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for language in LANGUAGES:
            self.fields[f"name_{language}"] = forms.CharField(
                max_length=_LONGEST_NAME,
                required=False,
                label=_NAME_IN[language],
                widget=forms.TextInput(attrs={"dir": "auto", "lang": language, "autocomplete": "off"}),
            )
        for pillar in PILLARS:
            self.fields[f"pillar_{pillar}"] = CodeField("pillar-states", label_of(pillar, "paris-pillars"))
        self.order_fields([f"name_{language}" for language in LANGUAGES])
        if country:
            self.fields["country"].disabled = True
            self.initial["country"] = country
        people = User.objects.filter(institution=institution, is_active=True, role__in=OPENING_ROLES).order_by(
            "username"
        )
        for name in ("focal_point", "deputy"):
            if institution is None:
                del self.fields[name]
                continue
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (declared above)
            field.queryset = people

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under headings, for the page."""
        names = [name for name in self.fields if name.startswith("name_")]
        pillars = [name for name in self.fields if name.startswith("pillar_")]
        people: list[str] = [name for name in ("focal_point", "deputy") if name in self.fields]
        facts = [name for name in self.fields if name not in {*names, *pillars, *people}]
        parts: list[tuple[str, list[str]]] = [
            (gettext("Names"), names),
            (gettext("Facts"), facts),
            (gettext("Paris Principles, as you see them"), pillars),
            (gettext("Focal points"), people),
        ]
        return [(heading, [self[name] for name in fields]) for heading, fields in parts if fields]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(said.get(f"name_{language}") for language in LANGUAGES):
            self.add_error("name_en", gettext("Write the name in at least one language."))
        if said.get("deputy") and said.get("deputy") == said.get("focal_point"):
            self.add_error("deputy", gettext("The deputy must be somebody else than the focal point."))
        return said

    def facts(self) -> ProfileFacts:
        """What was said. Call after `is_valid`."""
        said = self.cleaned_data
        columns: dict[str, Any] = {
            name: said[name]
            for name in ("network", "model", "legal_basis", "legal_year", "immunity", "focal_point", "deputy")
            if name in said
        }
        return ProfileFacts(
            names={language: said[f"name_{language}"].strip() for language in LANGUAGES},
            country=said["country"],
            columns=columns,
            codes={
                ProfileCode.MANDATE: said["mandates"],
                ProfileCode.STEP: (*said["appointing"], *said["dismissing"]),
            },
            pillars={pillar: said[f"pillar_{pillar}"] for pillar in PILLARS if said[f"pillar_{pillar}"] != UNKNOWN},
        )


def begin_profile(profile: NhriProfile) -> dict[str, Any]:
    """With what the form of a profile begins."""
    codes = list(profile.codes.values_list("question", "code"))
    steps = [code for question, code in codes if question == ProfileCode.STEP]
    columns = ("country", "network", "model", "legal_basis", "legal_year", "immunity", "focal_point", "deputy")
    return {
        **{name: getattr(profile, name) for name in columns},
        **{f"name_{language}": profile.names.get(language, "") for language in LANGUAGES},
        "mandates": [code for question, code in codes if question == ProfileCode.MANDATE],
        "appointing": steps,
        "dismissing": steps,
        **{f"pillar_{each.pillar}": each.state for each in profile.pillars.all()},
    }


class AccreditationForm(forms.Form):
    """One decision on accreditation."""

    date = DateField(label=_("When it was decided"), required=True)
    session = NumberField(smallest=1, largest=999, required=False, label=_("Number of the committee’s session"))
    decision = CodeField("accreditation-status", _("Decision"))
    path = CodeField("accreditation-paths", _("How it came about"))
    next_review = DateField(label=_("Next review"), may_come=True)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "date" in said and said["date"] is None:
            self.add_error("date", gettext("Write when it was decided: the year, at least."))
        if said.get("decision") == UNKNOWN:
            self.add_error("decision", gettext("Choose what was decided."))
        when, review = said.get("date"), said.get("next_review")
        if when and review and review.latest < when.earliest:
            self.add_error("next_review", gettext("The next review can’t come before the decision."))
        return said

    def part(self, kept: Accreditation | None = None) -> Accreditation:
        """What was said, in `kept` or in a new record. Call after `is_valid`."""
        return _fill(kept or Accreditation(), self.cleaned_data)


class YearForm(forms.Form):
    """Budget and staff of one year."""

    year = YearField(label=_("Year"))
    amount = AmountFormField(label=_("Budget of the institution"))
    currency = CurrencyField(label=_("Currency"), required=False, help_text=_("Three letters, such as EUR or KES."))
    government_amount = AmountFormField(
        label=_("Budget of the whole of government"),
        help_text=_("In the same currency: with it years can be compared."),
    )
    staff = NumberField(required=False, label=_("Staff"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        amount, whole = said.get("amount"), said.get("government_amount")
        if (amount is not None or whole is not None) and not said.get("currency") and "currency" in said:
            self.add_error("currency", gettext("An amount needs its currency."))
        if amount is not None and whole is not None and whole < amount:
            self.add_error(
                "government_amount",
                gettext(
                    "The whole of government can’t be less than the institution’s budget: "
                    "that is a share over 100 per cent."
                ),
            )
        return said

    def part(self, kept: YearFigures | None = None) -> YearFigures:
        """What was said, in `kept` or in a new record. Call after `is_valid`."""
        return _fill(kept or YearFigures(), self.cleaned_data)


class SeatForm(forms.Form):
    """A seat, and who holds it: the name goes sealed."""

    function = CodeField("targets", _("Function"), offered=lambda: functions()[:-2])
    sex = CodeField("sex", _("Sex"))
    appointed_on = DateField(label=_("Appointed"))
    term_ends = DateField(label=_("Term ends"), may_come=True)
    left_on = DateField(label=_("Left"))
    name = forms.CharField(
        required=False,
        max_length=300,
        label=_("Name"),
        help_text=_("Sealed: only who holds your institution’s key can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        begins = said.get("appointed_on")
        for name in ("term_ends", "left_on"):
            if begins and said.get(name) and said[name].latest < begins.earliest:
                self.add_error(name, gettext("This lies before the appointment. Change one of them."))
        return said

    def part(self, kept: Seat | None = None) -> Seat:
        """What was said save the name, in `kept` or in a new record. Call after `is_valid`."""
        return _fill(kept or Seat(), {name: value for name, value in self.cleaned_data.items() if name != "name"})


def _fill(record: _RecordT, said: dict[str, Any]) -> _RecordT:
    for name, value in said.items():
        setattr(record, name, value)
    return record


_NAME_IN = {
    "en": _("Name in English"),
    "fr": _("Name in French"),
    "es": _("Name in Spanish"),
    "ar": _("Name in Arabic"),
}
