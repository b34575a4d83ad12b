"""The guide that documents a reprisal step by step: its steps, the form of each, and the whole that they say."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from amparo.institutions.models import User
from amparo.reprisals.drafts import UNKNOWN, CooperationDraft, Facts, FormDraft, ReprisalDraft
from amparo.reprisals.forms import AfterForm, CooperationForm, DetailForm, WhatForm, detail_form
from amparo.reprisals.forms_of_reprisal import BRANCH, FORMS
from amparo.reprisals.models import NhriProfile, ProfileCode
from amparo.reprisals.scope import profiles_for
from amparo.reprisals.targets_form import TargetsForm
from amparo.ui.templatetags.ui import label as label_of
from amparo.vocabularies.catalogue import get_vocabulary

WHAT, WHO, COOPERATION, AFTER, CHECK = "what", "who", "cooperation", "after", "check"
_VISITED = "visited"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the guide: `code` is what its address and its fields begin with."""

    code: str
    label: str
    is_done: bool = False


class Guide:
    """What was said so far, in `said`: the fields of each step under its code."""

    def __init__(self, user: User, said: QueryDict) -> None:
        self.user, self.said = user, said
        self._forms: dict[str, forms.Form] = {}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The forms of reprisal that were chosen, in the vocabulary's order."""
        marked = set(self.said.getlist(f"{WHAT}-forms"))
        return tuple(code for code in get_vocabulary("nhri-reprisal-forms").terms if code in marked and code in FORMS)

    @property
    def cooperates(self) -> bool:
        """Whether there is cooperation with the United Nations to document."""
        return self.said.get(f"{WHAT}-because_of_cooperation") == "yes"

    def codes(self) -> list[str]:
        """The codes of all steps, in order."""
        return [WHAT, *self.chosen, WHO, *([COOPERATION] if self.cooperates else []), AFTER, CHECK]

    def steps(self) -> list[Step]:
        """All steps with their labels, and whether each was filled in well."""
        named = {
            WHAT: _("What and when"),
            WHO: _("Who"),
            COOPERATION: _("United Nations"),
            AFTER: _("Consequences"),
            CHECK: _("Check"),
        }
        return [
            Step(code, named.get(code) or label_of(code, "nhri-reprisal-forms"), code != CHECK and self.is_done(code))
            for code in self.codes()
        ]

    def step_after(self, code: str) -> str:
        """The step that follows `code`."""
        codes = self.codes()
        return codes[min(codes.index(code) + 1, len(codes) - 1)]

    def step_before(self, code: str) -> str | None:
        """The step before `code`; None before the first."""
        codes = self.codes()
        return codes[codes.index(code) - 1] if codes.index(code) else None

    def keep(self, code: str, sent: QueryDict) -> None:
        """Take over what was sent for one step, in place of what it said before."""
        start = f"{code}-"
        for name in [name for name in self.said if name.startswith(start)]:
            del self.said[name]
        for name, values in sent.lists():
            if name.startswith(start):
                self.said.setlist(name, values)
        self.said[f"{start}{_VISITED}"] = "yes"
        self._forms.clear()

    def was_visited(self, code: str) -> bool:
        """Whether anything was sent for this step."""
        return f"{code}-{_VISITED}" in self.said

    def is_done(self, code: str) -> bool:
        """Whether this step was filled in, and nothing is wrong with it."""
        return self.was_visited(code) and self.form(code).is_valid()

    def form(self, code: str, *, more: int = 0) -> Any:
        """The form of a step, filled with what was said in it; KeyError for a step that isn't one."""
        if code not in self.codes() or code == CHECK:
            raise KeyError(code)
        if more or code not in self._forms:
            self._forms[code] = self._make(code, more)
        return self._forms[code]

    def missing(self) -> list[Step]:
        """The steps that must be filled in, or mended, before the case can be made."""
        return [step for step in self.steps() if step.code != CHECK and not step.is_done]

    def nhri(self) -> NhriProfile | None:
        """The NHRI that was chosen, where it is one of the person's."""
        written = self.said.get(f"{WHAT}-nhri", "")
        if not (written.isascii() and written.isdigit() and len(written) < 19):
            return None
        return profiles_for(self.user).filter(pk=int(written)).first()

    def draft(self) -> ReprisalDraft:
        """The whole. Call where nothing is `missing`."""
        what, after = self.form(WHAT).cleaned_data, self.form(AFTER).cleaned_data
        return ReprisalDraft(
            facts=Facts(
                because_of_mandate=what["because_of_mandate"],
                because_of_cooperation=what["because_of_cooperation"],
                novelty=what["novelty"],
                extent=what["extent"],
                in_un_document=what["in_un_document"],
                consequences=after["consequences"],
            ),
            forms=self.form_drafts(),
            targets=self.form(WHO).targets(),
            date=what["date"],
            cooperations=self._cooperations(),
            perpetrators=after["perpetrators"],
            status=after["status"],
            text=after["text"],
        )

    def form_drafts(self) -> tuple[FormDraft, ...]:
        """What documents each form that was chosen. Call where nothing is `missing`."""
        return tuple(self.form(code).draft() for code in self.chosen)

    def _cooperations(self) -> tuple[CooperationDraft, ...]:
        return (self.form(COOPERATION).draft(),) if self.cooperates else ()

    def _make(self, code: str, more: int) -> forms.Form:
        data = self.said if self.was_visited(code) else None
        if code == WHAT:
            nhris = profiles_for(self.user)
            return WhatForm(data, prefix=code, nhris=nhris, initial={"nhri": nhris.first()})
        if code == WHO:
            return TargetsForm(data, prefix=code, chosen=self.chosen, seat=self._seat(), more=more)
        if code == COOPERATION:
            return CooperationForm(data, prefix=code)
        if code == AFTER:
            return AfterForm(data, prefix=code)
        made: type[DetailForm] = detail_form(code)
        return made(data, prefix=code, form=code, initial=begin_detail(code, self.nhri()))

    def _seat(self) -> str:
        """The seat that an interference was about: likely the person's function."""
        seats = (self.said.get(f"{code}-seat") for code in self.chosen if code in BRANCH)
        return next((seat for seat in seats if seat), UNKNOWN)


def begin_detail(form: str, nhri: NhriProfile | None) -> dict[str, Any]:
    """With what the form of a detail begins: the steps that the NHRI's law foresees, its newest budget."""
    if nhri is None:
        return {}
    if form in BRANCH:
        below = get_vocabulary("procedure-steps").with_narrower(BRANCH[form])
        steps = nhri.codes.filter(question=ProfileCode.STEP, code__in=below).values_list("code", flat=True)
        return {"foreseen": tuple(steps)}
    if form == "budget-cut":
        years = list(nhri.years.exclude(amount=None).order_by("-year")[:2])
        if len(years) == 2:
            after, before = years
            same = after.currency == before.currency
            if same and after.amount < before.amount:
                return {
                    "year_before": before.year,
                    "amount_before": before.amount,
                    "government_before": before.government_amount,
                    "year_after": after.year,
                    "amount_after": after.amount,
                    "government_after": after.government_amount,
                    "currency": after.currency,
                }
    return {}
