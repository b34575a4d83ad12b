"""The open data of a release asked in plain SQL: cells.parquet and nothing of what made or reads it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

FINEST = 3
_CODES = tuple(f"code_{number}" for number in range(1, FINEST + 1))
Place = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A table as an address asks for it."""

    dataset: str
    measure: str
    rows: str = ""
    columns: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


class Cells:
    """The published cells of a release, each found by its dataset, measure, and the code of each of its dimensions."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("CREATE TABLE cells AS SELECT * FROM read_parquet(?)", [str(path)])
        self._tables: dict[tuple[str, str, frozenset[str]], dict[Place, int | None] | None] = {}

    def count(self, question: Question, row: str = "", column: str = "") -> int | None:
        """The count at `row` and `column`, "" for all of them; None where it is not shown.

        What a table of up to two dimensions does not list was counted as zero; in the finest nobody can tell.
        """
        said = dict(question.where)
        if row:
            said[question.rows] = row
        if column:
            said[question.columns] = column
        table = self._table(question.dataset, question.measure, frozenset(said))
        if table is None:
            return None
        return table.get(frozenset(said.items()), None if len(said) == FINEST else 0)

    def codes(self, question: Question, dimension: str) -> set[str]:
        """The codes of `dimension`, one of the rows or columns of `question`, that its table lists."""
        table = self._table(question.dataset, question.measure, frozenset({dimension, *question.where}))
        filters = set(question.where.items())
        return {dict(place)[dimension] for place in table or {} if filters <= place}

    def datasets(self) -> list[str]:
        """The codes of the datasets."""
        return [code for (code,) in self._connection.execute("SELECT DISTINCT dataset FROM cells").fetchall()]

    def _table(self, dataset: str, measure: str, dimensions: frozenset[str]) -> dict[Place, int | None] | None:
        """Its cells by their codes; None where no such table was published."""
        key = (dataset, measure, dimensions)
        if key not in self._tables:
            self._tables[key] = self._read(dataset, measure, dimensions)
        return self._tables[key]

    def _read(self, dataset: str, measure: str, dimensions: frozenset[str]) -> dict[Place, int | None] | None:
        known = {name for (name,) in self._connection.execute("SELECT name FROM pragma_table_info('cells')").fetchall()}
        if measure not in known - {"dataset", "dimensions", "shown", *_CODES}:
            return None
        found = self._connection.execute(
            f'SELECT dimensions, code_1, code_2, code_3, shown, "{measure}" FROM cells '  # noqa: S608  (a column of it)
            "WHERE dataset = ? AND list_sort(string_split(dimensions, ',')) = ?",
            [dataset, sorted(dimensions) or [""]],
        ).fetchall()
        if not found:
            return None
        return {
            frozenset(zip(names.split(",") if names else (), codes, strict=False)): count if shown else None
            for names, *codes, shown, count in found
        }
