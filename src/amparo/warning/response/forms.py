"""What is filled in for a response: tasks, who reads the alert, recommendations to authorities, the review."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.institutions.models import Institution, User
from amparo.institutions.names import public_name
from amparo.ui.forms import ChoosingForm, DayInput, OnceForm, VersionForm, day_field, words_field
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.vocabularies.choices import Choices, choices_of
from amparo.warning.response.acting import Plan
from amparo.warning.response.advising import MOST_BOTTLENECKS, Finding, Recommendation
from amparo.warning.response.intervals import TARGETS
from amparo.warning.times import this_quarter
from amparo.warning.typed_days import check_year, not_past, not_to_come

_SEALED = _("It goes sealed to the institution that does it: only its people read it.")


class TaskForm(OnceForm):
    """A task: what, by which institution, by when, and in words."""

    kind = forms.ChoiceField(label=_("What is to be done"))
    institution = forms.ChoiceField(label=_("Which institution does it"))
    owner = forms.ChoiceField(required=False, label=_("Who, of our own people"))
    due_on = day_field(_("By"))
    coordination = forms.ChoiceField(label=_("How it was agreed"))
    priority = forms.ChoiceField(label=_("Priority"))
    what = words_field(_("In words"), 3, _SEALED)

    def __init__(self, *args: Any, user: User, institutions: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.institutions = user, institutions
        self.choose("kind", [("", str(_("Choose…"))), *choices_of("response-tasks", {UNKNOWN})])
        self.choose("institution", [(str(each.pk), public_name(each)) for each in institutions])
        self.choose("owner", [("", str(_("Nobody yet"))), *_colleagues(user)])
        self.choose("coordination", choices_of("measure-coordination", {UNKNOWN}))
        self.choose("priority", choices_of("task-priorities", {UNKNOWN}))
        self.initial.setdefault("institution", str(user.institution_id))
        self.initial.setdefault("priority", "normal")
        self.initial.setdefault("coordination", "intended")
        self.initial.setdefault("due_on", this_quarter().date())

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])

    def plan(self) -> Plan:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        chosen = next(each for each in self.institutions if str(each.pk) == said["institution"])
        return Plan(
            kind=said["kind"],
            due_on=said["due_on"],
            institution=chosen,
            owner=_member(self.user, said["owner"]),
            coordination=said["coordination"],
            priority=said["priority"],
            words={"what": said["what"]},
            token=said["token"],
        )


class HandForm(VersionForm):
    """Another owner or another day for a task."""

    owner = forms.ChoiceField(required=False, label=_("Who does it"))
    due_on = day_field(_("By"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.choose("owner", [("", str(_("Nobody yet"))), *_colleagues(user)])

    def clean_due_on(self) -> date:
        # A task that is overdue may go to somebody else as it is.
        day: date = self.cleaned_data["due_on"]
        return day if day == self.initial["due_on"] else not_past(day)

    def owner_chosen(self) -> User | None:
        """The colleague who was chosen. Call after `is_valid`."""
        return _member(self.user, self.cleaned_data["owner"])


class ShareForm(ChoosingForm):
    """An institution that may read the codes of the alert, and work on it."""

    institution = forms.ChoiceField(label=_("Share the alert with"))

    def __init__(self, *args: Any, institutions: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("institution", [(str(each.pk), public_name(each)) for each in institutions])


class AdviceForm(OnceForm):
    """A recommendation to an authority."""

    authority = forms.ChoiceField(label=_("To whom"))
    theme = forms.ChoiceField(label=_("What is asked for"))
    given_on = day_field(_("Given on"))
    answer_by = forms.DateField(required=False, label=_("An answer is expected by"), widget=DayInput())
    text = words_field(_("In words"), 4, _("It goes sealed to your own institution."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("authority", [("", str(_("Choose…"))), *choices_of("advised-authorities", {UNKNOWN})])
        self.choose("theme", [("", str(_("Choose…"))), *choices_of("advice-themes", {UNKNOWN})])
        self.initial.setdefault("given_on", this_quarter().date())

    def clean_given_on(self) -> date | None:
        return not_to_come(self.cleaned_data["given_on"])

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None:
            check_year(day)
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        given, until = said.get("given_on"), said.get("answer_by")
        if given and until and until < given:
            self.add_error("answer_by", _("The answer cannot be due before the recommendation was given."))
        return said

    def said(self) -> Recommendation:
        """What was typed. Call after `is_valid`."""
        typed = self.cleaned_data
        return Recommendation(
            typed["authority"],
            typed["theme"],
            typed["given_on"],
            typed["answer_by"],
            {"text": typed["text"]},
            typed["token"],
        )


class AnswerForm(VersionForm):
    """What an authority answered, and what came of it."""

    answer = forms.ChoiceField(label=_("The answer"))
    answered_on = forms.DateField(required=False, label=_("Answered on"), widget=DayInput())
    result = forms.ChoiceField(label=_("What came of it"))
    words = words_field(_("In words"), 4, _("What was answered, and what was done. It goes sealed."))

    def __init__(self, *args: Any, given_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.given_on = given_on
        self.choose("answer", choices_of("authority-answers", {UNKNOWN}))
        self.choose("result", choices_of("advice-results"))

    def clean_answered_on(self) -> date | None:
        day = not_to_come(self.cleaned_data["answered_on"])
        if day is not None and day < self.given_on:
            raise forms.ValidationError(_("The answer cannot be from before the recommendation was given."))
        return day


class ReviewForm(ChoosingForm):
    """The look back: for each interval what hindered and what helped, and in words what changes."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    held_on = day_field(_("Held on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = choices_of("response-bottlenecks", {UNKNOWN})
        named = dict(choices_of("response-intervals", {UNKNOWN}))
        for interval in TARGETS:
            for side, question in (("hindered", _("what was missing")), ("helped", _("what helped"))):
                self.fields[f"{interval}_{side}"] = forms.MultipleChoiceField(
                    required=False,
                    choices=kinds,
                    label=f"{named[interval]}: {question}",
                    widget=forms.CheckboxSelectMultiple,
                )
        self.fields["lessons"] = words_field(_("What we learnt"), 4)
        self.fields["changes"] = words_field(_("What changes because of it, by whom and by when"), 3)

    def clean_held_on(self) -> date | None:
        return not_to_come(self.cleaned_data["held_on"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, chosen in list(said.items()):
            if isinstance(chosen, list) and len(chosen) > MOST_BOTTLENECKS:
                self.add_error(name, _("At most three: choose those that matter most."))
        return said

    def findings(self) -> list[Finding]:
        """What hindered and helped. Call after `is_valid`."""
        return [
            Finding(interval, kind, side == "helped")
            for interval in TARGETS
            for side in ("hindered", "helped")
            for kind in self.cleaned_data[f"{interval}_{side}"]
        ]


def _colleagues(user: User) -> Choices:
    members = User.objects.filter(institution=user.institution_id, is_active=True).order_by("username")
    return [(str(each.pk), each.username) for each in members]


def _member(user: User, chosen: str) -> User | None:
    if not chosen:
        return None
    return User.objects.filter(institution=user.institution_id, is_active=True, pk=int(chosen)).first()
