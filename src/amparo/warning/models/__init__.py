"""Everything that is kept of warnings and of the response to them, in one place to look for it."""

from amparo.warning.models.alerts import Alert, AlertReason, Call, LevelChange
from amparo.warning.models.duty import Contact, Drill, DutyShift, FocalPoint
from amparo.warning.models.feeds import Feed
from amparo.warning.models.procedures import ProcedureStep, StepDone
from amparo.warning.models.response import (
    Advice,
    Bottleneck,
    ResponseTask,
    Review,
    SharedWith,
)
from amparo.warning.models.rules import Rule, Run
from amparo.warning.models.signals import MediaItem, Signal
from amparo.warning.models.statements import (
    PublicStatement,
    Signatory,
    Statement,
    StatementEdit,
    StatementNote,
    StatementParty,
)

__all__ = [
    "Advice",
    "Alert",
    "AlertReason",
    "Bottleneck",
    "Call",
    "Contact",
    "Drill",
    "DutyShift",
    "Feed",
    "FocalPoint",
    "LevelChange",
    "MediaItem",
    "ProcedureStep",
    "PublicStatement",
    "ResponseTask",
    "Review",
    "Rule",
    "Run",
    "SharedWith",
    "Signal",
    "Signatory",
    "Statement",
    "StatementEdit",
    "StatementNote",
    "StatementParty",
    "StepDone",
]
