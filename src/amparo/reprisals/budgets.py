"""What a series of budgets says: shares, changes, and whether a cut is disproportionate. Pure. `docs/reprisals.md`.

The Paris Principles ask for suitable infrastructure and adequate funding, and GANHRI's General Observation 1.10 that
the State secures it. Neither gives a number. Ours is stated here, so that it can be argued with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# A cut counts as disproportionate where the institution's share of the whole budget fell by more than this part.
MOST_SHARE_LOST = Decimal("0.10")


class Verdict(StrEnum):
    """What the figures of two years say of each other."""

    DISPROPORTIONATE = "disproportionate"
    IN_STEP = "in-step"
    SHARE_LOST = "share-lost"
    NO_CUT = "no-cut"
    CUT_NOT_COMPARED = "cut-not-compared"
    NOT_COMPARABLE = "not-comparable"


@dataclass(frozen=True, slots=True)
class Budget:
    """An institution's budget of one year, and the whole of government's where it is known, in the same currency."""

    year: int
    amount: Decimal
    currency: str
    government: Decimal | None = None
    stated_share: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """The part of the whole of government, between 0 and 1: computed, or as stated where the whole isn't known."""
        return self.amount / self.government if self.government else self.stated_share


@dataclass(frozen=True, slots=True)
class Change:
    """From one budget to a later one. Parts are of one: -0.25 is a quarter less. Amounts are nominal."""

    before: Budget
    after: Budget
    amount: Decimal | None
    part: Decimal | None
    government_part: Decimal | None
    share_part: Decimal | None
    verdict: Verdict


def compare_budgets(before: Budget, after: Budget) -> Change:
    """The change from `before` to `after`. Where the currencies differ nothing is computed."""
    if before.currency != after.currency or before.amount == 0:
        return Change(before, after, None, None, None, None, Verdict.NOT_COMPARABLE)
    part = after.amount / before.amount - 1
    government_part = after.government / before.government - 1 if before.government and after.government else None
    share_part = after.share / before.share - 1 if before.share and after.share is not None else None
    return Change(
        before, after, after.amount - before.amount, part, government_part, share_part, _judge(part, share_part)
    )


def compare_years(budgets: Iterable[Budget]) -> list[tuple[Budget, Change | None]]:
    """Each budget by year, with its change from the year right before; None where that year is not there."""
    by_year = {each.year: each for each in sorted(budgets, key=lambda each: each.year)}
    return [
        (each, compare_budgets(by_year[year - 1], each) if year - 1 in by_year else None)
        for year, each in by_year.items()
    ]


def _judge(part: Decimal, share_part: Decimal | None) -> Verdict:
    lost = share_part is not None and share_part < -MOST_SHARE_LOST
    if part >= 0:
        return Verdict.SHARE_LOST if lost else Verdict.NO_CUT
    if share_part is None:
        return Verdict.CUT_NOT_COMPARED
    return Verdict.DISPROPORTIONATE if lost else Verdict.IN_STEP
