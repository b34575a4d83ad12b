"""How large a risk is, when it is looked at again, what is still to ask."""

from datetime import date

import pytest

from amparo.protection.risk import (
    GENDER_QUESTIONS,
    MATRIX,
    QUESTIONS,
    Answered,
    Level,
    assess_by,
    compare,
    has_gender_analysis,
    level_of,
    look_again_by,
    measure_completeness,
)

ORDER = (Level.LOW, Level.MEDIUM, Level.HIGH, Level.EXTREME)
COMPLETE = {
    "threats": ("death-threats",),
    "vulnerabilities": ("alone",),
    "capacities": ("community",),
    "answers": dict.fromkeys(QUESTIONS, "no"),
    "reasons": ("likelihood", "impact"),
    "likelihood": 3,
    "impact": 5,
}


def test_it_works() -> None:
    assert level_of(5, 5) is Level.EXTREME
    assert level_of(1, 1) is Level.LOW


def test_more_likely_or_worse_is_never_a_lower_level() -> None:
    ranks = [[ORDER.index(level) for level in row] for row in MATRIX]

    assert all(row == sorted(row) for row in ranks)
    assert all(list(column) == sorted(column) for column in zip(*ranks, strict=True))


def test_the_loss_of_a_life_is_never_a_low_risk() -> None:
    assert all(level_of(likelihood, 5) is not Level.LOW for likelihood in range(1, 6))


def test_what_is_not_graded_has_no_level() -> None:
    assert level_of(None, 5) is Level.UNKNOWN
    assert level_of(5, None) is Level.UNKNOWN


@pytest.mark.parametrize("grade", [0, 6, -1])
def test_a_grade_lies_from_one_to_five(grade: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        level_of(grade, 3)


def test_danger_now_is_assessed_by_tomorrow_and_extreme_risk_looked_at_within_a_week() -> None:
    assert assess_by(date(2026, 2, 28), "danger-now") == date(2026, 3, 1)
    assert assess_by(date(2026, 2, 28), "a later code") == assess_by(date(2026, 2, 28), "unknown")
    assert look_again_by(date(2026, 12, 30), Level.EXTREME) == date(2027, 1, 6)


def test_a_whole_assessment_is_complete() -> None:
    found = measure_completeness(Answered(**COMPLETE))  # type: ignore[arg-type]

    assert found.missing == ()
    assert found.share == 1


def test_what_was_not_asked_is_named_in_its_order() -> None:
    found = measure_completeness(Answered())

    assert found.answered == 0
    assert found.missing[0] == "threats"
    assert set(QUESTIONS) <= set(found.missing)


def test_yes_on_grounds_without_saying_which_is_half_an_answer() -> None:
    answers = dict.fromkeys(QUESTIONS, "no") | {"grounds_apply": "yes"}

    assert measure_completeness(Answered(**COMPLETE | {"answers": answers})).missing == ("grounds_apply",)  # type: ignore[arg-type]
    with_them = Answered(**COMPLETE | {"answers": answers, "grounds": ("indigenous",)})  # type: ignore[arg-type]
    assert measure_completeness(with_them).missing == ()


def test_gender_analysis_needs_every_gender_question() -> None:
    answers = dict.fromkeys(GENDER_QUESTIONS, "no")

    assert has_gender_analysis(answers | {"care_duties": "yes"})
    assert not has_gender_analysis(answers | {"care_duties": "unknown"})
    assert not has_gender_analysis({})


def test_two_assessments_are_compared() -> None:
    change = compare(("alone", "digital"), ("digital", "no-money"))

    assert (change.new, change.gone) == (("no-money",), ("alone",))
