"""Published reports as a CSV table: title, link, publisher, language, published_on. All of it or nothing. Pure."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from amparo.warning.media.items import (
    LONGEST_PUBLISHER,
    LONGEST_TITLE,
    MOST_BYTES,
    MOST_ITEMS,
    Item,
    ItemsRefused,
    is_link,
    language_code,
    plain_text,
)

COLUMNS = ("title", "link", "publisher", "language", "published_on")
_NEEDED = frozenset({"title", "link"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_table(content: bytes) -> tuple[Item, ...]:
    """The items of a CSV file in UTF-8, with its columns in any order, parted by comma, semicolon or tab.

    Raises `ItemsRefused` for the first thing that is wrong, with the row as a spreadsheet counts it.
    """
    if len(content) > MOST_BYTES:
        raise ItemsRefused("too-large", limit=MOST_BYTES // 1024**2)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ItemsRefused("not-utf-8") from None
    if "\0" in text:
        raise ItemsRefused("not-utf-8")
    items: list[Item] = []
    for number, row in _rows(text):
        if len(items) == MOST_ITEMS:
            raise ItemsRefused("too-many-items", limit=MOST_ITEMS)
        items.append(_read_row(number, row))
    if not items:
        raise ItemsRefused("no-items")
    return tuple(items)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = sorted(_NEEDED - set(names))
        if missing:
            raise ItemsRefused("missing-column", field=missing[0])
        for number, cells in enumerate(rows, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                raise ItemsRefused("too-many-cells", row=number)
            yield number, dict(zip(names, (cell.strip() for cell in cells), strict=False))
    except csv.Error:
        raise ItemsRefused("not-csv", row=max(rows.line_num, 1)) from None


def _read_row(number: int, row: dict[str, str]) -> Item:
    title, publisher = plain_text(row.get("title", "")), plain_text(row.get("publisher", ""))
    link, language = row.get("link", ""), language_code(row.get("language", ""))
    if not title:
        raise ItemsRefused("no-title", row=number, field="title")
    for field, words, longest in (("title", title, LONGEST_TITLE), ("publisher", publisher, LONGEST_PUBLISHER)):
        if len(words) > longest:
            raise ItemsRefused("too-long", row=number, field=field, limit=longest)
    if not is_link(link):
        raise ItemsRefused("no-link", row=number, field="link")
    if language is None:
        raise ItemsRefused("no-language", row=number, field="language")
    return Item(title, link, publisher, language, _day(number, row.get("published_on", "")))


def _day(number: int, written: str) -> date | None:
    if not written:
        return None
    try:
        if not _DAY.fullmatch(written):
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        raise ItemsRefused("no-day", row=number, field="published_on") from None
