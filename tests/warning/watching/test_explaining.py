"""A finding explains itself in a sentence of its language."""

from dataclasses import replace

import pytest
from django.utils import translation

from amparo.warning.months import Month
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.explaining import explain, explain_outside
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.strata import COUNTRY, Stratum

THREATS = Stratum(("country", "act_group"), ("COL", "intimidation"))
FINDING = Finding(
    stratum=THREATS,
    month=Month(2020, 5),
    basis=Basis.HAPPENED,
    observed=7,
    victims=6,
    low=7,
    high=12,
    expected=0.4,
    upperbound=3.0,
    tail=1 / 3600,
    adjusted=0.02,
    detector="bayes-pooled",
    acts=(("threat", 5), ("death-threat", 2)),
)


def test_it_works() -> None:
    assert explain(FINDING) == (
        "Colombia, Threat and intimidation, May 2020: 7 incidents are recorded. "
        "Usually there is one in about 2 months. "
        "By chance alone so many come about once in 300 years. "
        "Reports are still to come: in the end it may be between 7 and 12. "
        "Acts: Threat (5) and Death threat (2)."
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"observed": 1}, "1 incident is recorded."),
        ({"expected": 6.3}, "Usually it is about 6 a month."),
        ({"expected": 0.96}, "Usually there is one in about 1 month."),
        ({"tail": 0.1}, "By chance alone so many come in about one month of 10."),
        ({"tail": 1 / 30}, "By chance alone so many come about once in 2 years."),
        ({"tail": 1e-9}, "less than once in a thousand years."),
        ({"tail": 0.0}, "less than once in a thousand years."),
        ({"basis": Basis.RECORDED}, "7 incidents were entered in May 2020, whenever they happened."),
        ({"basis": Basis.RECORDED}, "a backlog which was entered at once"),
    ],
)
def test_each_part_is_said_plainly(changed: dict[str, object], words: str) -> None:
    assert words in explain(replace(FINDING, **changed))  # type: ignore[arg-type]


def test_what_is_complete_says_nothing_of_reports_to_come() -> None:
    assert "still to come" not in explain(replace(FINDING, high=7))


def test_acts_that_are_not_known_are_not_said() -> None:
    assert "Acts:" not in explain(replace(FINDING, acts=()))


def test_outside_it_says_what_may_be_said() -> None:
    told = PublicFinding(Stratum(COUNTRY, ("COL",)), Month(2020, 5), 20, 1, 10, (("intimidation", 9),))

    assert explain_outside(told) == (
        "Colombia, May 2020: 20 incidents are recorded. Usually it is one a month, or less. "
        "By chance alone so many come less than once in 10 years. Acts: Threat and intimidation (9)."
    )


def test_outside_a_finding_without_numbers_has_none() -> None:
    said = explain_outside(PublicFinding(Stratum(COUNTRY, ("COL",)), Month(2020, 5), None, None, None))

    assert said == "Colombia, May 2020: more incidents than usual are recorded."


def test_outside_a_country_told_for_a_part_says_so() -> None:
    said = explain_outside(PublicFinding(Stratum(COUNTRY, ("COL",)), Month(2020, 5), 14, None, None))

    assert said.endswith("14 incidents are recorded. For a part of them this is more than usual.")


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
@pytest.mark.parametrize("number", [1, 2, 3, 11, 100])
def test_it_is_said_in_every_language(language: str, number: int) -> None:
    finding = replace(FINDING, observed=number, high=number + 5, expected=1 / number, tail=1 / (12 * number))
    with translation.override(language):
        said = explain(finding)

    assert "%(" not in said
    for english in ("recorded", "Usually", "By chance", "still to come", "Acts:"):
        assert english not in said
