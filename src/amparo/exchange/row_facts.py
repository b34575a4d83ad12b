"""What one row of a file says, read by the rules of a mapping. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amparo.cases.dates import EventDate, PartialDate
from amparo.exchange.problems import CellRefused, Problem
from amparo.exchange.reading import Row
from amparo.exchange.rules import PRECISIONS, Rule
from amparo.exchange.values import read_age_band, value_key
from amparo.vocabularies.catalogue import UNKNOWN


@dataclass(slots=True)
class PlaceFacts:
    """One place of a row."""

    kind: str = UNKNOWN
    precision: str = UNKNOWN
    sealed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RowFacts:
    """What a row says: codes by field, dates, and what goes sealed by part and name."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    date: EventDate | None = None
    act_date: EventDate | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    age_band: str = UNKNOWN
    ruled_out: list[str] = field(default_factory=list)
    identity: dict[str, str] = field(default_factory=dict)
    narrative: dict[str, str] = field(default_factory=dict)
    perpetrator: dict[str, str] = field(default_factory=dict)
    places: dict[int, PlaceFacts] = field(default_factory=dict)

    @property
    def runs_back(self) -> bool:
        """Whether the row has its acts end before they start."""
        return self.start is not None and self.end is not None and self.end.latest < self.start.earliest

    @property
    def date_of_acts(self) -> EventDate | None:
        """When the acts of the row were committed, as far as it says. Two ends the wrong way round are put right."""
        if self.act_date is not None:
            return self.act_date
        start, end = (self.end, self.start) if self.runs_back else (self.start, self.end)
        if start is None or end is None or start == end:
            only = start or end
            return EventDate(only) if only else None
        return EventDate(start, end)


@dataclass(frozen=True)
class GivenCodes:
    """Codes that no cell gives: `fixed` are every row's, `defaults` those of rows whose columns give none."""

    fixed: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, tuple[str, ...]]

    def one(self, name: str, found: Mapping[str, list[str]], otherwise: str = UNKNOWN) -> str:
        """The code of a field that has one."""
        codes = self.fixed.get(name) or found.get(name) or self.defaults.get(name)
        return codes[0] if codes else otherwise

    def several(self, name: str, found: Mapping[str, list[str]]) -> tuple[str, ...]:
        """The codes of a field that may have several."""
        own = (*self.fixed.get(name, ()), *found.get(name, ()))
        # That nothing is known is said by saying nothing.
        known = tuple(dict.fromkeys(code for code in own if code != UNKNOWN))
        return known or self.defaults.get(name, ())


def read_row(
    row: Row, rules: Iterable[Rule], given: GivenCodes, sealed_columns: frozenset[str]
) -> RowFacts | list[Problem]:
    """What `row` says, or everything that is wrong with it. Cells of `sealed_columns` are in no problem."""
    facts, problems = RowFacts(), []
    # The country comes first: an area is looked up in it.
    for rule in rules:
        cell = row.cells[rule.column]
        try:
            _read_cell(cell, rule, facts, given)
        except CellRefused as refused:
            shown = None if rule.column in sealed_columns else cell
            problems.append(Problem(refused.code, row.number, rule.column, shown, refused.nearest, refused.details))
    return problems or facts


def _read_cell(cell: str, rule: Rule, facts: RowFacts, given: GivenCodes) -> None:
    if rule.place:
        _read_place(cell, rule, facts)
        return
    if rule.seal and cell.strip():
        part, name = rule.seal
        sealed: dict[str, str] = getattr(facts, part)
        sealed[name] = cell
    if rule.codes:
        codes = rule.codes.read(cell, given.one("incident.country", facts.codes))
        facts.codes.setdefault(rule.field or "", []).extend(codes)
        if rule.rules_out and (out := rule.rules_out.get(value_key(cell))):
            facts.ruled_out.append(out[1])
    elif rule.dates:
        _note_date(rule.dates.read(cell), rule, facts)
    elif rule.ages is not None and (band := read_age_band(cell, rule.ages)) != UNKNOWN:
        facts.age_band = band


def _note_date(when: EventDate | None, rule: Rule, facts: RowFacts) -> None:
    if rule.field == "incident.date":
        facts.date = when
    elif rule.field == "act.date":
        facts.act_date = when
    elif when is not None:
        end = "start" if rule.field == "act.start" else "end"
        known: PartialDate | None = getattr(facts, end)
        told = as_precise(when.start, rule.precision)
        if known is None or _parts_of(told) > _parts_of(known):
            setattr(facts, end, told)


def as_precise(when: PartialDate, precision: str) -> PartialDate:
    """`when` to its day, its month or its year, as far as it is known."""
    kept = PRECISIONS.index(precision)
    return PartialDate(when.year, when.month if kept > 0 else None, when.day if kept > 1 else None)


def _parts_of(when: PartialDate) -> int:
    return sum(part is not None for part in (when.year, when.month, when.day))


def _read_place(cell: str, rule: Rule, facts: RowFacts) -> None:
    if not cell.strip():
        return
    place = facts.places.setdefault(rule.place, PlaceFacts())
    if rule.seal:
        place.sealed[rule.seal[1]] = cell
    elif rule.codes:
        codes = rule.codes.read(cell)
        if rule.field == "place.kind":
            place.kind = codes[0] if codes else UNKNOWN
        else:
            place.precision = codes[0] if codes else UNKNOWN
