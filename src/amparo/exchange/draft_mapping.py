"""A first draft of a mapping, guessed from a file. What is not recognised is sealed. Pure."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.items import Table as TomlTable

from amparo.cases.dates import EventDate
from amparo.exchange.problems import CellRefused
from amparo.exchange.reading import open_table
from amparo.exchange.rules import SEVERAL, VOCABULARIES
from amparo.exchange.values import CodeReader, read_age_band
from amparo.exchange.written_dates import DateReader
from amparo.vocabularies.catalogue import LANGUAGES
from amparo.vocabularies.folding import fold

_ROWS_READ = 2000
_LONGEST_LIST = 60
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%B %d, %Y", "%d %B %Y", "%Y-%m", "%B %Y", "%Y")
# Names of columns, folded, as they are met in the four languages.
_NAMES = {
    "incident.date": ("date", "fecha", "jour", "تاريخ", "التاريخ"),
    "incident.country": ("country", "pays", "pais", "country_killed", "البلد", "الدوله"),
    "incident.area": ("departamento", "department", "province", "provincia", "region", "state", "area", "المحافظه"),
    "victim.sex": ("sex", "gender", "genero", "sexo", "sexe", "genre", "الجنس"),
    "victim.age_band": ("age", "edad", "العمر", "السن"),
    "victim.profile": ("profile", "perfil", "profil", "tipo de lider", "person characteristics"),
    "act.kind": ("act", "acto", "acte", "violation", "type of act", "الفعل"),
    "perpetrator.kind": ("perpetrator", "perpetrator type", "autor", "auteur", "source fire", "الفاعل"),
    "incident.status": ("status", "estado", "statut", "الحاله"),
}
_OF_A_PERSON = ("name", "nom", "nombre", "الاسم", "age", "edad", "phone", "email", "contact")


def draft_mapping(path: Path, sheet: str | None = None, encoding: str | None = None) -> str:
    """The text of a TOML mapping for `path`, to be read and mended by a person. Raises `FileRefused`."""
    with open_table(path, sheet, encoding) as table:
        columns = table.columns
        cells: dict[str, Counter[str]] = {column: Counter() for column in columns}
        for _, row in zip(range(_ROWS_READ), table.rows, strict=False):
            for column in columns:
                cells[column][row.cells[column].strip()] += 1
    document = tomlkit.document()
    document.add(
        tomlkit.comment("Drafted from the first rows of a file. Read every line: what was not recognised is sealed.")
    )
    dataset = tomlkit.table()
    dataset["code"] = "my-dataset"
    dataset["publisher"] = "Who publishes it"
    for key, text in (("titles", "My dataset"), ("coverage", "What it covers, and what it leaves out.")):
        in_each = tomlkit.inline_table()
        for language in LANGUAGES:
            in_each[language] = text
        dataset[key] = in_each
    document["dataset"] = dataset
    columns_table = tomlkit.table()
    for column in columns:
        columns_table[column] = _guess_column(column, cells[column])
    document["columns"] = columns_table
    return tomlkit.dumps(document)


def _guess_column(column: str, values: Counter[str]) -> TomlTable:
    entry = tomlkit.table()
    field = _guess_field(column)
    filled = [value for value in values if value]
    if field == "incident.date" and (formats := _formats_for(filled)):
        entry["field"] = field
        entry["formats"] = list(formats)
        return entry
    if field == "victim.age_band" and _all_ages(filled):
        entry["field"] = field
        entry["seal"] = "identity.age"
        return entry
    if field in VOCABULARIES and len(filled) <= _LONGEST_LIST:
        return _coded_column(entry, field, filled)
    part = "identity" if any(word in fold(column).split() for word in _OF_A_PERSON) else "narrative"
    entry["seal"] = f"{part}.{fold(column).replace(' ', '_') or 'text'}"
    return entry


def _guess_field(column: str) -> str:
    folded = fold(column)
    return next((field for field, names in _NAMES.items() if folded in {fold(name) for name in names}), "")


def _coded_column(entry: TomlTable, field: str, filled: Sequence[str]) -> TomlTable:
    entry["field"] = field
    reader = CodeReader(VOCABULARIES[field])
    if field in SEVERAL and any("," in value for value in filled):
        entry["separator"] = ","
        filled = sorted({part.strip() for value in filled for part in value.split(",") if part.strip()})
    unsure = tomlkit.table()
    for value in filled:
        try:
            reader.read(value)
        except CellRefused as refused:
            unsure[value] = refused.nearest[0] if refused.nearest else "unknown"
            unsure[value].comment("a guess: check it")
    if unsure:
        entry["values"] = unsure
    return entry


def _formats_for(values: Sequence[str]) -> tuple[str, ...]:
    used: list[str] = []
    for value in values:
        for pattern in _FORMATS:
            try:
                found: EventDate | None = DateReader((pattern,)).read(value)
            except CellRefused:
                continue
            if found and pattern not in used:
                used.append(pattern)
            break
    return tuple(used)


def _all_ages(values: Sequence[str]) -> bool:
    try:
        for value in values:
            read_age_band(value)
    except CellRefused:
        return False
    return True
