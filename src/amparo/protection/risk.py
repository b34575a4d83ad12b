"""How large a risk is, within which time it is assessed and looked at again, and what is still to ask. Pure.

The concept is that of the protection manuals of Protection International (“New Protection Manual for Human Rights
Defenders”, 2009) and Front Line Defenders (“Workbook on Security”, 2011): threats weigh more where a person is
vulnerable, and less where she has capacities. So these three are listed first, and whoever knows them judges how likely
harm is (1–5) and how bad it would be (1–5). No number is computed from the lists: five small threats are not one large.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UNKNOWN = "unknown"
GRADES = (1, 2, 3, 4, 5)


class Level(StrEnum):
    """How large a risk is (`vocabularies/data/risk-levels.csv`)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"
    UNKNOWN = "unknown"


_L, _M, _H, _E = Level.LOW, Level.MEDIUM, Level.HIGH, Level.EXTREME
# Rows: likelihood 1–5; columns: impact 1–5. Not a product: the loss of a life is never a low risk, however unlikely,
# and what hardly harms is never an extreme one, however sure.
MATRIX = (
    (_L, _L, _L, _M, _M),
    (_L, _L, _M, _M, _H),
    (_L, _M, _M, _H, _H),
    (_L, _M, _H, _H, _E),
    (_M, _M, _H, _E, _E),
)

# Days until an assessment is due, by the urgency of the request; until the next look, by the level found.
_ASSESS_WITHIN = {"danger-now": 1, "danger-soon": 3, UNKNOWN: 7, "not-urgent": 14}
_LOOK_AGAIN_WITHIN = {Level.EXTREME: 7, Level.HIGH: 14, Level.MEDIUM: 30, Level.LOW: 90, Level.UNKNOWN: 14}

# Asked of everybody, women and men: what these ask about is overlooked where it is asked of some only.
GENDER_QUESTIONS = (
    "gender_threats",
    "care_duties",
    "family_at_risk",
    "pressure_at_home",
    "economic_dependence",
    "online_exposure",
    "lgbtqi_risk",
    "health_needs",
)
INTERSECTING_QUESTIONS = ("grounds_apply", "children")
QUESTIONS = (*GENDER_QUESTIONS, *INTERSECTING_QUESTIONS)


def level_of(likelihood: int | None, impact: int | None) -> Level:
    """The level by `MATRIX`; unknown where either grade is not given. Raises ValueError for a grade not from 1 to 5."""
    if likelihood is None or impact is None:
        return Level.UNKNOWN
    if likelihood not in GRADES or impact not in GRADES:
        raise ValueError("Likelihood and impact are grades from 1 to 5.")
    return MATRIX[likelihood - 1][impact - 1]


def assess_by(received: date, urgency: str) -> date:
    """The day by which a request that came in on `received` should have been assessed."""
    return received + timedelta(days=_ASSESS_WITHIN.get(urgency, _ASSESS_WITHIN[UNKNOWN]))


def look_again_by(assessed: date, level: Level) -> date:
    """The day by which a risk of this level should be looked at again."""
    return assessed + timedelta(days=_LOOK_AGAIN_WITHIN[level])


@dataclass(frozen=True, slots=True)
class Answered:
    """What an assessment says, as far as it counts for being complete. `reasons` names what has words beside it."""

    threats: Collection[str] = ()
    vulnerabilities: Collection[str] = ()
    capacities: Collection[str] = ()
    grounds: Collection[str] = ()
    answers: Mapping[str, str] | None = None
    reasons: Collection[str] = ()
    likelihood: int | None = None
    impact: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the `asked` are `answered`, and the codes of what is still to ask, in their order."""

    asked: int
    answered: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.answered / self.asked


def measure_completeness(said: Answered) -> Completeness:
    """How complete an assessment is, each thing to ask counting the same."""
    answers = said.answers or {}
    known = {name: answers.get(name, UNKNOWN) in ("yes", "no") for name in QUESTIONS}
    # “Yes, on grounds” without saying on which is half an answer.
    known["grounds_apply"] = known["grounds_apply"] and (answers["grounds_apply"] == "no" or bool(said.grounds))
    asked = {
        "threats": bool(said.threats),
        **known,
        "vulnerabilities": bool(said.vulnerabilities),
        "capacities": bool(said.capacities),
        "likelihood": said.likelihood is not None,
        "likelihood_reasons": "likelihood" in said.reasons,
        "impact": said.impact is not None,
        "impact_reasons": "impact" in said.reasons,
    }
    missing = tuple(name for name, is_known in asked.items() if not is_known)
    return Completeness(len(asked), len(asked) - len(missing), missing)


def has_gender_analysis(answers: Mapping[str, str]) -> bool:
    """Whether every gender-specific question was answered by yes or no."""
    return all(answers.get(name) in ("yes", "no") for name in GENDER_QUESTIONS)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two assessments of one request: codes that are new, and codes that are gone."""

    new: tuple[str, ...]
    gone: tuple[str, ...]


def compare(before: Collection[str], after: Collection[str]) -> Change:
    """What `after` has that `before` had not, and the reverse, each in its own order."""
    return Change(
        tuple(code for code in after if code not in before), tuple(code for code in before if code not in after)
    )
