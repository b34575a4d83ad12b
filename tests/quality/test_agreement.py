"""Coefficients of agreement against published results, and against another program."""

import random

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from amparo.quality.agreement import (
    LEAST_CASES,
    Reading,
    cohen_kappa,
    compare_codings,
    krippendorff_alpha,
    linear_weights,
)

# J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), table 1: two judges, 200 cases, three diagnoses; he gives
# κ = .492 as of 1960, and .348 with his ratio weights of disagreement.
COHEN_1968 = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
DISAGREEMENT_1968 = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
# J. L. Fleiss, J. Cohen, B. S. Everitt, Psychological Bulletin 72 (1969): 200 cases, their weights of agreement.
FLEISS_1969 = ((106, 10, 4), (22, 28, 10), (2, 12, 6))
AGREEMENT_1969 = ((1, 0, 0.4444), (0, 1, 0.6667), (0.4444, 0.6667, 1))
# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), A: two observers, binary, ten units, α = .095:
# five units twice 0, four that differ, one twice 1.
BINARY = ("0000000001", "0000011111")
# The same, B: two observers, nominal, no missing: α = .692.
NOMINAL = ("aabbdcccedda", "babbbccceddd")
# The same, C: four observers, twelve units, values missing: α nominal = .743.
MISSING = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def pairs_of(table: tuple[tuple[int, ...], ...]) -> list[tuple[str, str]]:
    return [(str(one), str(other)) for one, row in enumerate(table) for other, n in enumerate(row) for _ in range(n)]


def test_it_works() -> None:
    found = compare_codings([("a", "a")] * 20 + [("b", "b")] * 15 + [("a", "b")] * 5)

    assert found.codes == ("a", "b")
    assert found.table == ((20, 5), (0, 15))
    assert (found.number, found.agreed, found.share) == (40, 35, 0.875)
    assert found.kappa.value == pytest.approx(0.75)
    assert found.reading is Reading.TENTATIVE


def test_kappa_is_that_of_the_published_example() -> None:
    weights = 1 - np.array(DISAGREEMENT_1968) / 6

    assert cohen_kappa(COHEN_1968).value == pytest.approx(0.492, abs=0.0005)
    assert cohen_kappa(COHEN_1968, weights).value == pytest.approx(0.348, abs=0.0005)
    assert compare_codings(pairs_of(COHEN_1968)).kappa == cohen_kappa(COHEN_1968)


def test_the_standard_error_is_that_of_the_published_formula() -> None:
    plain, weighted = cohen_kappa(FLEISS_1969), cohen_kappa(FLEISS_1969, np.array(AGREEMENT_1969))

    assert (plain.value, weighted.value) == (pytest.approx(0.429, abs=0.0005), pytest.approx(0.507, abs=0.0005))
    assert plain.low is not None
    assert plain.value is not None
    assert (plain.value - plain.low) / 1.96 == pytest.approx(0.0537, abs=0.0005)


@pytest.mark.parametrize("letters", [BINARY, NOMINAL])
def test_alpha_is_that_of_the_published_examples_of_two_observers(letters: tuple[str, str]) -> None:
    found = krippendorff_alpha(list(zip(*letters, strict=True)))

    assert found == pytest.approx({BINARY: 0.095, NOMINAL: 0.692}[letters], abs=0.0005)


def test_alpha_is_that_of_the_published_example_with_missing_values() -> None:
    units = [[None if value is None else str(value) for value in unit] for unit in zip(*MISSING, strict=True)]

    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=0.0005)


@pytest.mark.parametrize("weighted", [False, True])
def test_kappa_and_its_interval_are_those_of_statsmodels(weighted: bool) -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(20):
        size = chance.randint(2, 6)
        table = [
            [chance.randint(0, 20) + (15 if row == column else 0) for column in range(size)] for row in range(size)
        ]

        ours = cohen_kappa(table, linear_weights(size) if weighted else None)
        theirs = cohens_kappa(np.array(table), wt="linear" if weighted else None)

        assert ours.value == pytest.approx(theirs.kappa)
        assert ours.low == pytest.approx(max(theirs.kappa_low, -1))
        assert ours.high == pytest.approx(min(theirs.kappa_upp, 1))


def test_few_cases_are_not_to_be_read() -> None:
    few, enough = [("a", "a"), ("b", "b")] * 14, [("a", "a"), ("b", "b")] * 15

    assert len(few) < LEAST_CASES == len(enough)
    assert compare_codings(few).reading is Reading.TOO_FEW
    assert compare_codings(enough).reading is Reading.RELIABLE


def test_where_all_agree_there_is_no_interval_to_hide_behind() -> None:
    found = compare_codings([("a", "a"), ("b", "b")] * 20)

    assert found.kappa.value == 1
    assert found.kappa.low is None
    assert found.alpha == 1


def test_one_code_for_all_says_nothing() -> None:
    found = compare_codings([("a", "a")] * 40)

    assert found.share == 1
    assert found.kappa.value is None
    assert found.alpha is None
    assert found.reading is Reading.NO_VARIATION


def test_no_case_says_nothing() -> None:
    found = compare_codings([])

    assert (found.number, found.share, found.kappa.value, found.alpha) == (0, None, None, None)
    assert found.reading is Reading.TOO_FEW


def test_agreement_below_chance_is_negative() -> None:
    found = compare_codings([("a", "b"), ("b", "a")] * 20)

    assert found.kappa.value == -1
    assert found.alpha is not None
    assert found.alpha < 0
    assert found.reading is Reading.NOT_RELIABLE


def test_neighbouring_codes_count_for_nearly_the_same_and_unknown_has_no_place_in_the_order() -> None:
    order = ("young", "middle", "old")
    near = [("young", "young"), ("old", "old"), ("young", "middle"), ("middle", "middle")] * 10
    far = [("young", "young"), ("old", "old"), ("young", "old"), ("middle", "middle")] * 10

    one, other = compare_codings(near, order), compare_codings(far, order)

    assert one.weighted is not None
    assert other.weighted is not None
    assert one.weighted.value is not None
    assert other.weighted.value is not None
    assert one.weighted.value > other.weighted.value
    with_unknown = compare_codings([*near, *[("unknown", "old")] * 9], order)
    assert with_unknown.in_order == 40
    assert with_unknown.codes == (*order, "unknown")
    assert with_unknown.weighted == one.weighted
