"""Everything that is kept of protection, in one place to look for it."""

from amparo.protection.models.national import Consultation, ConsultedGroup, PartState, SystemPart
from amparo.protection.models.plans import Measure, PlanReview, ProtectionPlan
from amparo.protection.models.requests import (
    ProtectedProfile,
    ProtectionRequest,
    RiskAssessment,
    RiskFactor,
    RiskGround,
)

__all__ = [
    "Consultation",
    "ConsultedGroup",
    "Measure",
    "PartState",
    "PlanReview",
    "ProtectedProfile",
    "ProtectionPlan",
    "ProtectionRequest",
    "RiskAssessment",
    "RiskFactor",
    "RiskGround",
    "SystemPart",
]
