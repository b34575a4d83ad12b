"""What a series of budgets says, and where a cut is called disproportionate."""

from decimal import Decimal

import pytest

from amparo.reprisals.budgets import Budget, Verdict, compare_budgets, compare_years


def budget(year: int, amount: int, government: int | None = None, currency: str = "EUR") -> Budget:
    return Budget(year, Decimal(amount), currency, None if government is None else Decimal(government))


def test_it_works() -> None:
    change = compare_budgets(budget(2025, 100, 1000), budget(2026, 60, 1200))

    assert change.amount == -40
    assert change.part == Decimal("-0.4")
    assert change.government_part == Decimal("0.2")
    assert change.share_part == Decimal("-0.5")
    assert change.verdict is Verdict.DISPROPORTIONATE


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((100, 1000), (80, 800), Verdict.IN_STEP),
        ((100, 1000), (90, 1000), Verdict.IN_STEP),
        ((100, 1000), (89, 1000), Verdict.DISPROPORTIONATE),
        ((100, 1000), (105, 2000), Verdict.SHARE_LOST),
        ((100, 1000), (110, 1000), Verdict.NO_CUT),
        ((100, None), (50, 1000), Verdict.CUT_NOT_COMPARED),
        ((100, 0), (50, 0), Verdict.CUT_NOT_COMPARED),
        ((0, 1000), (50, 1000), Verdict.NOT_COMPARABLE),
    ],
)
def test_verdicts(before: tuple[int, int | None], after: tuple[int, int | None], verdict: Verdict) -> None:
    assert compare_budgets(budget(2025, *before), budget(2026, *after)).verdict is verdict


def test_other_currencies_are_not_compared() -> None:
    change = compare_budgets(budget(2025, 100, 1000), budget(2026, 50, 1000, "USD"))

    assert (change.part, change.verdict) == (None, Verdict.NOT_COMPARABLE)


def test_a_missing_year_is_not_leapt_over() -> None:
    changes = compare_years([budget(2026, 50), budget(2023, 100), budget(2024, 90)])

    assert [(each.year, change is not None) for each, change in changes] == [(2023, False), (2024, True), (2026, False)]


def test_stated_shares_do_where_the_whole_is_not_known() -> None:
    before = Budget(2025, Decimal(100), "EUR", stated_share=Decimal("0.01"))
    after = Budget(2026, Decimal(60), "EUR", stated_share=Decimal("0.004"))

    assert compare_budgets(before, after).verdict is Verdict.DISPROPORTIONATE
