"""Profiles of NHRIs, and the register of reprisals against them."""

from amparo.reprisals.models.profile import Accreditation, NhriProfile, PillarState, ProfileCode, Seat, YearFigures
from amparo.reprisals.models.register import (
    BudgetCut,
    Consequence,
    Cooperation,
    DocumentedForm,
    FormCode,
    FormTarget,
    LegalAction,
    MandateChange,
    Reprisal,
    SeatInterference,
)

__all__ = [
    "Accreditation",
    "BudgetCut",
    "Consequence",
    "Cooperation",
    "DocumentedForm",
    "FormCode",
    "FormTarget",
    "LegalAction",
    "MandateChange",
    "NhriProfile",
    "PillarState",
    "ProfileCode",
    "Reprisal",
    "Seat",
    "SeatInterference",
    "YearFigures",
]
