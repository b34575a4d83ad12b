"""The rules that raise signals, and the numbers that each of them takes. Pure.

A rule is data: which one, with which numbers. What it reads stands in `finding.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class BadParameter(ValueError):
    """A number that a rule does not take. `name` says which, `least` and `most` what it takes."""

    def __init__(self, name: str, least: int = 0, most: int = 0) -> None:
        super().__init__(name)
        self.name, self.least, self.most = name, least, most


@dataclass(frozen=True, slots=True)
class Parameter:
    """A whole number that a rule takes."""

    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A rule: the kind of the signals that it raises, and its numbers by name."""

    signal: str
    parameters: Mapping[str, Parameter]


def _kind(signal: str, **parameters: Parameter) -> RuleKind:
    return RuleKind(signal, MappingProxyType(parameters))


DAYS = Parameter(30, 1, 365)
RULES: Mapping[str, RuleKind] = MappingProxyType(
    {
        "restrictive-bill": _kind("bill"),
        "repeated-threats": _kind("threats", number=Parameter(3, 2, 20), days=DAYS),
        "member-dismissed": _kind("dismissal"),
        "budget-cut": _kind("budget-cut", percent=Parameter(20, 1, 100)),
        "special-review": _kind("special-review"),
        "smear-then-arrest": _kind("arrest", days=Parameter(60, 1, 365)),
        "silence": _kind("silence", days=Parameter(60, 14, 365), usual=Parameter(6, 2, 1000)),
    }
)


def read_parameters(kind: str, said: Mapping[str, object]) -> dict[str, int]:
    """The numbers of a rule, with the defaults of those that were not said.

    Raises KeyError for a rule that there is none of, `BadParameter` for a number that is unknown or out of range.
    """
    known = RULES[kind].parameters
    for name in said:
        if name not in known:
            raise BadParameter(name)
    found = {}
    for name, parameter in known.items():
        value = said.get(name, parameter.default)
        if not isinstance(value, int) or isinstance(value, bool) or not parameter.least <= value <= parameter.most:
            raise BadParameter(name, parameter.least, parameter.most)
        found[name] = value
    return found
