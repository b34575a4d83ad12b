"""What the pages of evidence need to say things in words."""

from django import template

from amparo.evidence.models import TimeStamp
from amparo.evidence.words import describe_outcome, describe_stamp_problem

register = template.Library()


@register.filter
def outcome(code: str) -> str:
    """What a check of a file found, in words."""
    return describe_outcome(code)


@register.filter
def stamp_problem(stamp: TimeStamp) -> str:
    """Why there is no time stamp yet, in words."""
    return describe_stamp_problem(stamp.problem)
