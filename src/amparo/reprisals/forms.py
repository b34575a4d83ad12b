"""The forms by which a reprisal is documented: one for each kind of detail, and those about the reprisal as a whole."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.amount_fields import AmountFormField
from amparo.reprisals.drafts import CooperationDraft, Facts, FormDraft
from amparo.reprisals.form_fields import (
    Choices,
    CodeField,
    CodesField,
    CurrencyField,
    DateField,
    PercentField,
    TextField,
    YearField,
    choices_of,
)
from amparo.reprisals.forms_of_reprisal import BRANCH, DISMISSAL, FORMS, MEMBER, QUESTIONS, TEXTS, Detail
from amparo.reprisals.models import NhriProfile
from amparo.reprisals.names import name_nhri
from amparo.ui.templatetags.ui import label as label_of
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

_SEALED = _("Sealed: only who holds your institution’s key can read it.")
_TOLERANCE = Decimal("0.01")


class NhriField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An NHRI by its public name."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", None)
        super().__init__(NhriProfile.objects.none(), label=_("Which institution"), **options)

    def label_from_instance(self, obj: Any) -> str:
        return name_nhri(obj)


class WhatForm(forms.Form):
    """Against which NHRI, in which forms, when, and why as far as is known."""

    nhri = NhriField()
    forms = CodesField("nhri-reprisal-forms", _("In which forms"), required=True)
    date = DateField(label=_("When"))
    because_of_mandate = CodeField("yes-no", _("Because of the institution’s mandate or work?"))
    because_of_cooperation = CodeField(
        "yes-no",
        _("Because of cooperation with the United Nations?"),
        help_text=_("A fact of its own: it is what the Secretary-General’s report on reprisals asks."),
    )
    novelty = CodeField("reprisal-novelty", _("New, or a follow-up of something told of before?"))
    extent = CodeField("reprisal-extent", _("Does it stand alone?"))
    in_un_document = CodeField("yes-no", _("Is it already in a document of the United Nations?"))

    def __init__(self, *args: Any, nhris: QuerySet[NhriProfile], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["nhri"]
        assert isinstance(field, NhriField)  # noqa: S101  (declared above)
        field.queryset = nhris
        self.fields["forms"].error_messages["required"] = _("Mark at least one form: what was done?")


class FactsForm(forms.Form):
    """What is said of a reprisal as a whole, to be changed later."""

    because_of_mandate = CodeField("yes-no", _("Because of the institution’s mandate or work?"))
    because_of_cooperation = CodeField("yes-no", _("Because of cooperation with the United Nations?"))
    novelty = CodeField("reprisal-novelty", _("New, or a follow-up of something told of before?"))
    extent = CodeField("reprisal-extent", _("Does it stand alone?"))
    in_un_document = CodeField("yes-no", _("Is it already in a document of the United Nations?"))
    consequences = CodesField("reprisal-consequences", _("What it has led to"))

    def facts(self) -> Facts:
        """What was said. Call after `is_valid`."""
        return Facts(**self.cleaned_data)


class DetailForm(forms.Form):
    """What documents one form. `form` is its code."""

    detail = Detail.MEANS
    date = DateField(label=_("When, if not when the rest happened"))
    means = CodesField("reprisal-means", _("By what means"))
    text = TextField(label=_("What happened"), help_text=_SEALED)

    def __init__(self, *args: Any, form: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form = form

    def draft(self) -> FormDraft:
        """What was said. Call after `is_valid`."""
        said = self.cleaned_data
        codes = {name: said[name] for name in QUESTIONS[self.detail] if said.get(name)}
        texts = {name: said[name] for name in TEXTS[self.detail] if said.get(name)}
        return FormDraft(self.form, said.get("date"), codes, {name: said[name] for name in self.columns()}, texts)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The fields that are columns of the form's own record."""
        others = {*QUESTIONS[cls.detail], *TEXTS[cls.detail], "date", "sure"}
        return tuple(name for name in cls.base_fields if name not in others)


class BudgetForm(DetailForm):
    """Amounts and years, beside the whole of government."""

    detail = Detail.BUDGET
    means = None  # type: ignore[assignment]
    year_before = YearField(label=_("Year before the cut"))
    amount_before = AmountFormField(label=_("Budget of that year"), required=True)
    year_after = YearField(label=_("Year of the cut"))
    amount_after = AmountFormField(label=_("Budget of that year, after the cut"), required=True)
    currency = CurrencyField(label=_("Currency"), help_text=_("Three letters, such as EUR or KES."))
    government_before = AmountFormField(
        label=_("Whole of government, year before"),
        help_text=_("The State’s whole budget, in the same currency: with it the cut can be compared."),
    )
    government_after = AmountFormField(label=_("Whole of government, year of the cut"))
    share_before = PercentField(
        label=_("Share of the whole before, in per cent"),
        help_text=_("Only where the State’s whole budget is not known: otherwise it is computed."),
    )
    share_after = PercentField(label=_("Share of the whole after, in per cent"))
    reasons = CodesField("reasons-given", _("Reasons that the authorities gave"))
    pillars = CodesField("paris-pillars", _("What of the Paris Principles it touches"), initial=("resources",))

    field_order = ("year_before", "amount_before", "year_after", "amount_after", "currency")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        before, after = said.get("amount_before"), said.get("amount_after")
        if said.get("year_before") and said.get("year_after") and said["year_after"] <= said["year_before"]:
            self.add_error(
                "year_after", gettext("The year of the cut must come after the year before it. Are they reversed?")
            )
        if before is not None and after is not None and after >= before:
            self.add_error(
                "amount_after",
                gettext(
                    "This is not less than before, so it is no cut. Are the amounts reversed? For funds that were "
                    "frozen or came late, choose “Interference with operations”."
                ),
            )
        for when in ("before", "after"):
            self._check_share(said, when)
        return said

    def _check_share(self, said: Mapping[str, Any], when: str) -> None:
        amount, whole, share = (said.get(f"{name}_{when}") for name in ("amount", "government", "share"))
        if amount is None or whole is None:
            return
        if whole < amount:
            self.add_error(
                f"government_{when}",
                gettext(
                    "The whole of government can’t be less than the institution’s budget: "
                    "that is a share over 100 per cent."
                ),
            )
        elif share is not None and whole and abs(amount / whole * 100 - share) > max(share * _TOLERANCE, _TOLERANCE):
            self.add_error(
                f"share_{when}", gettext("The amounts give another share. Change them, or leave the share empty.")
            )


class SeatForm(DetailForm):
    """Selection, appointment or dismissal: which seat, the procedure that the law foresees, and what was done."""

    detail = Detail.SEAT
    means = None  # type: ignore[assignment]
    seat = CodeField("targets", _("Which seat or function"), offered=lambda: functions(unknown=True))
    term_ends = DateField(label=_("When the term ends, or would have ended"), may_come=True)
    sure = forms.BooleanField(
        required=False, label=_("Yes: the dismissal came after the end of the term, in spite of that it is one.")
    )
    followed_law = CodeField("yes-no", _("Was the procedure of the law followed?"))
    foreseen = CodesField("procedure-steps", _("What the law foresees"))
    followed = CodesField("procedure-steps", _("Which of these steps were taken"))
    departures = CodesField("procedure-departures", _("What was done instead"))
    reasons = CodesField("reasons-given", _("Reasons that the authorities gave"))
    pillars = CodesField("paris-pillars", _("What of the Paris Principles it touches"), initial=("appointment-tenure",))
    procedure = TextField(label=_("The procedure in the law: which law and article"), help_text=_SEALED)
    procedure_done = TextField(label=_("What was done instead, in words"), help_text=_SEALED)
    reasons_text = TextField(label=_("The reasons, as they were given"), help_text=_SEALED)

    field_order = (
        "seat",
        "date",
        "term_ends",
        "sure",
        "followed_law",
        "foreseen",
        "followed",
        "departures",
        "reasons",
        "pillars",
        "procedure",
        "procedure_done",
        "reasons_text",
        "text",
    )

    def __init__(self, *args: Any, form: str, **options: Any) -> None:
        super().__init__(*args, form=form, **options)
        self.fields["date"].label = _("When it happened")
        branch = BRANCH[form]
        for name in ("foreseen", "followed"):
            field = self.fields[name]
            assert isinstance(field, CodesField)  # noqa: S101
            field.choices = choices_of("procedure-steps", below=branch)
        self.asks = False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        happened, ends = said.get("date"), said.get("term_ends")
        late = self.form == DISMISSAL and happened and ends and happened.earliest > ends.latest
        self.asks = bool(late)
        if late and not said.get("sure"):
            self.add_error(
                "term_ends",
                gettext(
                    "The term had ended before the dismissal. Check both dates; if they are right, tick the box below."
                ),
            )
        if said.get("followed_law") == "yes" and said.get("departures"):
            self.add_error(
                "followed_law",
                gettext("You say that the law was followed, and that something else was done. Change one of them."),
            )
        return said


class MandateForm(DetailForm):
    """A change of what the institution may do, or of whom it stands under."""

    detail = Detail.MANDATE
    instrument = CodeField("legal-bases", _("By what it is changed"))
    stage = CodeField("mandate-change-stages", _("How far it has come"))
    powers = CodesField("nhri-powers", _("Which powers it touches"))
    reasons = CodesField("reasons-given", _("Reasons that the authorities gave"))
    pillars = CodesField("paris-pillars", _("What of the Paris Principles it touches"))
    before = TextField(label=_("Before: what the law said"), help_text=_SEALED)
    after = TextField(label=_("After: what it says, or is to say"), help_text=_SEALED)

    field_order = ("instrument", "stage", "date", "powers", "means", "reasons", "pillars", "before", "after", "text")


class LegalForm(DetailForm):
    """Proceedings, or an arrest with them."""

    detail = Detail.LEGAL
    kind = CodeField("legal-action-kinds", _("Kind of proceedings"))
    court = CodeField("court-levels", _("Before whom"))
    stage = CodeField("legal-action-stages", _("How far they have come"))
    charges = CodesField("charge-kinds", _("What is charged or claimed"))
    reasons = CodesField("reasons-given", _("Reasons that the authorities gave"))

    field_order = ("kind", "court", "stage", "date", "charges", "means", "reasons", "text")


class CooperationForm(forms.Form):
    """With which body of the United Nations, how and when."""

    body = CodeField("un-bodies", _("With which body"))
    manner = CodeField("cooperation-manners", _("How"))
    date = DateField(label=_("When"))
    text = TextField(label=_("What was done, and why the reprisal follows from it"), help_text=_SEALED)

    def draft(self) -> CooperationDraft:
        """What was said. Call after `is_valid`."""
        return CooperationDraft(**self.cleaned_data)


class AfterForm(forms.Form):
    """What it led to, who is said to have done it, and the story."""

    consequences = CodesField("reprisal-consequences", _("What it has led to"))
    perpetrators = CodesField("alleged-perpetrators", _("Who is said to have done it"))
    status = CodeField("information-status", _("Status of the information"), initial="reported")
    text = TextField(label=_("The whole story, as far as it isn’t told yet"), rows=8, help_text=_SEALED)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = said.get("consequences", ())
        if "none" in chosen and len(chosen) > 1:
            self.add_error("consequences", gettext("“None so far” stands alone. Leave it or the others away."))
        return said


DETAIL_FORMS: dict[Detail, type[DetailForm]] = {
    Detail.BUDGET: BudgetForm,
    Detail.SEAT: SeatForm,
    Detail.MANDATE: MandateForm,
    Detail.LEGAL: LegalForm,
    Detail.MEANS: DetailForm,
}


def detail_form(form: str) -> type[DetailForm]:
    """The class of the form that documents `form`."""
    return DETAIL_FORMS[FORMS[form].detail]


def functions(*, unknown: bool = False) -> Choices:
    """In what function somebody can be the target of a reprisal."""
    codes = (*get_vocabulary("targets").with_narrower(MEMBER), "nhri-staff", "cooperating-person", "relative")
    return [(code, label_of(code, "targets")) for code in ((UNKNOWN, *codes) if unknown else codes)]


def chosen_forms(codes: Sequence[str]) -> Choices:
    """The forms of `codes` as choices."""
    return [(code, label) for code, label in choices_of("nhri-reprisal-forms") if code in codes]
