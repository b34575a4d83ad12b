"""Mappings as TOML files, checked to the last word before a row is read. Pure."""

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rapidfuzz import process

from amparo.cases.dates import EventDate
from amparo.exchange.checked_mapping import Mapping
from amparo.exchange.problems import CellRefused, FileRefused
from amparo.exchange.rules import (
    AS_WRITTEN,
    DATES,
    ENDS,
    FIELDS,
    PLACE_SEALED,
    PLACE_VOCABULARIES,
    PRECISIONS,
    SEALED_PARTS,
    SEVERAL,
    VOCABULARIES,
    Rule,
    SourceEntry,
    given_twice,
)
from amparo.exchange.values import CodeReader, SourceReader, check_code, value_key
from amparo.exchange.written_dates import DateReader, is_date_format
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN
from amparo.vocabularies.folding import fold

__all__ = ["COLUMN_KEYS", "SHIPPED", "Mapping", "load_mapping", "parse_mapping", "shipped_mappings"]

SHIPPED = Path(__file__).parent / "mappings"
LARGEST_MAPPING = 1_000_000
_DEFAULT_FORMATS = ["%Y-%m-%d", "%Y-%m", "%Y"]
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_CODE = 40
_SEALED_NAME = re.compile(r"[^\W\d][\w-]{0,59}")
# Which keys make sense beside which kind of field.
COLUMN_KEYS = {
    *("field", "values", "separator", "otherwise", "words", "rules_out", "formats", "range", "precision", "seal"),
    "ignore",
}
_KEYS_OF_CODES = {"field", "values", "separator", "otherwise", "words", "seal"}
_KEYS_OF_ACTS = _KEYS_OF_CODES | {"rules_out"}
_KEYS_OF_DATES = {"field", "values", "formats", "range", "seal"}
_KEYS_OF_ENDS = {"field", "values", "formats", "precision", "seal"}
_KEYS_OF_AGES = {"field", "values", "seal"}
_KEYS_OF_SOURCES = {"field", "values", "separator", "seal"}


def shipped_mappings() -> tuple[str, ...]:
    """The names of the mappings that come with Amparo."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_mapping(name_or_path: str, dataset: str | None = None) -> Mapping:
    """The shipped mapping of that name, or the one in that file. Raises `FileRefused`.

    `dataset` is the code to keep its incidents under instead of its own: two copies of one list stay two lists.
    """
    mapping = parse_mapping(_read_mapping(name_or_path))
    if dataset is None:
        return mapping
    return replace(mapping, dataset=_code({"dataset": dataset}, "dataset", "--dataset"))


def _read_mapping(name_or_path: str) -> bytes:
    path = SHIPPED / f"{name_or_path}.toml" if name_or_path in shipped_mappings() else Path(name_or_path)
    try:
        if not path.is_file():
            raise FileRefused("no-such-mapping", name=name_or_path, shipped=", ".join(shipped_mappings()))
        with path.open("rb") as file:
            raw = file.read(LARGEST_MAPPING + 1)
    except (OSError, ValueError):
        raise FileRefused("mapping-not-readable", name=name_or_path) from None
    if len(raw) > LARGEST_MAPPING:
        raise FileRefused("mapping-too-long", limit=LARGEST_MAPPING)
    return raw


def parse_mapping(raw: bytes) -> Mapping:
    """The mapping in a TOML text. Raises `FileRefused` for what is not TOML, or not a mapping, naming the place."""
    try:
        said = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileRefused("mapping-not-utf-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileRefused("mapping-not-toml", reason=str(error)) from None
    _know(said, {"dataset", "rows", "defaults", "fixed", "columns", "sources", "place", "places", "joined"}, "")
    dataset = _table(said, "dataset")
    _know(dataset, {"code", "publisher", "titles", "coverage", "invented"}, "dataset")
    sources = _sources(said)
    columns = _table(said, "columns")
    of_places = _rules_of_places(said)
    order = tuple(dict.fromkeys([*columns, *(rule.column for rule in of_places)]))
    of_columns = (rule for column, entries in columns.items() for rule in _rules(column, entries, sources))
    rules = (*of_columns, *of_places)
    if twice := given_twice(rules):
        raise FileRefused("given-twice", field=twice)
    return Mapping(
        dataset=_code(dataset, "code", "dataset"),
        publisher=_text(dataset, "publisher", "dataset"),
        titles=_in_each_language(dataset, "titles"),
        coverage=_in_each_language(dataset, "coverage"),
        invented=_truth(dataset, "invented", "dataset"),
        key=_key(said, order),
        rules=tuple(sorted(rules, key=lambda rule: rule.field != "incident.country")),
        defaults=_codes_by_field(said, "defaults", sources),
        fixed=_codes_by_field(said, "fixed", sources),
        sources=sources,
        sha256=sha256(raw).hexdigest(),
        column_order=order,
        group=_group(said, order),
        joined=_joined(said, order, rules),
        as_written=_truth(said.get("rows", {}), "as_written", "rows"),
    )


def _sources(said: MappingOf[str, Any]) -> dict[str, SourceEntry]:
    entries = _table(said, "sources") if "sources" in said else {}
    sources = {}
    for code, entry in entries.items():
        place = f"sources.{code}"
        if not isinstance(entry, dict):
            raise FileRefused("not-a-table", place=place)
        _know(entry, {"kind", "name"}, place)
        if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
            raise FileRefused("not-a-code", place=place, code=code, limit=_LONGEST_CODE)
        kind = _text(entry, "kind", place) if "kind" in entry else UNKNOWN
        _check("source-kinds", [kind], place)
        sources[code] = SourceEntry(code, kind, _text(entry, "name", place) if "name" in entry else "")
    return sources


def _rules(column: str, entries: Any, sources: MappingOf[str, SourceEntry]) -> list[Rule]:
    several = entries if isinstance(entries, list) else [entries]
    place = f"columns.{column}"
    if not several or not all(isinstance(entry, dict) for entry in several):
        raise FileRefused("not-a-table", place=place)
    return [_rule(column, entry, place, sources) for entry in several]


def _rule(column: str, entry: MappingOf[str, Any], place: str, sources: MappingOf[str, SourceEntry]) -> Rule:
    _know(entry, COLUMN_KEYS, place)
    if "ignore" in entry:
        _know(entry, {"ignore"}, place)
        _text(entry, "ignore", place)
        return Rule(column, ignored=True)
    seal = _seal(entry, place) if "seal" in entry else None
    if "field" not in entry:
        _know(entry, {"seal"}, place)
        if seal is None:
            raise FileRefused("column-without-purpose", place=place)
        return Rule(column, seal=seal)
    name = _field(_text(entry, "field", place), place)
    cells = _cells(entry, place, several=name in SEVERAL)
    values = _by_key(cells, place)
    rule = Rule(column, field=name, seal=seal)
    if name in DATES:
        _know(entry, _KEYS_OF_ENDS if name in ENDS else _KEYS_OF_DATES, place)
        return replace(rule, dates=_date_reader(entry, values, place), precision=_precision(entry, place))
    if name == "victim.age_band":
        _know(entry, _KEYS_OF_AGES, place)
        _check("age-bands", values.values(), place)
        return replace(rule, ages=values)
    separator = _text(entry, "separator", place, strip=False) if "separator" in entry else None
    if separator and name not in SEVERAL:
        raise FileRefused("one-value-only", place=place, field=name)
    if name == "source.code":
        _know(entry, _KEYS_OF_SOURCES, place)
        _check_sources((code for codes in values.values() for code in codes.split()), place, sources)
        return replace(rule, codes=SourceReader("source-kinds", values, separator, cells=cells))
    _know(entry, _KEYS_OF_ACTS if name == "act.kind" else _KEYS_OF_CODES, place)
    otherwise = _text(entry, "otherwise", place) if "otherwise" in entry else None
    words = {fold(word): code for word, code in _cells(entry, place, "words").items()}
    rules_out = {value_key(cell): (cell, kind) for cell, kind in _cells(entry, place, "rules_out").items()}
    out = [kind for _, kind in rules_out.values()]
    used = [code for codes in values.values() for code in codes.split()]
    _check(VOCABULARIES[name], [*used, *words.values(), *out, otherwise or ""], place)
    if both := rules_out.keys() & values.keys():
        raise FileRefused("value-twice", place=place, value=rules_out[min(both)][0])
    # That it rules an act out, a cell adds none.
    values |= dict.fromkeys(rules_out, "")
    return replace(
        rule,
        codes=CodeReader(VOCABULARIES[name], values, separator, otherwise, words, cells),
        rules_out=rules_out,
    )


def _seal(entry: MappingOf[str, Any], place: str) -> tuple[str, str]:
    part, _, name = _text(entry, "seal", place).partition(".")
    if part not in SEALED_PARTS or not _SEALED_NAME.fullmatch(name) or name == AS_WRITTEN:
        raise FileRefused("no-such-sealed-part", place=place, parts=", ".join(SEALED_PARTS))
    return part, name


def _cells(entry: MappingOf[str, Any], place: str, key: str = "values", *, several: bool = False) -> dict[str, str]:
    """Cell → code, or codes parted by blanks where there may be `several`."""
    said = entry.get(key, {})
    if not isinstance(said, dict):
        raise FileRefused("not-a-table", place=f"{place}.{key}")
    cells: dict[str, str] = {}
    for cell, code in said.items():
        if several and isinstance(code, list):
            cells[cell] = " ".join(_texts(code, f"{place}.{key}", cell))
        elif isinstance(code, str):
            cells[cell] = code
        else:
            raise FileRefused("not-a-text", place=f"{place}.{key}", key=cell)
    return cells


def _by_key(cells: MappingOf[str, str], place: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for cell, codes in cells.items():
        if values.setdefault(value_key(cell), codes) != codes:
            raise FileRefused("value-twice", place=place, value=cell)
    return values


def _rules_of_places(said: MappingOf[str, Any]) -> list[Rule]:
    """The rules of [[places]], in their order: each names the columns of one place."""
    readers = {}
    shared = _table(said, "place") if "place" in said else {}
    _know(shared, set(PLACE_VOCABULARIES), "place")
    for key, vocabulary in PLACE_VOCABULARIES.items():
        cells = _cells(shared, "place", key)
        _check(vocabulary, cells.values(), f"place.{key}")
        readers[key] = CodeReader(vocabulary, _by_key(cells, f"place.{key}"), cells=cells)
    entries = said.get("places", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise FileRefused("not-a-table", place="places")
    rules = []
    for order, entry in enumerate(entries, start=1):
        _know(entry, {*PLACE_VOCABULARIES, *PLACE_SEALED}, "places")
        for key in entry:
            column = _text(entry, key, "places", strip=False)
            if key in readers:
                rules.append(Rule(column, field=f"place.{key}", codes=readers[key], place=order))
            else:
                rules.append(Rule(column, seal=("place", key), place=order))
    return rules


def _precision(entry: MappingOf[str, Any], place: str) -> str:
    precision = _text(entry, "precision", place) if "precision" in entry else "day"
    if precision not in PRECISIONS:
        raise FileRefused("no-such-precision", place=place, precision=precision, known=", ".join(PRECISIONS))
    return precision


def _date_reader(entry: MappingOf[str, Any], values: MappingOf[str, str], place: str) -> DateReader:
    for written in filter(None, values.values()):
        try:
            EventDate.read(written)
        except ValueError:
            raise FileRefused("mapping-date", place=place, value=written) from None
    formats = _texts(entry.get("formats", _DEFAULT_FORMATS), place, "formats")
    for pattern in formats:
        if not is_date_format(pattern):
            raise FileRefused("no-date-format", place=place, format=pattern)
    mark = _text(entry, "range", place, strip=False) if "range" in entry else None
    return DateReader(formats, mark, values)


def _codes_by_field(
    said: MappingOf[str, Any], table: str, sources: MappingOf[str, SourceEntry]
) -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for name, given in (_table(said, table) if table in said else {}).items():
        _field(name, table)
        several = _texts([given] if isinstance(given, str) else given, table, name)
        if name == "source.code":
            _check_sources(several, table, sources)
        elif name in VOCABULARIES:
            _check(VOCABULARIES[name], several, table)
        else:
            raise FileRefused("only-from-a-column", place=table, field=name)
        if len(several) > 1 and name not in SEVERAL:
            raise FileRefused("one-value-only", place=table, field=name)
        codes[name] = several
    return codes


def _key(said: MappingOf[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    rows = _table(said, "rows") if "rows" in said else {}
    _know(rows, {"key", "group", "as_written"}, "rows")
    if "key" not in rows:
        return tuple(sorted(columns))
    key = _texts(rows["key"], "rows", "key")
    for column in key:
        if column not in columns:
            raise FileRefused("key-not-a-column", column=column)
    return key


def _group(said: MappingOf[str, Any], columns: tuple[str, ...]) -> str:
    if "group" not in said.get("rows", {}):
        return ""
    column = _text(said["rows"], "group", "rows")
    if column not in columns:
        raise FileRefused("group-not-a-column", column=column)
    return column


def _joined(said: MappingOf[str, Any], columns: tuple[str, ...], rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    joined = {}
    for name, parts in (_table(said, "joined") if "joined" in said else {}).items():
        part, _, field = name.partition(".")
        several = _texts(parts, "joined", name)
        given = any(rule.seal == (part, field) for rule in rules)
        if part != "identity" or not _SEALED_NAME.fullmatch(field) or given or not set(several) <= set(columns):
            raise FileRefused("joined-not-possible", name=name)
        joined[field] = several
    return joined


def _field(name: str, place: str) -> str:
    if name not in FIELDS:
        raise FileRefused("no-such-field", place=place, field=name, nearest=_nearest(name, FIELDS))
    return name


def _check(vocabulary: str, codes: Iterable[str], place: str) -> None:
    for code in filter(None, codes):
        try:
            check_code(vocabulary, code)
        except CellRefused as refused:
            nearest = ", ".join(refused.nearest)
            raise FileRefused("mapping-code", place=place, code=code, vocabulary=vocabulary, nearest=nearest) from None


def _check_sources(codes: Iterable[str], place: str, sources: MappingOf[str, SourceEntry]) -> None:
    for code in filter(None, codes):
        if code not in sources:
            raise FileRefused("no-such-source", place=place, code=code, known=", ".join(sources))


def _know(said: MappingOf[str, Any], known: set[str], place: str) -> None:
    for key in said:
        if key not in known:
            raise FileRefused("unknown-key", place=place, key=key, nearest=_nearest(key, sorted(known)))


def _nearest(word: str, known: Iterable[str]) -> str:
    found = process.extractOne(word, list(known))
    return str(found[0]) if found else ""


def _table(said: MappingOf[str, Any], name: str) -> MappingOf[str, Any]:
    if not isinstance(said.get(name), dict):
        raise FileRefused("missing-table", table=name)
    table: MappingOf[str, Any] = said[name]
    return table


def _text(said: MappingOf[str, Any], key: str, place: str, *, strip: bool = True) -> str:
    if key not in said:
        raise FileRefused("missing-key", place=place, key=key)
    text = said[key]
    if not isinstance(text, str) or not (text.strip() if strip else text):
        raise FileRefused("not-a-text", place=place, key=key)
    return text.strip() if strip else text


def _texts(given: Any, place: str, key: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(each, str) and each for each in given):
        raise FileRefused("not-a-list", place=place, key=key)
    return tuple(given)


def _truth(said: MappingOf[str, Any], key: str, place: str) -> bool:
    if not isinstance(said.get(key, False), bool):
        raise FileRefused("not-a-truth", place=place, key=key)
    return bool(said.get(key, False))


def _code(said: MappingOf[str, Any], key: str, place: str) -> str:
    code = _text(said, key, place)
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        raise FileRefused("not-a-code", place=place, code=code, limit=_LONGEST_CODE)
    return code


def _in_each_language(said: MappingOf[str, Any], key: str) -> dict[str, str]:
    texts = _table(said, key) if key in said else {}
    _know(texts, set(LANGUAGES), f"dataset.{key}")
    if not all(language in texts for language in LANGUAGES):
        raise FileRefused("missing-language", key=f"dataset.{key}", languages=", ".join(LANGUAGES))
    return {language: _text(texts, language, f"dataset.{key}") for language in LANGUAGES}
