"""Conditions for civic space out of a file with the headings of `civic_space.files`, and what is wrong in it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import ConditionFacts, SourceLink, StageFacts, find_wrong
from amparo.civic_space.files import ADDED, COLUMNS, SOURCES
from amparo.exchange.problems import CellRefused, FileRefused, Problem
from amparo.exchange.reading import Row, open_table
from amparo.exchange.values import CodeReader
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN

MOST_ROWS = 20_000
_NEEDED = ("country",)
_COUNTRY, _AREA = CodeReader("countries"), CodeReader("areas")
_KIND, _EFFECT = CodeReader("condition-kinds"), CodeReader("condition-effects")
_SETTING, _STAGE = CodeReader("settings"), CodeReader("condition-stages")
_THEMES = CodeReader("civic-space-themes", separator=";")
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A condition, and an identifier of its row: the same row in the same file twice is one."""

    facts: ConditionFacts
    token: uuid.UUID


@dataclass(frozen=True, slots=True)
class ReadConditions:
    """What a file holds; `problems` name row and column, and nothing is to be kept where there are any."""

    conditions: tuple[ReadCondition, ...]
    problems: tuple[Problem, ...]


def read_conditions(
    path: Path, institution: str, sheet: str | None = None, encoding: str | None = None
) -> ReadConditions:
    """The conditions in the file at `path`, for the institution of that code. Raises `FileRefused`."""
    read: list[ReadCondition] = []
    problems: list[Problem] = []
    with open_table(path, sheet, encoding) as table:
        _check_columns(table.columns)
        for row in table.rows:
            if len(read) + len(problems) >= MOST_ROWS:
                raise FileRefused("too-many-rows", limit=MOST_ROWS)
            reader = _RowReader(row)
            facts = reader.facts()
            problems += reader.problems
            if not reader.problems:
                read.append(ReadCondition(facts, _token(institution, row.cells)))
    if not read and not problems:
        raise FileRefused("no-rows")
    return ReadConditions(tuple(read), tuple(problems))


def _check_columns(columns: tuple[str, ...]) -> None:
    if strange := [column for column in columns if column not in (*COLUMNS, *ADDED)]:
        raise FileRefused("condition-columns", columns=", ".join(strange), known=", ".join(COLUMNS))
    if missing := [column for column in _NEEDED if column not in columns]:
        raise FileRefused("missing-columns", missing=", ".join(missing), columns=", ".join(columns))


def _token(institution: str, cells: Mapping[str, str]) -> uuid.UUID:
    said = [f"{name}={cells.get(name, '').strip()}" for name in COLUMNS]
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("urn:amparo:condition", institution, *said)))


class _RowReader:
    """Reads one row, and keeps all that is wrong with it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def facts(self) -> ConditionFacts:
        country = self._code("country", _COUNTRY)
        facts = ConditionFacts(
            country=country,
            titles={language: self._cell(f"title_{language}") for language in LANGUAGES},
            kind=self._code("kind", _KIND),
            area=self._code("area", _AREA, country),
            effect=self._code("effect", _EFFECT),
            setting=self._code("setting", _SETTING),
            date=self._date("date", self._cell("date")),
            ended=self._date("ended", self._cell("ended")),
            texts={language: self._cell(f"text_{language}") for language in LANGUAGES},
            stages=tuple(self._stages()),
            themes=self._codes("themes", _THEMES),
            sources=tuple(self._sources()),
        )
        if not self.problems:
            for wrong in find_wrong(facts):
                column = wrong.part if wrong.part in COLUMNS else "source_address_1"
                self._refuse(column, f"condition-{wrong.code}")
        return facts

    def _cell(self, column: str) -> str:
        text = self.row.cells.get(column, "").strip()
        # An export guards cells that a spreadsheet would take for a formula.
        return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text

    def _codes(self, column: str, reader: CodeReader, country: str = UNKNOWN) -> tuple[str, ...]:
        try:
            return reader.read(self._cell(column), country)
        except CellRefused as refused:
            self._refuse(column, refused.code, refused.nearest, **refused.details)
            return ()

    def _code(self, column: str, reader: CodeReader, country: str = UNKNOWN) -> str:
        return next(iter(self._codes(column, reader, country)), UNKNOWN)

    def _date(self, column: str, text: str) -> EventDate | None:
        try:
            return EventDate.read(text) if text else None
        except ValueError:
            self._refuse(column, "no-date", formats="2016, 2016-10, 2016-10-22, 2016-10/2016-11")
            return None

    def _stages(self) -> Iterator[StageFacts]:
        """Written "tabled 2026-03; in committee; adopted 2026-05-30"."""
        for part in filter(None, (each.strip() for each in self._cell("stages").split(";"))):
            name, _blank, last = part.rpartition(" ")
            dated = last[:1].isdecimal()
            date = self._date("stages", last) if dated else None
            try:
                (code,) = _STAGE.read(name if dated else part)
            except (CellRefused, ValueError) as refused:
                nearest = refused.nearest if isinstance(refused, CellRefused) else ()
                self._refuse("stages", "unknown-code", nearest, vocabulary="condition-stages")
            else:
                yield StageFacts(code, date)

    def _sources(self) -> Iterator[SourceLink]:
        for place in range(1, SOURCES + 1):
            title, address = self._cell(f"source_title_{place}"), self._cell(f"source_address_{place}")
            if title or address:
                yield SourceLink(title, address)

    def _refuse(self, column: str, code: str, nearest: tuple[str, ...] = (), **details: str) -> None:
        # Texts are public, but what should not be in them is not repeated.
        value = None if column.startswith(("title_", "text_")) else self._cell(column)
        self.problems.append(Problem(code, self.row.number, column, value, nearest, details))
