"""The coded fields whose quality is looked at: under which record each stands, and by which vocabulary. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Record(StrEnum):
    """The record that a field stands on."""

    INCIDENT = "incident"
    VICTIM = "victim"
    ACT = "act"
    PERPETRATOR = "perpetrator"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class CodedField:
    """A field, by its code in the vocabulary `coded-fields`. `persons_only`: groups and institutions have none."""

    code: str
    record: Record
    column: str
    vocabulary: str = ""
    persons_only: bool = False


FIELDS = (
    CodedField("date", Record.INCIDENT, "earliest"),
    CodedField("country", Record.INCIDENT, "country", "countries"),
    CodedField("area", Record.INCIDENT, "area", "areas"),
    CodedField("setting", Record.INCIDENT, "setting", "settings"),
    CodedField("sector", Record.INCIDENT, "sector", "sectors"),
    CodedField("because-of-work", Record.INCIDENT, "because_of_work", "yes-no"),
    CodedField("because-of-mandate", Record.INCIDENT, "because_of_mandate", "yes-no"),
    CodedField("because-of-cooperation", Record.INCIDENT, "because_of_cooperation", "yes-no"),
    CodedField("act", Record.ACT, "kind", "acts"),
    CodedField("victim-kind", Record.VICTIM, "kind", "victim-kinds"),
    CodedField("target", Record.VICTIM, "target", "targets"),
    CodedField("sex", Record.VICTIM, "sex", "sex", persons_only=True),
    CodedField("gender", Record.VICTIM, "gender", "gender", persons_only=True),
    CodedField("age", Record.VICTIM, "age_band", "age-bands", persons_only=True),
    CodedField("profile", Record.VICTIM, "profiles", "defender-profiles"),
    CodedField("perpetrator", Record.PERPETRATOR, "kind", "alleged-perpetrators"),
    CodedField("state-link", Record.PERPETRATOR, "state_link", "state-links"),
    CodedField("reliability", Record.INFORMATION, "reliability", "source-reliability"),
    CodedField("credibility", Record.INFORMATION, "credibility", "information-credibility"),
    CodedField("independence", Record.INFORMATION, "independence", "yes-no"),
)
BY_CODE = {field.code: field for field in FIELDS}

# What a second coder can tell from a story, in the order of the form.
CODED_TWICE = (
    "country",
    "setting",
    "sector",
    "act",
    "target",
    "sex",
    "gender",
    "age",
    "profile",
    "perpetrator",
    "because-of-work",
    "because-of-mandate",
    "because-of-cooperation",
)
# Of these a case has several codes: two codings agree where they give the very same ones.
SEVERAL = frozenset({"act", "profile", "perpetrator"})
ORDER = {"age": ("0-17", "18-24", "25-34", "35-49", "50-64", "65-plus")}
_BETWEEN = " + "


def join_codes(codes: Iterable[str]) -> str:
    """Several codes as one value, the same for the same codes."""
    return _BETWEEN.join(sorted(set(codes)))


def split_codes(value: str) -> list[str]:
    """The codes of such a value."""
    return value.split(_BETWEEN) if value else []
