"""The inverse of a mapping: of an incident and one of its victims, the cells of the row that she came from. Pure.

Codes give a cell back as the mapping lists it, dates in the first format that fits, what was sealed as it was. Where
that is not the cell letter for letter, the import has sealed the cell beside it (`as_written`).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from amparo.cases.dates import EventDate, PartialDate
from amparo.cases.drafts import IncidentDraft, PlaceDraft, VictimDraft
from amparo.exchange.row_facts import GivenCodes, as_precise
from amparo.exchange.rules import AS_WRITTEN, ENDS, PRECISIONS, SEVERAL, Rule
from amparo.exchange.written_dates import DateReader
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

_DAY, _MONTH = ("%d", "%j"), ("%m", "%b", "%B")
_NO_PLACE = PlaceDraft()


@dataclass(frozen=True)
class Inverse:
    """What gives the cells of a row back."""

    rules: tuple[Rule, ...]
    given: GivenCodes
    _of_columns: dict[str, list[Rule]] = field(default_factory=dict, repr=False, compare=False)
    _gives: Counter[tuple[str, int]] = field(default_factory=Counter, repr=False, compare=False)
    _cells: dict[int, dict[frozenset[str], str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for rule in self.rules:
            if not rule.ignored:
                self._of_columns.setdefault(rule.column, []).append(rule)
            self._gives[rule.field or "", rule.place] += 1
            if rule.codes:
                self._cells[id(rule)] = _cells_by_codes(rule)

    def cells(self, incident: IncidentDraft, victim: VictimDraft) -> dict[str, str]:
        """The cells of the victim's row by column, of all columns that are not ignored."""
        facts = _Facts(incident, victim, self.given)
        return {column: self._cell(rules, facts) for column, rules in self._of_columns.items()}

    def _cell(self, rules: Iterable[Rule], facts: "_Facts") -> str:
        given_back = ""
        for rule in rules:
            if rule.seal:
                # As it was, whatever the codes beside it say.
                return facts.sealed(rule)
            given_back = given_back or self._coded(rule, facts)
        return given_back

    def _coded(self, rule: Rule, facts: "_Facts") -> str:
        if rule.dates:
            return _written(rule, facts)
        if rule.ages is not None:
            return next((cell for cell, band in rule.ages.items() if band == facts.victim.age_band), "")
        if rule.codes is None:
            return ""
        for _, (cell, kind) in rule.rules_out.items():
            if kind in facts.victim.ruled_out:
                return cell
        cells = self._cells[id(rule)]
        codes = facts.codes(rule)
        if self._gives[rule.field or "", rule.place] > 1:
            # Of a field that several columns give, those codes that this one lists.
            listed = frozenset(code for some in cells for code in some)
            codes = [code for code in codes if code in listed or not listed]
        if not codes:
            return cells.get(frozenset(), "") or cells.get(frozenset((UNKNOWN,)), "")
        if whole := cells.get(frozenset(codes)):
            return whole
        mark = rule.codes.separator or " "
        return mark.join(cells.get(frozenset((code,))) or _label(rule.codes.vocabulary, code) for code in codes)


@dataclass(frozen=True, slots=True)
class _Facts:
    incident: IncidentDraft
    victim: VictimDraft
    given: GivenCodes

    @property
    def alleged(self) -> list[int]:
        of_victim = self.victim.alleged
        return list(range(len(self.incident.alleged))) if of_victim is None else list(of_victim)

    def sealed(self, rule: Rule) -> str:
        part, name = rule.seal or ("", "")
        if rule.place:
            return self._place(rule).sealed.get(name, "")
        if part == "identity":
            return self.victim.identity.get(name, "")
        if part == "narrative":
            return self.incident.narrative.get(name, "")
        of_alleged = (self.incident.alleged[place].identity for place in self.alleged)
        return next((fields[name] for fields in of_alleged if name in fields), "")

    def codes(self, rule: Rule) -> list[str]:
        """The codes of the rule's field, without those that every row has."""
        name = rule.field or ""
        codes = self._all_codes(rule, name)
        if name in SEVERAL:
            fixed = self.given.fixed.get(name, ())
            return [code for code in codes if code not in fixed]
        return [code for code in codes if code != UNKNOWN]

    def _all_codes(self, rule: Rule, name: str) -> list[str]:
        record, _, column = name.partition(".")
        if record == "place":
            return [str(getattr(self._place(rule), column))]
        several = {
            "victim.profile": self.victim.profiles,
            "act.kind": self.victim.acts,
            "act.method": self.victim.methods,
            "source.code": self.incident.sources,
        }
        if name in several:
            return list(several[name])
        if name == "perpetrator.kind":
            return [*self.incident.perpetrators, *(self.incident.alleged[place].kind for place in self.alleged)]
        if name == "perpetrator.state_link":
            return [self.incident.alleged[place].state_link for place in self.alleged[:1]]
        return [str(getattr(self.incident if record == "incident" else self.victim, column))]

    def _place(self, rule: Rule) -> PlaceDraft:
        return next((place for place in self.victim.places if place.order == rule.place), _NO_PLACE)


def _cells_by_codes(rule: Rule) -> dict[frozenset[str], str]:
    """The first cell that the mapping lists for each set of codes."""
    cells: dict[frozenset[str], str] = {}
    for cell, codes in (rule.codes.cells if rule.codes else {}).items():
        cells.setdefault(frozenset(codes.split()), cell)
    return cells


def _label(vocabulary: str, code: str) -> str:
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.label("en") if term else code


def _written(rule: Rule, facts: _Facts) -> str:
    when = facts.incident.date if rule.field == "incident.date" else facts.victim.date or facts.incident.date
    if when is None or rule.dates is None:
        return ""
    if rule.field in ENDS:
        end = when.start if rule.field == "act.start" else when.end or when.start
        told = as_precise(end, rule.precision)
        return _in_format(rule.dates.formats[0], told) if _precision(told) == rule.precision else ""
    return _in_a_format(rule.dates, when)


def _in_a_format(reader: DateReader, when: EventDate) -> str:
    ends = [when.start, *([when.end] if when.end else [])]
    return (reader.range_mark or "/").join(
        next((_in_format(each, end) for each in reader.formats if _says(each) == _precision(end)), str(end))
        for end in ends
    )


def _precision(when: PartialDate) -> str:
    return PRECISIONS[(when.month is not None) + (when.day is not None)]


def _says(pattern: str) -> str:
    if any(directive in pattern for directive in _DAY):
        return "day"
    return "month" if any(directive in pattern for directive in _MONTH) else "year"


def _in_format(pattern: str, when: PartialDate) -> str:
    day = date(when.year, when.month or 1, when.day or 1)
    # Beside the name of a month a day is written without its zero.
    if "%B" in pattern or "%b" in pattern:
        pattern = pattern.replace("%d", str(day.day))
    return day.strftime(pattern)


def note_as_written(row_number: int, written: Mapping[str, str], given: Mapping[str, str]) -> str:
    """What is sealed of a row that its codes do not give back: its number, and each such cell with what they give."""
    differing = {column: [written[column], cell] for column, cell in given.items() if written[column] != cell}
    return json.dumps({"row": row_number, "cells": differing}, ensure_ascii=False, separators=(",", ":"))


def as_written(victim: VictimDraft, given: Mapping[str, str]) -> tuple[int | None, dict[str, str]]:
    """The number of the victim's row and its cells, letter for letter: those that `given` gives, else as noted.

    A cell whose facts were changed since is as the facts are now.
    """
    noted = json.loads(victim.identity.get(AS_WRITTEN, "{}"))
    cells = dict(given)
    for column, (cell, given_then) in noted.get("cells", {}).items():
        if cells.get(column) == given_then:
            cells[column] = cell
    return noted.get("row"), cells
