"""The figures of a public page as a reader finds them: their tables, and the links under them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from amparo.portal.recompute.cells import Question

_QUESTION = ("dataset", "measure", "rows", "columns")
_NUMBER = re.compile(r"[0-9][0-9,]*")
_PER_CENT = re.compile(r"([0-9]+)\s?%")


@dataclass(frozen=True, slots=True)
class Links:
    """Where a figure says that it comes from: the addresses below it, by what they lead to."""

    definitions: tuple[str, ...]
    releases: tuple[str, ...]
    explore: tuple[str, ...]
    queries: tuple[str, ...]
    data: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A table of a page. `rows` are its cells by heading, with the total row as `totals` where it has one.

    `questions` is what its links ask the interface for programs: one for the table, or one for each column.
    """

    page: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    words: tuple[str, ...]
    questions: tuple[Question, ...]
    links: Links
    per_million: bool = False


def read_figures(page: str, text: str) -> Iterator[ReadFigure]:
    """Every table of the page `page` (its address), whose HTML is `text`, that shows numbers."""
    for table in html.fromstring(text).xpath("//main//table[.//td[contains(@class, 'number')]]"):
        block = next((each for each in table.iterancestors() if each.xpath(".//*[@class='sources']")), None)
        addresses = [] if block is None else block.xpath(".//*[@class='sources']//a/@href")
        rows = [
            ("total" in (row.get("class") or ""), _text(row.find("th")), tuple(map(_text, row.iter("td"))))
            for row in table.xpath("./tbody/tr")
        ]
        yield ReadFigure(
            page,
            _text(table.find("caption")),
            tuple(_text(each) for each in table.xpath("./thead/tr/th")[1:]),
            tuple((heading, cells) for is_total, heading, cells in rows if not is_total),
            next((cells for is_total, _heading, cells in rows if is_total), ()),
            () if block is None else tuple(map(_text, block.xpath("./p[not(@class)]"))),
            tuple(_question(each) for each in addresses if _is_query(each)),
            _sort(addresses),
            block is not None and "rates" in (block.get("class") or "").split(),
        )


def read_number(cell: str) -> int | None:
    """The number of an English page's cell; None where it is none, as for "not shown"."""
    digits = cell.replace(",", "")
    return int(digits) if digits.isdecimal() else None


def numbers_in(words: str) -> tuple[set[int], set[int]]:
    """The numbers of an English sentence: whole ones, and per cents."""
    shares = {int(each) for each in _PER_CENT.findall(words)}
    rest = _PER_CENT.sub("", words)
    return {int(each.replace(",", "")) for each in _NUMBER.findall(rest)}, shares


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _is_query(address: str) -> bool:
    return urlsplit(address).path.endswith("/api/table")


def _sort(addresses: list[str]) -> Links:
    def having(part: str, *endings: str) -> tuple[str, ...]:
        paths = [(each, urlsplit(each).path) for each in addresses]
        return tuple(each for each, path in paths if part in path and (not endings or path.endswith(endings)))

    return Links(
        having("/methods/"),
        tuple(each for each in having("/releases/") if each.endswith("/")),
        having("/explore/"),
        tuple(each for each in addresses if _is_query(each)),
        having("/table.", ".csv", ".json"),
        having("/table.", ".bib", ".csl"),
    )


def _question(address: str) -> Question:
    said = dict(parse_qsl(urlsplit(address).query))
    where = {name: code for name, code in said.items() if name not in {*_QUESTION, "release"}}
    dataset, measure, rows, columns = (said.get(name, "") for name in _QUESTION)
    return Question(dataset, measure, rows, columns, where)
