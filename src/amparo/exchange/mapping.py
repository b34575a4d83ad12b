"""Mappings: TOML files that say which column is what, checked to the last word before a row is read. Pure."""

import tomllib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rapidfuzz import process

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, VictimDraft
from amparo.exchange.problems import CellRefused, FileRefused, Problem
from amparo.exchange.reading import Row
from amparo.exchange.values import CodeReader, DateReader, check_code, fold_keys, read_age_band
from amparo.vocabularies.catalogue import LANGUAGES, UNKNOWN

SHIPPED = Path(__file__).parent / "mappings"
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
_COLUMN_KEYS = {"field", "values", "separator", "otherwise", "formats", "range", "seal", "ignore"}


@dataclass(frozen=True)
class Rule:
    """What one column gives: codes for a field, or a sealed part, or both; nothing where it is left out on purpose."""

    column: str
    field: str | None = None
    codes: CodeReader | None = None
    dates: DateReader | None = None
    ages: MappingOf[str, str] | None = None
    seal: tuple[str, str] | None = None

    @property
    def may_be_shown(self) -> bool:
        """Whether a bad value of this column may stand in a report."""
        return self.seal is None


@dataclass(frozen=True)
class SourceEntry:
    """A source that the mapping names: its kind, and the name it publishes under."""

    code: str
    kind: str
    published_name: str


@dataclass(frozen=True)
class Mapping:
    """A checked mapping."""

    dataset: str
    publisher: str
    titles: MappingOf[str, str]
    coverage: MappingOf[str, str]
    invented: bool
    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    defaults: MappingOf[str, tuple[str, ...]]
    sources: MappingOf[str, SourceEntry]
    sha256: str
    columns: frozenset[str] = field(default_factory=frozenset)

    def check_columns(self, columns: tuple[str, ...]) -> None:
        """Raises `FileRefused` where the file lacks a column of the mapping, or has one the mapping does not know."""
        for missing in sorted(self.columns - set(columns)):
            raise FileRefused("missing-column", column=missing, columns=", ".join(columns))
        for extra in (column for column in columns if column not in self.columns):
            raise FileRefused("column-not-mapped", column=extra)

    def draft(self, row: Row) -> IncidentDraft | list[Problem]:
        """The incident in `row`, or everything that is wrong with it."""
        found: dict[str, list[str]] = {}
        sealed: dict[str, dict[str, str]] = {part: {} for part in SEALED_PARTS}
        date: EventDate | None = None
        age = UNKNOWN
        problems: list[Problem] = []
        # The country first: an area is looked up in it.
        for rule in self.rules:
            cell = row.cells[rule.column]
            if rule.seal and cell.strip():
                part, name = rule.seal
                sealed[part][name] = cell
            try:
                if rule.dates:
                    date = rule.dates.read(cell) or date
                elif rule.codes:
                    country = next(
                        iter(found.get("incident.country") or self.defaults.get("incident.country", ())), UNKNOWN
                    )
                    found.setdefault(rule.field or "", []).extend(rule.codes.read(cell, country))
                elif rule.ages is not None:
                    age = read_age_band(cell, rule.ages)
            except CellRefused as refused:
                shown = cell if rule.may_be_shown else None
                problems.append(Problem(refused.code, row.number, rule.column, shown, refused.nearest, refused.details))
        if problems:
            return problems
        return self._assemble(found, date, age, sealed)

    def _assemble(
        self, found: dict[str, list[str]], date: EventDate | None, age: str, sealed: dict[str, dict[str, str]]
    ) -> IncidentDraft:
        def several(name: str) -> tuple[str, ...]:
            # What is added by columns comes on top of the default kinds of act; elsewhere it takes the default's place.
            own = tuple(dict.fromkeys(found.get(name, ())))
            default = self.defaults.get(name, ())
            return tuple(dict.fromkeys((*default, *own))) if name == "act.kind" else own or default

        def one(name: str, otherwise: str = UNKNOWN) -> str:
            return next(iter(found.get(name) or self.defaults.get(name, ())), otherwise)

        victim = VictimDraft(
            kind=one("victim.kind", "person"),
            target=one("victim.target"),
            sex=one("victim.sex"),
            gender=one("victim.gender"),
            age_band=age,
            profiles=several("victim.profile"),
            acts=several("act.kind"),
            identity=sealed["identity"],
        )
        return IncidentDraft(
            date=date,
            country=one("incident.country"),
            area=one("incident.area"),
            setting=one("incident.setting"),
            status=one("incident.status", "reported"),
            sector=one("incident.sector"),
            victims=(victim,),
            perpetrators=several("perpetrator.kind"),
            sources=several("source.code"),
            narrative=sealed["narrative"],
        )


def shipped_mappings() -> tuple[str, ...]:
    """The names of the mappings that come with Amparo."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_mapping(name_or_path: str) -> Mapping:
    """The shipped mapping of that name, or the one in that file. Raises `FileRefused`."""
    path = SHIPPED / f"{name_or_path}.toml" if name_or_path in shipped_mappings() else Path(name_or_path)
    try:
        raw = path.read_bytes()
    except OSError:
        raise FileRefused("no-such-mapping", name=name_or_path, shipped=", ".join(shipped_mappings())) from None
    return parse_mapping(raw)


def parse_mapping(raw: bytes) -> Mapping:
    """The mapping in a TOML text. Raises `FileRefused` for what is not TOML, or not a mapping, naming the place."""
    try:
        said = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileRefused("mapping-not-toml", reason=str(error)) from None
    _know(said, {"dataset", "rows", "defaults", "columns", "sources"}, "")
    dataset = _table(said, "dataset")
    _know(dataset, {"code", "publisher", "titles", "coverage", "invented"}, "dataset")
    sources = {
        code: SourceEntry(code, _checked("source-kinds", entry.get("kind", UNKNOWN)), entry.get("name", ""))
        for code, entry in said.get("sources", {}).items()
    }
    rules = tuple(
        rule for column, entries in _table(said, "columns").items() for rule in _rules(column, entries, set(sources))
    )
    columns = frozenset(_table(said, "columns"))
    key = tuple(said.get("rows", {}).get("key", sorted(columns)))
    for column in key:
        if column not in columns:
            raise FileRefused("key-not-a-column", column=column)
    return Mapping(
        dataset=_text(dataset, "code", "dataset"),
        publisher=_text(dataset, "publisher", "dataset"),
        titles=_in_each_language(dataset, "titles"),
        coverage=_in_each_language(dataset, "coverage"),
        invented=bool(dataset.get("invented", False)),
        key=key,
        rules=tuple(sorted(rules, key=lambda rule: rule.field != "incident.country")),
        defaults=_defaults(said.get("defaults", {}), set(sources)),
        sources=sources,
        sha256=sha256(raw).hexdigest(),
        columns=columns,
    )


def _rules(column: str, entries: Any, sources: set[str]) -> list[Rule]:
    return [_rule(column, entry, sources) for entry in (entries if isinstance(entries, list) else [entries])]


def _rule(column: str, entry: MappingOf[str, Any], sources: set[str]) -> Rule:
    place = f"columns.{column}"
    _know(entry, _COLUMN_KEYS, place)
    rule = Rule(column)
    if "ignore" in entry:
        return rule
    if "seal" in entry:
        part, _, name = str(entry["seal"]).partition(".")
        if part not in SEALED_PARTS or not name:
            raise FileRefused("no-such-sealed-part", place=place, parts=", ".join(SEALED_PARTS))
        rule = replace(rule, seal=(part, name))
    if "field" not in entry:
        if rule.seal is None:
            raise FileRefused("column-without-purpose", place=place)
        return rule
    name = str(entry["field"])
    if name not in FIELDS:
        raise FileRefused("no-such-field", place=place, field=name, nearest=_nearest(name, FIELDS))
    values = {str(key): str(value) for key, value in entry.get("values", {}).items()}
    if name == "incident.date":
        return replace(rule, field=name, dates=_date_reader(entry, values, place))
    if name == "victim.age_band":
        for code in filter(None, values.values()):
            _checked("age-bands", code, place)
        return replace(rule, field=name, ages=fold_keys(values))
    if name == "source.code":
        for code in values.values():
            if code and code not in sources:
                raise FileRefused("no-such-source", place=place, code=code)
        return replace(rule, field=name, codes=_SourceReader("source-kinds", fold_keys(values), entry.get("separator")))
    vocabulary = VOCABULARIES[name]
    for code in (*values.values(), *([entry["otherwise"]] if "otherwise" in entry else [])):
        if code:
            _checked(vocabulary, code, place)
    reader = CodeReader(vocabulary, fold_keys(values), entry.get("separator"), entry.get("otherwise"))
    return replace(rule, field=name, codes=reader)


class _SourceReader(CodeReader):
    """Reads the sources that the mapping lists; a source it does not list is refused."""

    def _find(self, text: str, country: str) -> str | None:
        raise CellRefused("unknown-source", tuple(dict.fromkeys(code for code in self.values.values() if code))[:12])


def _date_reader(entry: MappingOf[str, Any], values: MappingOf[str, str], place: str) -> DateReader:
    for written in filter(None, values.values()):
        try:
            EventDate.read(written)
        except ValueError:
            raise FileRefused("mapping-date", place=place, value=written) from None
    formats = tuple(entry.get("formats", ["%Y-%m-%d", "%Y-%m", "%Y"]))
    return DateReader(formats, entry.get("range"), fold_keys(values))


def _defaults(said: MappingOf[str, Any], sources: set[str]) -> dict[str, tuple[str, ...]]:
    defaults: dict[str, tuple[str, ...]] = {}
    for name, codes in said.items():
        if name not in FIELDS:
            raise FileRefused("no-such-field", place="defaults", field=name, nearest=_nearest(name, FIELDS))
        several = tuple(codes) if isinstance(codes, list) else (str(codes),)
        for code in several:
            if name == "source.code" and code not in sources:
                raise FileRefused("no-such-source", place="defaults", code=code)
            if name in VOCABULARIES:
                _checked(VOCABULARIES[name], code, "defaults")
        defaults[name] = several
    return defaults


def _checked(vocabulary: str, code: str, place: str = "sources") -> str:
    try:
        check_code(vocabulary, code)
    except CellRefused as refused:
        raise FileRefused(
            "mapping-code", place=place, code=code, vocabulary=vocabulary, nearest=", ".join(refused.nearest)
        ) from None
    return code


def _know(said: MappingOf[str, Any], known: set[str], place: str) -> None:
    for key in said:
        if key not in known:
            raise FileRefused("unknown-key", place=place, key=key, nearest=_nearest(key, sorted(known)))


def _nearest(word: str, known: Any) -> str:
    found = process.extractOne(word, list(known))
    return str(found[0]) if found else ""


def _table(said: MappingOf[str, Any], name: str) -> MappingOf[str, Any]:
    if not isinstance(said.get(name), dict):
        raise FileRefused("missing-table", table=name)
    table: MappingOf[str, Any] = said[name]
    return table


def _text(said: MappingOf[str, Any], key: str, place: str) -> str:
    if not isinstance(said.get(key), str) or not said[key]:
        raise FileRefused("missing-key", place=place, key=key)
    return str(said[key])


def _in_each_language(said: MappingOf[str, Any], key: str) -> dict[str, str]:
    texts = said.get(key)
    if not isinstance(texts, dict) or not all(texts.get(language) for language in LANGUAGES):
        raise FileRefused("missing-language", key=f"dataset.{key}", languages=", ".join(LANGUAGES))
    return {language: str(texts[language]) for language in LANGUAGES}
