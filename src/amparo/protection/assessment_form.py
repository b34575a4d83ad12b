"""The form of a risk assessment: threats, what is specific to gender and origin, vulnerabilities, capacities, level."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.cases.drafts import UNKNOWN
from amparo.protection.assessing import SIDES, AssessmentFacts
from amparo.protection.desk import today
from amparo.protection.forms import check_day_to_come
from amparo.protection.labels import IMPACTS, LIKELIHOODS, QUESTION_LABELS
from amparo.protection.models import RiskAssessment
from amparo.protection.risk import GENDER_QUESTIONS, INTERSECTING_QUESTIONS, QUESTIONS, level_of, look_again_by
from amparo.ui.forms import OnceForm, day_field, words_field
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.choices import choices_of

_EARLIEST = date(1990, 1, 1)
GRADED = ("likelihood", "impact")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked, with the field for its words."""

    field: forms.BoundField
    words: forms.BoundField
    definition: str = ""


class AssessmentForm(OnceForm):
    """What is found of the risk. Words are typed beside each thing, and go sealed together."""

    VOCABULARIES = {"grounds": "grounds"}
    assessed_on = day_field(_("Assessed on"))
    grounds = forms.MultipleChoiceField(
        required=False, label=_("On which grounds"), widget=forms.CheckboxSelectMultiple
    )
    next_review_on = day_field(
        _("To be looked at again on"),
        _("Leave it empty for the usual time: a week where the risk is extreme, two where it is high."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["next_review_on"].required = False
        for side, vocabulary in SIDES.items():
            for code, label in choices_of(vocabulary, {UNKNOWN}):
                self.fields[f"{side}:{code}"] = forms.BooleanField(required=False, label=label)
                self.fields[f"why:{side}:{code}"] = _reasons(_("Why: %(what)s") % {"what": label})
        for name in QUESTIONS:
            self.fields[name] = forms.ChoiceField(
                required=False,
                choices=choices_of("yes-no"),
                label=QUESTION_LABELS[name],
                widget=forms.RadioSelect,
                initial=UNKNOWN,
            )
            self.fields[f"why:{name}"] = _reasons(_("More about it: %(what)s") % {"what": QUESTION_LABELS[name]})
        for name in GRADED:
            for which in (name, f"{name}_after"):
                self.fields[which] = _grade(which)
            self.fields[f"why:{name}"] = words_field(_("Why so"), 2)

    def factors(self, side: str) -> Iterator[Asked]:
        """The factors of one side, with what each means."""
        vocabulary = get_vocabulary(SIDES[side])  # type: ignore[index]
        for code in vocabulary.terms:
            if code != UNKNOWN:
                yield Asked(self[f"{side}:{code}"], self[f"why:{side}:{code}"], code)

    def threats(self) -> Iterator[Asked]:
        return self.factors("threat")

    def vulnerabilities(self) -> Iterator[Asked]:
        return self.factors("vulnerability")

    def capacities(self) -> Iterator[Asked]:
        return self.factors("capacity")

    def gender_questions(self) -> list[Asked]:
        return [Asked(self[name], self[f"why:{name}"]) for name in GENDER_QUESTIONS]

    def intersecting_questions(self) -> list[Asked]:
        return [Asked(self[name], self[f"why:{name}"]) for name in INTERSECTING_QUESTIONS]

    def reasons_for_likelihood(self) -> forms.BoundField:
        return self["why:likelihood"]

    def reasons_for_impact(self) -> forms.BoundField:
        return self["why:impact"]

    def clean_assessed_on(self) -> date:
        day: date = self.cleaned_data["assessed_on"]
        if not _EARLIEST <= day <= today():
            raise forms.ValidationError(_("Take today, or the day in the past on which it was assessed."))
        return day

    def clean_next_review_on(self) -> date | None:
        day: date | None = self.cleaned_data["next_review_on"]
        return None if day is None else check_day_to_come(day)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for side, vocabulary in SIDES.items():
            for code in get_vocabulary(vocabulary).terms:
                name = f"{side}:{code}"
                if said.get(f"why:{name}", "").strip() and not said.get(name):
                    self.add_error(name, _("You wrote about this: tick it as well, or take the words away."))
        if said.get("grounds") and said.get("grounds_apply") == "no":
            self.add_error("grounds_apply", _("You ticked grounds: say yes, or take the ticks away."))
        not_graded = [name for name in ("likelihood_after", "impact_after") if said.get(name) is None]
        if len(not_graded) == 1:
            self.add_error(not_graded[0], _("Grade both, likelihood and impact, or neither."))
        return said

    def facts(self) -> AssessmentFacts:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        words = {name.removeprefix("why:"): text for name, text in said.items() if name.startswith("why:") and text}
        facts = AssessmentFacts(
            assessed_on=said["assessed_on"],
            next_review_on=said["next_review_on"] or today(),
            factors={
                side: tuple(code for code in get_vocabulary(vocabulary).terms if said.get(f"{side}:{code}"))
                for side, vocabulary in SIDES.items()
            },
            answers={name: said[name] or UNKNOWN for name in QUESTIONS},
            grounds=tuple(said["grounds"]),
            **{which: said[which] for name in GRADED for which in (name, f"{name}_after")},
            words=words,
        )
        return facts if said["next_review_on"] else _with_usual_time(facts)


def initial_of(assessment: RiskAssessment, words: dict[str, object]) -> dict[str, object]:
    """The former assessment as what the next one starts from."""
    found: dict[str, object] = {name: getattr(assessment, name) for name in (*QUESTIONS, *GRADED)}
    found |= {f"{each.side}:{each.kind}": True for each in assessment.factors.all()}
    found |= {f"why:{name}": text for name, text in words.items()}
    return found | {"grounds": [each.ground for each in assessment.grounds.all()]}


def _with_usual_time(facts: AssessmentFacts) -> AssessmentFacts:
    by = look_again_by(facts.assessed_on, level_of(facts.likelihood, facts.impact))
    return replace(facts, next_review_on=max(by, today()))


def _reasons(label: Any) -> forms.CharField:
    field = words_field(label, 2)
    # A field that nothing was written in can be told from one that has words: it is shown when its box is ticked.
    field.widget.attrs |= {"placeholder": " ", "aria-label": label}
    return field


def _grade(which: str) -> forms.TypedChoiceField:
    words = LIKELIHOODS if which.startswith("likelihood") else IMPACTS
    labels = {
        "likelihood": _("How likely is harm?"),
        "impact": _("How bad would it be?"),
        "likelihood_after": _("How likely, once the plan is carried out?"),
        "impact_after": _("How bad, once the plan is carried out?"),
    }
    choices = [("", _("Not graded yet")), *((str(grade), said) for grade, said in words.items())]
    return forms.TypedChoiceField(required=False, choices=choices, coerce=int, empty_value=None, label=labels[which])
