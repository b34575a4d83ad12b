"""A checked mapping: how rows turn into incidents by it, and incidents into rows again. Pure."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from amparo.cases.drafts import IncidentDraft
from amparo.exchange.assembling import assemble, facts_of_the_incident
from amparo.exchange.giving_back import Inverse, note_as_written
from amparo.exchange.problems import FileRefused, Problem
from amparo.exchange.reading import Row
from amparo.exchange.row_facts import GivenCodes, RowFacts, read_row
from amparo.exchange.rules import AS_WRITTEN, Rule, SourceEntry


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `fixed` codes are every row's; `defaults` are those of rows whose columns give none.

    Rows with the same cell in the column `group` are one incident. `as_written` seals what codes do not give back.
    """

    dataset: str
    publisher: str
    titles: MappingOf[str, str]
    coverage: MappingOf[str, str]
    invented: bool
    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    defaults: MappingOf[str, tuple[str, ...]]
    fixed: MappingOf[str, tuple[str, ...]]
    sources: MappingOf[str, SourceEntry]
    sha256: str
    # In the order in which the mapping has them, which is that of the file where it can be.
    column_order: tuple[str, ...] = ()
    group: str = ""
    as_written: bool = False
    # Name of a field of the identity → columns whose cells it joins: a name out of its parts.
    joined: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    given: GivenCodes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "given", GivenCodes(self.fixed, self.defaults))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns that a file must have."""
        return frozenset(self.column_order)

    @cached_property
    def sealed_columns(self) -> frozenset[str]:
        """The columns whose cells go sealed, and may stand in no report."""
        joined = (column for columns in self.joined.values() for column in columns)
        return frozenset([*(rule.column for rule in self.rules if rule.seal), *joined])

    @cached_property
    def ignored_columns(self) -> tuple[str, ...]:
        """The columns that are left out on purpose."""
        return tuple(rule.column for rule in self.rules if rule.ignored)

    @property
    def lost_columns(self) -> tuple[str, ...]:
        """The columns whose cells cannot be got back letter for letter: ignored, or coded and not sealed as well."""
        kept = self.columns if self.as_written else {rule.column for rule in self.rules if rule.seal}
        return tuple(column for column in self.column_order if column in self.ignored_columns or column not in kept)

    @property
    def is_lossless(self) -> bool:
        """Whether every cell that goes in can be got out again."""
        return not self.lost_columns

    @cached_property
    def inverse(self) -> Inverse:
        """What gives the cells of rows back."""
        return Inverse(self.rules, self.given)

    def check_columns(self, columns: tuple[str, ...]) -> None:
        """Raises `FileRefused` where the file lacks a column of the mapping, or has one the mapping does not know."""
        found = [column for column in columns if column in self.columns]
        if not found:
            # A first row that is no header holds somebody's data: it is not shown.
            raise FileRefused("no-column-found", expected=", ".join(sorted(self.columns)))
        if missing := sorted(self.columns - set(columns)):
            raise FileRefused("missing-columns", missing=", ".join(missing), columns=", ".join(columns))
        if extra := [column for column in columns if column not in self.columns]:
            raise FileRefused("columns-not-mapped", columns=", ".join(extra))

    def read(self, row: Row) -> RowFacts | list[Problem]:
        """What `row` says, or everything that is wrong with it."""
        facts = read_row(row, self.rules, self.given, self.sealed_columns)
        if isinstance(facts, RowFacts) and facts.runs_back and not self.as_written:
            # Put right, it would not be what is written: that is done only where both are kept.
            return [Problem("dates-run-back", row.number, self._column_of("act.end"))]
        if self.joined and isinstance(facts, RowFacts):
            for name, columns in self.joined.items():
                if text := " ".join(" ".join(row.cells[column] for column in columns).split()):
                    facts.identity[name] = text
        return facts

    def draft(self, row: Row) -> IncidentDraft | list[Problem]:
        """The incident in `row`, or everything that is wrong with it."""
        return self.draft_of([row])

    def draft_of(self, rows: Sequence[Row]) -> IncidentDraft | list[Problem]:
        """The one incident in `rows`, or everything that is wrong with them."""
        facts, problems = [], []
        for row in rows:
            read = self.read(row)
            if isinstance(read, list):
                problems += read
            else:
                facts.append(read)
        if problems:
            return problems
        draft = assemble(facts, self.given)
        if self.as_written:
            for row, read, victim in zip(rows, facts, draft.victims, strict=True):
                given = self.inverse.cells(draft, victim)
                read.identity[AS_WRITTEN] = note_as_written(row.number, row.cells, given)
        return draft

    def facts_of_the_incident(self, facts: RowFacts) -> dict[str, str]:
        """What of a row is its incident's, by column; rows of one group must agree in it."""
        return {self._column_of(name): value for name, value in facts_of_the_incident(facts)}

    def _column_of(self, name: str) -> str:
        return next(
            rule.column for rule in self.rules if name in (rule.field, ".".join(rule.seal) if rule.seal else None)
        )
