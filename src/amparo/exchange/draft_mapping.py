"""A first draft of a mapping, guessed from a file, to be read and mended by a person."""

from collections import Counter
from itertools import islice
from pathlib import Path

import tomlkit
from django.utils.translation import gettext
from tomlkit.items import Table as TomlTable

from amparo.exchange.column_guesses import MOST_VALUES_LISTED, Guess, guess_column, is_identifier, is_of_group
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import open_table
from amparo.exchange.values import value_key
from amparo.vocabularies.catalogue import LANGUAGES
from amparo.vocabularies.folding import fold

_ROWS_READ = 5000
_LONGEST_NAME = 40


def draft_mapping(path: Path, sheet: str | None = None, encoding: str | None = None) -> str:
    """The text of a TOML mapping that fits `path`. What is not recognised is sealed. Raises `FileRefused`."""
    with open_table(path, sheet, encoding) as table:
        columns = table.columns
        cells: dict[str, Counter[str]] = {column: Counter() for column in columns}
        rows = 0
        for row in islice(table.rows, _ROWS_READ):
            rows += 1
            for column in columns:
                cells[column][" ".join(row.cells[column].split())] += 1
    if not rows:
        raise FileRefused("no-rows")
    guesses: dict[str, Guess] = {}
    for column in columns:
        guesses[column] = guess_column(column, cells[column], {guess.field for guess in guesses.values()})
    document = tomlkit.document()
    for line in (
        gettext("Drafted from the first rows of a file. Read every line before you import with it."),
        gettext("What was not recognised is sealed, or “not known”."),
    ):
        document.add(tomlkit.comment(line))
    document["dataset"] = _dataset()
    document["rows"] = _rows_table(_key(columns, cells, guesses, rows), _group(columns, cells))
    document["fixed"] = _fixed(guesses)
    document["columns"] = _columns(guesses)
    return tomlkit.dumps(document)


def _dataset() -> TomlTable:
    dataset = tomlkit.table()
    dataset["code"] = "my-dataset"
    dataset["publisher"] = gettext("Who publishes it")
    for key, text in (
        ("titles", gettext("Its title")),
        ("coverage", gettext("What it covers, and what it leaves out.")),
    ):
        in_each = tomlkit.inline_table()
        for language in LANGUAGES:
            in_each[language] = text
        dataset[key] = in_each
    return dataset


def _key(columns: tuple[str, ...], cells: dict[str, Counter[str]], guesses: dict[str, Guess], rows: int) -> list[str]:
    """The columns that tell a row again: a number of its own, else date and name; none where there is neither."""
    unique = [column for column in columns if len(cells[column]) == rows and "" not in cells[column]]
    if numbered := [column for column in unique if is_identifier(column)]:
        return numbered[:1]
    dates = [column for column in columns if guesses[column].field == "incident.date"]
    named = [column for column in columns if guesses[column].part == "identity" and not guesses[column].field]
    return [*dates[:1], *named[:1]] if dates and named else []


def _group(columns: tuple[str, ...], cells: dict[str, Counter[str]]) -> str:
    return next((column for column in columns if is_of_group(column, cells[column])), "")


def _rows_table(key: list[str], group: str) -> TomlTable:
    rows = tomlkit.table()
    if key:
        rows["key"] = key
        rows["key"].comment(gettext("by these columns a row is told again when the file is imported once more"))
    if group:
        asked = gettext("Are rows with the same cell in this column one incident? Then take away the “# ”:")
        rows.add(tomlkit.comment(asked))
        rows.add(tomlkit.comment(tomlkit.dumps({"group": group}).strip()))
    kept = tomlkit.item(True)
    kept.comment(gettext("what codes do not give back of a cell is sealed beside them"))
    rows["as_written"] = kept
    return rows


def _fixed(guesses: dict[str, Guess]) -> TomlTable:
    fixed = tomlkit.table()
    given = {guess.field for guess in guesses.values()}
    fixed.add(tomlkit.comment(gettext("What is the same in every row, for example:")))
    for field, example in (
        ("act.kind", '["killing"]'),
        ("incident.country", '"COL"'),
        ("incident.status", '"verified"'),
    ):
        if field not in given:
            fixed.add(tomlkit.comment(f'"{field}" = {example}'))
    return fixed


def _columns(guesses: dict[str, Guess]) -> TomlTable:
    columns = tomlkit.table()
    used: set[str] = set()
    for column, guess in guesses.items():
        entry = tomlkit.table()
        if guess.field:
            entry["field"] = guess.field
        if guess.formats:
            entry["formats"] = list(guess.formats)
        if guess.no_may_rule_out:
            entry["field"].comment(gettext("where “no” says that it did not happen, move it from values to rules_out"))
        if guess.day_and_month_may_be_swapped:
            entry["formats"].comment(gettext("day and month could as well be the other way round: check it"))
        if guess.separator:
            entry["separator"] = guess.separator
        if guess.otherwise:
            entry["otherwise"] = guess.otherwise
        if not guess.field or guess.seal_too:
            entry["seal"] = f"{guess.part}.{_sealed_name(column, used)}"
        if guess.values:
            entry["values"] = _values(guess)
        columns[column] = entry
    return columns


def _values(guess: Guess) -> TomlTable:
    values = tomlkit.table()
    known_keys = set()
    for cell, code in list(guess.values.items())[: 2 * MOST_VALUES_LISTED]:
        if value_key(cell) in known_keys:
            continue
        known_keys.add(value_key(cell))
        values[cell] = code
        if cell in guess.unsure:
            nearest = ", ".join(guess.unsure[cell])
            told = gettext("not recognised; nearest: %(codes)s") if nearest else gettext("not recognised")
            values[cell].comment(told % {"codes": nearest})
    return values


def _sealed_name(column: str, used: set[str]) -> str:
    words = fold(column).replace(" ", "_")[:_LONGEST_NAME]
    name = words if words[:1].isalpha() else f"column_{words}".rstrip("_")
    number, free = 1, name
    while free in used:
        number += 1
        free = f"{name}_{number}"
    used.add(free)
    return free
