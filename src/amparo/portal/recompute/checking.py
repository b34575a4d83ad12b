"""Whether what a page shows is what the open data give."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from amparo.portal.comparing.rates import POPULATIONS
from amparo.portal.recompute.cells import Cells
from amparo.portal.recompute.reading import ReadFigure, numbers_in, read_number
from amparo.statistics.dimensions import DIMENSIONS

# What stands in a cell that holds no number: what is hidden, and what was not counted at all.
HIDDEN, NOT_COUNTED = "not shown", "–"
_FEW, _MANY = 1, 99


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something on a page that the open data do not give."""

    page: str
    figure: str
    place: str
    shown: str
    recomputed: str


@dataclass(slots=True)
class Result:
    """How many figures and numbers were looked at, and what disagrees."""

    pages: int = 0
    figures: int = 0
    numbers: int = 0
    wrong: list[Disagreement] = field(default_factory=list)


class FigureCheck:
    """Checks figures of English pages against `cells`."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self._populations: dict[tuple[str, str], int] | None = None

    def check(self, figure: ReadFigure, result: Result) -> None:
        """Count `figure` in `result`, with each number of it that the open data do not give."""
        result.figures += 1
        links = figure.links
        for name, found in (
            ("definition", links.definitions),
            ("release", links.releases),
            ("query", figure.questions),
            ("data", links.data),
        ):
            if not found:
                result.wrong.append(Disagreement(figure.page, figure.caption, name, "–", ""))
        if not figure.questions:
            return
        for heading, column, cell, expected in self._cells_of(figure):
            result.numbers += 1
            if figure.per_million:
                expected_text = self._rate(figure, heading, column, expected)
                if cell != expected_text:
                    place = f"{heading} / {column}"
                    result.wrong.append(Disagreement(figure.page, figure.caption, place, cell, expected_text))
            elif cell != NOT_COUNTED and (read_number(cell) if cell != HIDDEN else None) != expected:
                place = f"{heading} / {column}"
                recomputed = HIDDEN if expected is None else str(expected)
                result.wrong.append(Disagreement(figure.page, figure.caption, place, cell, recomputed))
        result.wrong += [
            Disagreement(figure.page, figure.caption, heading, "–", "missing") for heading in self._missing(figure)
        ]
        result.wrong += [
            Disagreement(figure.page, figure.caption, words, number, "") for words, number in _untold(figure)
        ]

    def _cells_of(self, figure: ReadFigure) -> Iterator[tuple[str, str, str, int | None]]:
        first = figure.questions[0]
        rows, columns = self._labels(figure, first.rows), self._labels(figure, first.columns)
        for place, column in enumerate(figure.columns):
            single = len(figure.questions) == 1
            question = first if single else figure.questions[place]
            across = columns.get(column, column) if single and first.columns and column != "Total" else ""
            for heading, cells in figure.rows:
                # What has no code, such as a year without records, is called by its label.
                yield heading, column, cells[place], self.cells.count(question, rows.get(heading, heading), across)
            if figure.totals:
                yield "Total", column, figure.totals[place], self.cells.count(question, "", across)

    def _missing(self, figure: ReadFigure) -> list[str]:
        """The rows that the data have and the page has not. Beside a whole, only those of the part are looked for."""
        question = figure.questions[0]
        if not question.rows or figure.per_million:
            return []
        labels = self._labels(figure, question.rows)
        shown = {labels.get(heading, heading) for heading, _cells in figure.rows}
        return sorted(self.cells.codes(question, question.rows) - shown)

    def _rate(self, figure: ReadFigure, year: str, column: str, count: int | None) -> str:
        """A rate as a page writes it, from the populations as they lie there."""
        if count is None:
            return HIDDEN
        country = figure.questions[figure.columns.index(column)].where["country"]
        people = self._people().get((country, year))
        if not people:
            return NOT_COUNTED
        return f"{round(count * 1_000_000 / people, 2):,.2f}".rstrip("0").rstrip(".")

    def _people(self) -> dict[tuple[str, str], int]:
        if self._populations is None:
            with POPULATIONS.open(encoding="utf-8") as file:
                rows = [line.strip().split(",") for line in file]
            places = [rows[0].index(name) for name in ("country", "year", "population")]
            self._populations = {(row[places[0]], row[places[1]]): int(row[places[2]]) for row in rows[1:]}
        return self._populations

    def _labels(self, figure: ReadFigure, dimension: str) -> dict[str, str]:
        """The code of each label that a figure may show in rows or columns of `dimension`."""
        if not dimension:
            return {}
        codes = {code for question in figure.questions for code in self.cells.codes(question, dimension)}
        return {DIMENSIONS[dimension].label(code, "en"): code for code in codes}


def _untold(figure: ReadFigure) -> Iterator[tuple[str, str]]:
    """The numbers in sentences that are none of the table's, nor a share of two of them, nor how many are not shown."""
    texts = [cell for _heading, row in figure.rows for cell in row] + [*figure.totals]
    cells = {number for text in texts if (number := read_number(text)) is not None}
    totals = [number for text in figure.totals if (number := read_number(text))]
    headings = sorted({*(heading for heading, _row in figure.rows), *figure.columns}, key=len, reverse=True)
    for words in figure.words:
        said = words
        for heading in headings:
            said = said.replace(heading, "")
        whole, shares = numbers_in(said)
        for number in sorted(whole - cells - {texts.count(HIDDEN)}):
            yield words, str(number)
        for share in sorted(shares - {_FEW, _MANY}):
            # Half a per cent is what rounding can hide.
            if not any(abs(100 * part / all_ - share) <= 0.5 + 1e-9 for part in cells for all_ in totals):
                yield words, f"{share} %"
