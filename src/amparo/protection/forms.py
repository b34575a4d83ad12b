"""What is filled in for a request, its plan and its end."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.amount_fields import AmountFormField
from amparo.cases.desk import incidents_for
from amparo.cases.drafts import UNKNOWN
from amparo.cases.models import Incident
from amparo.cases.money import DECIMAL_PLACES, MOST_DIGITS, Money, currencies
from amparo.institutions.models import Institution, User
from amparo.protection.asking import WORDS, RequestFacts
from amparo.protection.desk import ALL, ME, NOBODY, OPEN, Wanted, today
from amparo.protection.emergency import FIRST_MEASURES
from amparo.protection.held import protectors
from amparo.protection.models import Measure
from amparo.protection.planning import Ending, MeasureFacts
from amparo.ui.forms import ChoosingForm, OnceForm, VersionForm, day_field, line_field, words_field
from amparo.vocabularies.choices import Choices, areas_of, choices_of, countries

_EARLIEST = date(1990, 1, 1)
_LATEST_YEARS = 10


def owner_choices(institution: Institution, language_of_nobody: Any = "") -> Choices:
    """Who may own a request or a measure: the people who protect defenders there, by their names."""
    people = [(str(each.pk), each.username) for each in protectors(institution)]
    return [("", str(language_of_nobody or "–")), *people]


def read_owner(institution: Institution, chosen: str) -> User | None:
    """The person of that number, where she may own something."""
    return next((each for each in protectors(institution) if str(each.pk) == chosen), None)


class WantedForm(forms.Form):
    """Which requests the list shows. What is not understood is as if it had not been asked for."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    level = forms.ChoiceField(required=False, label=_("Level of risk"))
    country = forms.ChoiceField(required=False, label=_("Country"))
    owner = forms.ChoiceField(required=False, label=_("Owner"))
    overdue = forms.BooleanField(required=False, label=_("Only overdue"))

    def __init__(self, *args: Any, user: User, countries_of: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", str(_("All")))
        named = [each for each in countries() if each[0] in countries_of]
        statuses = [(OPEN, str(_("All open ones"))), *choices_of("protection-status", {UNKNOWN})]
        self._choose("status", [*statuses, (ALL, str(_("All")))])
        self._choose("level", [everything, *choices_of("risk-levels")])
        self._choose("country", [everything, *named])
        self._choose("owner", [everything, *whose(user)])

    def wanted(self) -> Wanted:
        """What is asked for."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


def whose(user: User) -> Choices:
    """Whose things can be asked for: mine, another's, and nobody's any more."""
    assert user.institution is not None  # noqa: S101  (a page of the desk)
    others = [(str(each.pk), each.username) for each in protectors(user.institution) if each != user]
    return [(ME, str(_("Mine"))), (NOBODY, str(_("Nobody’s: the owner has left"))), *others]


class RequestForm(OnceForm):
    """Who asks for whom, and what is counted of it."""

    VOCABULARIES = {
        "urgency": "report-urgency",
        "received_by": "protection-channels",
        "consent_asked": "yes-no",
        "sex": "sex",
        "gender": "gender",
        "profiles": "defender-profiles",
    }
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    urgency = forms.ChoiceField(label=_("Urgency"), help_text=_("It sets the day by which the risk is to be assessed."))
    name = line_field(_("Who needs protection"), _("A name, or what is safe to write. It goes sealed."))
    contact = line_field(_("How to reach her or him safely"), _("Telephone, messenger, through whom, at which hours."))
    family = line_field(_("Who else is in danger"), _("Partner, children, parents, colleagues."))
    asked_by = line_field(_("Who asks for it"), _("Leave it empty where the person asks for herself."))
    asked_by_contact = line_field(_("How to reach who asks"))
    reasons = words_field(_("What happened, and what is asked for"), 6)
    received_on = day_field(_("Received on"))
    received_by = forms.ChoiceField(label=_("How it came"))
    consent_asked = forms.ChoiceField(
        label=_("Does the person know of this request, and agree to it?"),
    )
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    sex = forms.ChoiceField(label=_("Sex"))
    gender = forms.ChoiceField(label=_("Gender"))
    profiles = forms.MultipleChoiceField(
        required=False, label=_("What she or he defends"), widget=forms.CheckboxSelectMultiple
    )
    owner = forms.ChoiceField(required=False, label=_("Who looks after it"))

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        self.institution = institution
        self.choose("country", countries())
        self.choose("area", areas_of(str(self["country"].value() or UNKNOWN)))
        self.choose("owner", owner_choices(institution, _("Nobody yet")))

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come. Write the day on which the request came."))
        if day < _EARLIEST:
            raise forms.ValidationError(_("This day lies too far back. Write the day on which the request came."))
        return day

    def facts(self) -> RequestFacts:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return RequestFacts(
            received_on=said["received_on"],
            **{name: said[name] for name in ("country", "sex", "gender", "urgency", "received_by", "consent_asked")},
            area=said["area"] or UNKNOWN,
            profiles=tuple(said["profiles"]),
            owner=read_owner(self.institution, said["owner"]),
            words={name: said[name] for name in WORDS},
        )


class EmergencyForm(OnceForm):
    """Who, if it can be said, and what is done first."""

    name = line_field(_("Who is in danger"), _("Only if it is safe to write. It goes sealed, and can be added later."))
    contact = line_field(_("How to reach her or him safely"))
    measures = forms.MultipleChoiceField(
        required=False, label=_("What is done first, today"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = dict(choices_of("protection-measures"))
        self.choose("measures", [(code, named[code]) for code in FIRST_MEASURES])
        self.initial.setdefault("measures", [FIRST_MEASURES[0]])


class PlanForm(ChoosingForm):
    """Whose the plan is, and when it is looked at again."""

    owner = forms.ChoiceField(label=_("Who is responsible for the plan"))
    review_on = day_field(_("To be looked at again on"))

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        self.institution = institution
        self.choose("owner", owner_choices(institution))

    def clean_review_on(self) -> date:
        return check_day_to_come(self.cleaned_data["review_on"])

    def clean_owner(self) -> User:
        return _read_needed_owner(self.institution, self.cleaned_data["owner"])


class MeasureForm(OnceForm):
    """One measure: what, for whom, by whom, by when, at what cost, and whether the person agrees."""

    VOCABULARIES = {
        "kind": "protection-measures",
        "for_whom": "protection-beneficiaries",
        "agreed": "yes-no",
        "status": "measure-status",
    }
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Measure"))
    what = words_field(_("What exactly is done"), 3, _("It goes sealed: places and names belong here."))
    for_whom = forms.ChoiceField(label=_("For whom"))
    agreed = forms.ChoiceField(
        label=_("Does the person agree to it?"),
        help_text=_("Ask her before anything is done in her name. What she does not want is not done."),
    )
    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = day_field(_("By"))
    cost = AmountFormField(
        most_digits=MOST_DIGITS - DECIMAL_PLACES,
        label=_("Cost"),
        help_text=_("Such as 1200 or 1200.50; empty where it is not known."),
    )
    currency = forms.ChoiceField(required=False, label=_("Currency"))
    status = forms.ChoiceField(label=_("Status"))
    obstacle = words_field(_("Why it cannot be done, or was taken out"), 2)

    def __init__(self, *args: Any, institution: Institution, kept: Measure | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.institution, self.kept = institution, kept
        self.choose("owner", owner_choices(institution))
        named = currencies(get_language() or "en").items()
        self.choose("currency", [("", "–"), *((code, f"{code} · {name}") for code, name in named)])
        if kept is None:
            self.choose("kind", [("", str(_("Choose…"))), *choices_of("protection-measures")])
            self.initial["kind"] = ""
            del self.fields["status"], self.fields["obstacle"]

    def clean_owner(self) -> User:
        return _read_needed_owner(self.institution, self.cleaned_data["owner"])

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        # One that is overdue may stay so while something else is changed.
        return day if self.kept is not None and day == self.kept.due_on else check_day_to_come(day)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        amount, currency = said.get("cost"), said.get("currency", "")
        said["money"] = None
        if amount is not None:
            if not currency:
                self.add_error("currency", _("Choose the currency of the cost."))
            else:
                said["money"] = Money(amount, currency)
        if said.get("status") == "not-executable" and not said.get("obstacle", "").strip():
            self.add_error("obstacle", _("Say why it cannot be done: the next plan will need it."))
        return said

    def facts(self) -> MeasureFacts:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return MeasureFacts(
            kind=said["kind"],
            due_on=said["due_on"],
            for_whom=said["for_whom"],
            agreed=said["agreed"],
            status=said.get("status", "pending"),
            owner=said["owner"],
            cost=said["money"],
            what=said["what"],
            obstacle=said.get("obstacle", ""),
        )


class ReviewForm(OnceForm):
    """What was decided when the plan was looked at again."""

    VOCABULARIES = {"decision": "protection-reviews"}
    decision = forms.ChoiceField(label=_("What was decided"))
    reasons = words_field(_("What was found, and why"), 5)
    next_review_on = day_field(_("To be looked at again on"))

    def clean_next_review_on(self) -> date:
        return check_day_to_come(self.cleaned_data["next_review_on"])


class EndForm(VersionForm):
    """How the protection ended."""

    VOCABULARIES = {"outcome": "protection-outcomes", "attacked_again": "yes-no"}
    outcome = forms.ChoiceField(label=_("What came of it"))
    attacked_again = forms.ChoiceField(label=_("Was the person attacked again while the plan was in force?"))
    attacked_in = forms.CharField(
        required=False,
        max_length=20,
        label=_("The case of that attack"),
        help_text=_("Its number, where there is one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    lessons = words_field(_("What we learnt"), 5, _("What helped, what did not, what to do otherwise next time."))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.choose("outcome", [("", str(_("Choose…"))), *choices_of("protection-outcomes")])
        self.initial["outcome"] = ""

    def clean_attacked_in(self) -> Incident | None:
        said = str(self.cleaned_data["attacked_in"]).strip()
        if not said:
            return None
        number = int(said) if said.isdecimal() and len(said) < 10 else None
        found = incidents_for(self.user).filter(pk=number).first() if number is not None else None
        if found is None:
            raise forms.ValidationError(_("There is no case of this number at your institution."))
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("attacked_in") is not None and said.get("attacked_again") != "yes":
            self.add_error("attacked_again", _("You named a case of a new attack: say yes, or take the number away."))
        return said

    def ending(self) -> Ending:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return Ending(said["outcome"], said["attacked_again"], said["attacked_in"], said["lessons"])


class RefuseForm(VersionForm):
    """Why no protection is given."""

    reason = forms.ChoiceField(label=_("Reason"))
    words = words_field(_("In words"), 4, _("What the person was told, and where else she was sent."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("reason", [("", str(_("Choose…"))), *choices_of("protection-refusals")])


def check_day_to_come(day: date) -> date:
    """`day`, if it is today or later, and not too far away. Raises ValidationError."""
    if day < today():
        raise forms.ValidationError(_("This day is past. Take today or a later day."))
    if day.year > today().year + _LATEST_YEARS:
        raise forms.ValidationError(_("This day is too far away. Look at the year."))
    return day


def _read_needed_owner(institution: Institution, chosen: str) -> User:
    owner = read_owner(institution, chosen)
    if owner is None:
        raise forms.ValidationError(_("Choose somebody who still works with this."))
    return owner
