"""Everything that is kept of cases, in one place to look for it."""

from amparo.cases.models.documentation import (
    UNKNOWN,
    Act,
    ActMethod,
    AllegedPerpetrator,
    Dataset,
    DefenderProfile,
    Evidence,
    Incident,
    Information,
    Involvement,
    Person,
    Place,
    RuledOut,
    Source,
    Statement,
    Victim,
    coded,
)
from amparo.cases.models.response import Chain, ChainLink, Intervention, Law, LawUsed
from amparo.cases.models.sharing import Share
from amparo.cases.models.work import SealedDraft, StatusDecision

__all__ = [
    "UNKNOWN",
    "Act",
    "ActMethod",
    "AllegedPerpetrator",
    "Chain",
    "ChainLink",
    "Dataset",
    "DefenderProfile",
    "Evidence",
    "Incident",
    "Information",
    "Intervention",
    "Involvement",
    "Law",
    "LawUsed",
    "Person",
    "Place",
    "RuledOut",
    "SealedDraft",
    "Share",
    "Source",
    "Statement",
    "StatusDecision",
    "Victim",
    "coded",
]
