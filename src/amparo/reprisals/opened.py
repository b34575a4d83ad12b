"""What the page of a reprisal shows of it: coded facts, and the texts where this session's keys are open."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from amparo.cases.models import Incident, Victim
from amparo.reprisals.budgets import Budget, Change, compare_budgets
from amparo.reprisals.forms_of_reprisal import FORMS, QUESTIONS, Detail
from amparo.reprisals.models import BudgetCut, Cooperation, DocumentedForm, FormTarget, Reprisal
from amparo.vault import services as vault

SealedFields = dict[str, object]


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form with what documents it. `texts` is None where they are closed, {} where there are none."""

    record: DocumentedForm
    detail: Detail
    codes: dict[str, list[str]]
    victims: list[Victim]
    texts: SealedFields | None = field(repr=False)
    change: Change | None = None

    @property
    def questions(self) -> list[tuple[str, str, list[str]]]:
        """Question, vocabulary and answers, in the form's order; questions without answers are left out."""
        asked = QUESTIONS[self.detail].items()
        return [(name, vocabulary, self.codes[name]) for name, vocabulary in asked if name in self.codes]


@dataclass(frozen=True, slots=True)
class OpenedCooperation:
    """Cooperation with the United Nations, with its text."""

    record: Cooperation
    texts: SealedFields | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedReprisal:
    """A reprisal as one reader may see it. `sections` is how many were opened."""

    reprisal: Reprisal
    forms: list[OpenedForm]
    cooperations: list[OpenedCooperation]
    consequences: list[str]
    sections: int


def open_reprisal(incident: Incident, unlocked: vault.Unlocked | None) -> OpenedReprisal | None:
    """The reprisal of `incident`, in a constant number of queries; None where it is not documented as one."""
    forms = DocumentedForm.objects.select_related(
        "section", "budget_cut", "seat_interference", "mandate_change", "legal_action"
    ).prefetch_related("codes", Prefetch("targets", FormTarget.objects.select_related("victim").order_by("victim_id")))
    found = (
        Reprisal.objects.filter(incident=incident)
        .select_related("nhri")
        .prefetch_related(
            Prefetch("forms", forms), Prefetch("cooperations", Cooperation.objects.select_related("section"))
        )
        .first()
    )
    if found is None:
        return None
    found.incident = incident
    kept: list[Any] = [*found.forms.all(), *found.cooperations.all()]
    sections = [each.section for each in kept if each.section]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}

    def texts_of(record: Any) -> SealedFields | None:
        return opened.get(record.section_id) if record.section_id else {}

    return OpenedReprisal(
        found,
        [_open_form(each, texts_of(each)) for each in found.forms.all()],
        [OpenedCooperation(each, texts_of(each)) for each in found.cooperations.all()],
        list(found.consequences.values_list("consequence", flat=True).order_by("pk")),
        len(opened),
    )


def compare_cut(cut: BudgetCut) -> Change | None:
    """What the figures of a cut say; None where an amount is not known."""
    if cut.amount_before is None or cut.amount_after is None:
        return None
    return compare_budgets(
        Budget(cut.year_before, cut.amount_before, cut.currency, cut.government_before, _part(cut.share_before)),
        Budget(cut.year_after, cut.amount_after, cut.currency, cut.government_after, _part(cut.share_after)),
    )


def _open_form(record: DocumentedForm, texts: SealedFields | None) -> OpenedForm:
    codes: dict[str, list[str]] = {}
    for each in sorted(record.codes.all(), key=lambda each: each.pk):
        codes.setdefault(each.question, []).append(each.code)
    cut = getattr(record, "budget_cut", None)
    return OpenedForm(
        record,
        FORMS[record.form].detail,
        codes,
        [each.victim for each in record.targets.all()],
        texts,
        compare_cut(cut) if cut is not None else None,
    )


def _part(per_cent: Decimal | None) -> Decimal | None:
    return None if per_cent is None else per_cent / 100
