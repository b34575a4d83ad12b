"""What a checked mapping says, and how it turns a row into an incident. Pure."""

from collections import Counter
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, VictimDraft
from amparo.exchange.problems import CellRefused, FileRefused, Problem
from amparo.exchange.reading import Row
from amparo.exchange.values import CodeReader, read_age_band
from amparo.exchange.written_dates import DateReader
from amparo.vocabularies.catalogue import UNKNOWN

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
    "perpetrator.kind": "alleged-perpetrators",
}
SEVERAL = ("victim.profile", "act.kind", "perpetrator.kind", "source.code")
FIELDS = (*VOCABULARIES, "incident.date", "victim.age_band", "source.code")
SEALED_PARTS = ("identity", "narrative")


@dataclass(frozen=True)
class Rule:
    """What one column gives: codes for a field, or a sealed part, or both; nothing where it is left out on purpose."""

    column: str
    field: str | None = None
    codes: CodeReader | None = None
    dates: DateReader | None = None
    ages: MappingOf[str, str] | None = None
    seal: tuple[str, str] | None = None


@dataclass(frozen=True)
class SourceEntry:
    """A source that the mapping names: its kind, and the name it publishes under."""

    code: str
    kind: str
    published_name: str


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `fixed` codes are every row's; `defaults` are those of rows whose columns give none."""

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
    columns: frozenset[str] = field(default_factory=frozenset)

    @property
    def sealed_columns(self) -> frozenset[str]:
        """The columns whose cells go sealed, and may stand in no report."""
        return frozenset(rule.column for rule in self.rules if rule.seal)

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

    def draft(self, row: Row) -> IncidentDraft | list[Problem]:
        """The incident in `row`, or everything that is wrong with it."""
        found: dict[str, list[str]] = {}
        sealed: dict[str, dict[str, str]] = {part: {} for part in SEALED_PARTS}
        date: EventDate | None = None
        age = UNKNOWN
        problems: list[Problem] = []
        # The country comes first: an area is looked up in it.
        for rule in self.rules:
            cell = row.cells[rule.column]
            if rule.seal and cell.strip():
                part, name = rule.seal
                sealed[part][name] = cell
            try:
                if rule.codes:
                    country = self._one("incident.country", found)
                    found.setdefault(rule.field or "", []).extend(rule.codes.read(cell, country))
                elif rule.dates:
                    date = rule.dates.read(cell)
                elif rule.ages is not None:
                    age = read_age_band(cell, rule.ages)
            except CellRefused as refused:
                shown = None if rule.column in self.sealed_columns else cell
                problems.append(Problem(refused.code, row.number, rule.column, shown, refused.nearest, refused.details))
        return problems or self._assemble(found, date, age, sealed)

    def _assemble(
        self, found: dict[str, list[str]], date: EventDate | None, age: str, sealed: dict[str, dict[str, str]]
    ) -> IncidentDraft:
        victim = VictimDraft(
            kind=self._one("victim.kind", found, "person"),
            target=self._one("victim.target", found),
            sex=self._one("victim.sex", found),
            gender=self._one("victim.gender", found),
            age_band=age,
            profiles=self._several("victim.profile", found),
            acts=self._several("act.kind", found),
            identity=sealed["identity"],
        )
        return IncidentDraft(
            date=date,
            country=self._one("incident.country", found),
            area=self._one("incident.area", found),
            setting=self._one("incident.setting", found),
            status=self._one("incident.status", found, "reported"),
            sector=self._one("incident.sector", found),
            victims=(victim,),
            perpetrators=self._several("perpetrator.kind", found),
            sources=self._several("source.code", found),
            narrative=sealed["narrative"],
        )

    def _one(self, name: str, found: dict[str, list[str]], otherwise: str = UNKNOWN) -> str:
        codes = self.fixed.get(name) or found.get(name) or self.defaults.get(name)
        return codes[0] if codes else otherwise

    def _several(self, name: str, found: dict[str, list[str]]) -> tuple[str, ...]:
        own = (*self.fixed.get(name, ()), *found.get(name, ()))
        # That nothing is known is said by saying nothing.
        known = tuple(dict.fromkeys(code for code in own if code != UNKNOWN))
        return known or self.defaults.get(name, ())


def given_twice(rules: tuple[Rule, ...]) -> str | None:
    """A field that can hold one value, or a sealed part, that two columns would give; None where there is none."""
    single = [rule.field for rule in rules if rule.field and rule.field not in SEVERAL]
    sealed = [".".join(rule.seal) for rule in rules if rule.seal]
    return next((name for name, times in Counter([*single, *sealed]).items() if times > 1), None)
