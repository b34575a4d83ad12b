"""Guesses what a column holds, from its name in four languages and from its cells. Pure.

A guess is made only where it is safe: whatever is not recognised is to be sealed, and a value that no vocabulary has is
"not known", with the nearest terms named, never the nearest term itself.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amparo.exchange.problems import CellRefused
from amparo.exchange.rules import DATES, SEVERAL, VOCABULARIES
from amparo.exchange.values import CodeReader, nearest_codes, read_age_band, value_key
from amparo.exchange.written_dates import DateReader
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.folding import fold

MOST_VALUES_LISTED = 60
_FEWEST_DATES_READ = 0.8
_SEPARATORS = (";", "|", ",")
_FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%d/%m/%y",
    "%B %d, %Y",
    "%d %B %Y",
    "%d de %B de %Y",
    "%Y-%m",
    "%m/%Y",
    "%B %Y",
    "%B de %Y",
    "%Y",
)
_EITHER_WAY_ROUND = {"%d/%m/%Y", "%m/%d/%Y"}
# Words that columns are called by, as they are met in the four languages. The first that fits wins.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "incident.date": (
        "date",
        "incident date",
        "date of incident",
        "fecha",
        "fecha del hecho",
        "jour",
        "تاريخ",
        "التاريخ",
    ),
    "incident.country": (
        "country",
        "country killed",
        "country of incident",
        "country code",
        "iso3",
        "pays",
        "país",
        "البلد",
        "الدولة",
        "country numeric",
    ),
    "incident.area": (
        "area",
        "department",
        "departamento",
        "département",
        "province",
        "provincia",
        "state",
        "estado",
        "governorate",
        "local region",
        "region",
        "región",
        "région",
        "المحافظة",
        "الولاية",
        "المنطقة",
    ),
    "incident.sector": ("sector", "industry", "industry driver", "secteur", "القطاع"),
    "incident.setting": ("setting", "online offline", "contexte", "entorno"),
    "incident.status": ("status", "statut", "verification", "estado de la información", "الحالة"),
    "victim.sex": ("sex", "gender", "género", "sexo", "sexe", "genre", "الجنس", "النوع"),
    "victim.age_band": ("age", "age band", "edad", "âge", "العمر", "السن"),
    "victim.profile": (
        "profile",
        "perfil",
        "profil",
        "kind of defender",
        "tipo de líder",
        "person characteristics",
        "الصفة",
    ),
    "act.kind": (
        "act",
        "acto",
        "acte",
        "violation",
        "violación",
        "kind of act",
        "type of act",
        "tipo de acto",
        "الانتهاك",
    ),
    "act.method": (
        "method",
        "means",
        "weapon",
        "método",
        "medio",
        "arma",
        "méthode",
        "moyen",
        "arme",
        "الوسيلة",
        "السلاح",
    ),
    "act.start": ("start date", "date from", "from", "fecha de inicio", "desde", "date de début", "تاريخ البداية"),
    "act.end": ("end date", "date to", "until", "fecha de fin", "hasta", "date de fin", "تاريخ النهاية"),
    "perpetrator.kind": (
        "perpetrator",
        "perpetrator type",
        "alleged perpetrator",
        "source fire",
        "presunto autor",
        "autor",
        "responsable",
        "auteur",
        "auteur présumé",
        "الجاني",
        "مرتكب الانتهاك",
    ),
}
_OF_A_PERSON = frozenset(
    fold(word)
    for word in (
        *("name", "names", "surname", "nom", "prénom", "nombre", "nombres", "apellido", "apellidos", "الاسم", "اللقب"),
        *("victim", "víctima", "victime", "الضحية", "birth", "nacimiento", "naissance", "الميلاد"),
        *("phone", "telephone", "teléfono", "téléphone", "الهاتف", "email", "correo", "contact", "contacto"),
        *("passport", "cédula", "dni", "nationality", "nacionalidad", "nationalité", "الجنسية"),
        *("job", "occupation", "function", "cargo", "profession", "organization", "organisation", "organización"),
    )
)
_OF_GROUPS = frozenset(
    map(fold, ("group", "group id", "event", "event id", "incident id", "grupo", "evento", "groupe", "événement"))
) | frozenset(map(fold, ("id grupo", "id evento", "المجموعة", "رقم الحادث")))
_IDENTIFIERS = frozenset(
    map(fold, ("id", "no", "number", "code", "código", "numéro", "identifier", "case id", "الرقم"))
)
_SEXES = {"female": ("f", "fem", "femenino", "féminin", "mujer", "woman", "أنثى"), "male": ("masculino", "masculin")}
_YES = frozenset(map(fold, ("yes", "sí", "oui", "نعم", "true", "1", "1.0", "y")))
_NO = frozenset(map(fold, ("no", "non", "لا", "false", "0", "0.0", "n")))


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold. Without a `field` it is to be sealed.

    `values` are codes for cells that no vocabulary has; `unsure` those of them that a person must decide, each with the
    nearest codes.
    """

    field: str = ""
    part: str = "narrative"
    seal_too: bool = False
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    unsure: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    separator: str = ""
    formats: tuple[str, ...] = ()
    otherwise: str = ""
    day_and_month_may_be_swapped: bool = False
    no_may_rule_out: bool = False


def guess_column(name: str, cells: Counter[str], taken: Iterable[str]) -> Guess:
    """What the column `name` with these different `cells` holds; `taken` are fields that other columns give."""
    filled = [cell for cell in cells if cell]
    field = _field_called(name)
    if field in taken and field not in SEVERAL:
        field = ""
    if field in DATES:
        return _guess_dates(field, filled)
    if field == "victim.age_band":
        return Guess(field, part="identity", seal_too=True) if _are_ages(filled) else Guess(part="identity")
    if field == "incident.area":
        # Which country's areas these are stands in another column: what is none of them is kept as it is written.
        return Guess(field, seal_too=True, otherwise=UNKNOWN)
    if field and filled and len(filled) <= (500 if field == "incident.country" else MOST_VALUES_LISTED):
        return _guess_codes(field, filled)
    if act := _act_that_a_yes_means(name, filled):
        yes = {cell: act if fold(cell) in _YES else "" for cell in filled}
        return Guess("act.kind", values=yes, no_may_rule_out=not all(yes.values()))
    return Guess(part="identity" if _OF_A_PERSON & set(fold(name).split()) else "narrative")


def is_identifier(name: str) -> bool:
    """Whether a column of that name usually numbers the rows."""
    return fold(name) in _IDENTIFIERS or fold(name).endswith(" id")


def is_of_group(name: str, cells: Counter[str]) -> bool:
    """Whether a column of that name usually says which rows are one event, and does so for some rows."""
    return fold(name) in _OF_GROUPS and any(cell and times > 1 for cell, times in cells.items())


def _field_called(name: str) -> str:
    return next((field for field, names in _NAMES.items() if fold(name) in {fold(each) for each in names}), "")


def _guess_dates(field: str, filled: list[str]) -> Guess:
    read_by = {pattern: {cell for cell in filled if _reads(pattern, cell)} for pattern in _FORMATS}
    chosen: list[str] = []
    left = set(filled)
    # The format that reads most, then the one that reads most of what is left. A day says more than a month.
    while left and (best := max(_FORMATS, key=lambda pattern: len(read_by[pattern] & left))) and read_by[best] & left:
        chosen.append(best)
        left -= read_by[best]
    if not filled or len(left) > (1 - _FEWEST_DATES_READ) * len(filled) or len(left) > MOST_VALUES_LISTED:
        return Guess()
    either = len(set(chosen) & _EITHER_WAY_ROUND) == 1 and len({len(read_by[one]) for one in _EITHER_WAY_ROUND}) == 1
    unsure: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(left), ())
    return Guess(
        field,
        values=dict.fromkeys(unsure, ""),
        unsure=unsure,
        formats=tuple(chosen),
        day_and_month_may_be_swapped=either,
    )


def _reads(pattern: str, cell: str) -> bool:
    try:
        return DateReader((pattern,)).read(cell) is not None
    except CellRefused:
        return False


def _are_ages(filled: list[str]) -> bool:
    try:
        return all(read_age_band(cell) for cell in filled)
    except CellRefused:
        return False


def _guess_codes(field: str, filled: list[str]) -> Guess:
    vocabulary = VOCABULARIES[field]
    reader = CodeReader(vocabulary)
    separator = ""
    if field in SEVERAL:
        # Parted only where more of the parts are known than of the whole cells.
        known = sum(_is_known(reader, cell) for cell in filled)
        for mark in _SEPARATORS:
            parts = _parts(filled, mark)
            if len(parts) < len(filled) and sum(_is_known(reader, part) for part in parts) >= known:
                separator, filled = mark, parts
                break
    sexes = _sexes_of(filled) if field == "victim.sex" else {}
    values, unsure = {}, {}
    for cell in filled:
        if _is_known(reader, cell):
            continue
        values[cell] = sexes.get(fold(cell), UNKNOWN)
        if values[cell] == UNKNOWN:
            unsure[cell] = nearest_codes(vocabulary, cell)
    if vocabulary == "countries" and len(unsure) > MOST_VALUES_LISTED:
        return Guess()
    return Guess(field, values=values, unsure=unsure, separator=separator)


def _parts(filled: list[str], mark: str) -> list[str]:
    parts = {part.strip() for cell in filled for part in cell.split(mark)}
    # Not the cells that only differ in case or accents.
    return sorted({value_key(part): part for part in sorted(parts) if part}.values())


def _is_known(reader: CodeReader, cell: str) -> bool:
    try:
        return bool(reader.read(cell))
    except CellRefused:
        return False


def _sexes_of(filled: list[str]) -> dict[str, str]:
    words = {fold(word): sex for sex, several in _SEXES.items() for word in several}
    letters = {fold(cell) for cell in filled}
    # M is masculine beside F, and "mujer" beside H for "hombre".
    if "h" in letters:
        words |= {"h": "male", "m": "female"}
    elif "f" in letters:
        words["m"] = "male"
    return words


def _act_that_a_yes_means(name: str, filled: list[str]) -> str:
    answers = {fold(cell) for cell in filled}
    if not answers & _YES or not answers <= _YES | _NO:
        return ""
    acts = get_vocabulary("acts")
    word = fold(name)
    # "Tortured", "threatened": the beginning of a term's code; too short a beginning fits too much.
    stems = [code for code in acts.terms if len(code) >= 5 and word.startswith(code) and code != UNKNOWN]
    return acts.find(name) or (stems[0] if stems else "")
