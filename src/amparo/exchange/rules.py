"""What a checked mapping says of each column. Pure."""

import dataclasses
from collections import Counter
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from amparo.exchange.values import CodeReader
from amparo.exchange.written_dates import DateReader

# Field of a mapping → vocabulary of its codes. A date and an age are read otherwise.
VOCABULARIES = {
    "incident.country": "countries",
    "incident.area": "areas",
    "incident.setting": "settings",
    "incident.status": "information-status",
    "incident.sector": "sectors",
    "victim.kind": "victim-kinds",
    "victim.target": "targets",
    "victim.sex": "sex",
    "victim.gender": "gender",
    "victim.profile": "defender-profiles",
    "act.kind": "acts",
    "act.method": "act-methods",
    "perpetrator.kind": "alleged-perpetrators",
    "perpetrator.state_link": "state-links",
}
PLACE_VOCABULARIES = {"kind": "place-kinds", "precision": "place-precision"}
PLACE_SEALED = ("place", "latitude", "longitude")
SEVERAL = ("victim.profile", "act.kind", "act.method", "perpetrator.kind", "source.code")
# The two ends of a range, each from one column or from several of differing precision.
ENDS = ("act.start", "act.end")
DATES = ("incident.date", "act.date", *ENDS)
FIELDS = (*VOCABULARIES, *DATES, "victim.age_band", "source.code")
SEALED_PARTS = ("identity", "narrative", "perpetrator")
PRECISIONS = ("year", "month", "day")
# In a victim's identity: what of her row the codes do not give back.
AS_WRITTEN = "as_written"
# What may come from several columns: more than one value, or the one that knows most.
_FROM_SEVERAL_COLUMNS = (*SEVERAL, *ENDS, "victim.age_band")


@dataclass(frozen=True)
class Rule:
    """What one column gives: codes for a field, or a sealed part, or both; nothing where it is left out on purpose.

    `place` is which of the row's places it is about, from 1. `rules_out` are the cells that say that an act was not
    committed: by their key, the cell as it is written and the kind of act. `precision` is how much of a date counts.
    """

    column: str
    field: str | None = None
    codes: CodeReader | None = None
    dates: DateReader | None = None
    ages: MappingOf[str, str] | None = None
    seal: tuple[str, str] | None = None
    place: int = 0
    rules_out: MappingOf[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    precision: str = "day"
    ignored: bool = False


@dataclass(frozen=True)
class SourceEntry:
    """A source that the mapping names: its kind, and the name it publishes under."""

    code: str
    kind: str
    published_name: str


def given_twice(rules: tuple[Rule, ...]) -> str | None:
    """A field that can hold one value, or a sealed part, that two columns would give; None where there is none."""
    single = [f"{rule.field} {rule.place}" for rule in rules if rule.field and rule.field not in _FROM_SEVERAL_COLUMNS]
    sealed = [f"{'.'.join(rule.seal)} {rule.place}" for rule in rules if rule.seal]
    twice = next((name for name, times in Counter([*single, *sealed]).items() if times > 1), None)
    return twice.removesuffix(" 0") if twice else None
