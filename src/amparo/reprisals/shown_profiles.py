"""What the page of a profile shows: budgets with what they say of each other, and seats with their names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from amparo.institutions.models import User
from amparo.reprisals.budgets import Budget, Change, compare_years
from amparo.reprisals.models import NhriProfile, Seat, YearFigures
from amparo.vault import log
from amparo.vault import services as vault


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One year of the series: its figures, and the change from the year right before where there is one."""

    figures: YearFigures
    budget: Budget | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class OpenedSeat:
    """A seat; `name` is None where it is closed to this session, "" where there is none."""

    seat: Seat
    name: str | None = field(repr=False)


def budget_lines(profile: NhriProfile) -> list[BudgetLine]:
    """The years of a profile in order, with what they say of each other."""
    kept = list(profile.years.order_by("year"))
    budgets = [
        Budget(each.year, each.amount, each.currency, each.government_amount)
        for each in kept
        if each.amount is not None and each.currency
    ]
    compared = {budget.year: (budget, change) for budget, change in compare_years(budgets)}
    return [BudgetLine(each, *compared.get(each.year, (None, None))) for each in kept]


def open_seats(profile: NhriProfile, unlocked: vault.Unlocked | None) -> Sequence[OpenedSeat]:
    """All seats of a profile, with the names that `unlocked` opens."""
    seats = list(profile.seats.select_related("section").order_by("pk"))
    sections = [each.section for each in seats if each.section]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    return [OpenedSeat(each, _name(each, opened.get(each.section_id) if each.section_id else {})) for each in seats]


@transaction.atomic
def note_seats(user: User, profile: NhriProfile, sections: int) -> None:
    """Note in the log that `user` read the names of `sections` members."""
    institution = user.institution
    log.record(
        "section-opened",
        actor=user.pk,
        institution=institution.code if institution else "",
        record=f"nhri:{profile.pk}",
        facts={"sections": sections},
    )


def _name(seat: Seat, fields: dict[str, object] | None) -> str | None:
    return None if fields is None else str(fields.get("name", ""))
