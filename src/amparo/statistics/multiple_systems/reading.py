"""Lists of others, read from CSV files. Pure."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from amparo.statistics.multiple_systems.histories import MOST_LISTS, Histories, count_histories
from amparo.statistics.multiple_systems.refusals import EstimateRefused

COUNT = "count"
_LISTED = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False, "": None}


def read_table(path: Path, lists: Sequence[str] = ()) -> Histories:
    """One column for each list, 1 where it has the victim, 0 where not, empty where it did not cover her; a column
    `count` tells how many victims a line stands for, otherwise one. All columns are lists unless `lists` names some.

    Raises EstimateRefused ("no-such-file", "not-readable", "missing-column", "too-long", "wrong-value", …).
    """
    rows = _read(path)
    _, header = next(rows)
    chosen = tuple(lists) or tuple(name for name in header if name != COUNT)
    _check_columns(header, chosen)
    places = [header.index(name) for name in chosen]
    if len(chosen) > MOST_LISTS:
        raise EstimateRefused("too-many-lists", most=MOST_LISTS)
    counts, left_out = np.zeros(1 << len(chosen), dtype=np.int64), 0
    for line, row in rows:
        number = _read_number(row[header.index(COUNT)], line) if COUNT in header else 1
        on = [_read_listed(row[place], line) for place in places]
        mask = sum(1 << bit for bit, each in enumerate(on) if each)
        if None in on or not mask:
            left_out += number
        else:
            counts[mask] += number
    # Through the checks that all histories pass.
    empty = count_histories([], chosen)
    return Histories(empty.lists, counts, left_out)


def read_long(
    path: Path, record: Sequence[str], list_: str, listed: str | None = None, lists: Sequence[str] = ()
) -> Histories:
    """One line for each victim and list. Columns `record` together tell victims apart, column `list_` names the list,
    and `listed` says whether it has the victim (1, 0, or empty where it did not cover her); without, it has.

    A list that a victim has no line for did not cover her, where `listed` is given; otherwise it does not have her.
    Of the lists found, or of `lists` where given. Raises EstimateRefused like `read_table`.
    """
    rows = _read(path)
    _, header = next(rows)
    _check_columns(header, [*record, list_, *([listed] if listed else [])])
    key = [header.index(name) for name in record]
    of_list, of_listed = header.index(list_), header.index(listed) if listed else None
    found: dict[tuple[str, ...], dict[str, bool | None]] = {}
    for line, row in rows:
        said = True if of_listed is None else _read_listed(row[of_listed], line)
        found.setdefault(tuple(row[place] for place in key), {})[row[of_list].strip()] = said
    names = list(lists) or sorted({name for record_ in found.values() for name in record_})
    missing = set(names) - {name for record_ in found.values() for name in record_}
    if missing:
        raise EstimateRefused("no-such-list", name=sorted(missing)[0])
    silent = None if listed else False
    return count_histories(({name: each.get(name, silent) for name in names} for each in found.values()), names)


def _read(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The header, then the lines that are not empty, each with its number and as wide as the header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            header = [name.strip() for name in next(rows, [])]
            if not header:
                raise EstimateRefused("nobody-listed")
            yield 1, header
            for row in rows:
                if any(cell.strip() for cell in row[len(header) :]):
                    raise EstimateRefused("too-long", line=rows.line_num, found=len(row), columns=len(header))
                if row:
                    yield rows.line_num, [*row, *[""] * (len(header) - len(row))]
    except FileNotFoundError:
        raise EstimateRefused("no-such-file", path=str(path)) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise EstimateRefused("not-readable", path=str(path)) from None


def _check_columns(header: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise EstimateRefused("missing-column", missing=", ".join(missing), found=", ".join(header))


def _read_listed(text: str, line: int) -> bool | None:
    try:
        return _LISTED[text.strip().lower()]
    except KeyError:
        raise EstimateRefused("wrong-value", line=line, value=text) from None


def _read_number(text: str, line: int) -> int:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise EstimateRefused("wrong-number", line=line, value=text)
    return int(text)
