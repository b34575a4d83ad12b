"""Countries and their first-level areas: codes of ISO 3166, names of the CLDR, groups of the UN and GANHRI. Pure.

Codes beyond ISO: `docs/decisions/0001-country-codes-beyond-iso.md`.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycountry
from babel import Locale

from amparo.vocabularies.folding import fold

UNKNOWN = "unknown"
_DATA = Path(__file__).parent / "data"
_LANGUAGES = ("en", "fr", "es", "ar")
_LEVELS = re.compile(
    r"^(departamento|provincia|region|estado|state|province|governorate) (de|del|of) "
    r"| (province|state|county|district|region|department|governorate|oblast)$"
)
_WITHOUT_APOSTROPHES = str.maketrans("", "", "'’‘ʻʼ`")
_NOT_KNOWN = {"en": "Not known", "fr": "Inconnu", "es": "Se desconoce", "ar": "غير معروف"}


@dataclass(frozen=True, slots=True)
class Place:
    """A country or an area with its names by language; `within` is the country of an area."""

    code: str
    labels: Mapping[str, str]
    within: str | None = None


def countries() -> Iterator[Place]:
    """All countries by their English name, then those beyond ISO, then "not known"."""
    locales = {language: Locale(language) for language in _LANGUAGES}
    known = [
        Place(
            country.alpha_3,
            {language: locale.territories.get(country.alpha_2, country.name) for language, locale in locales.items()},
        )
        for country in pycountry.countries
    ]
    yield from sorted(known, key=lambda place: fold(place.labels["en"]))
    for row in _rows("countries-beyond-iso.csv"):
        yield Place(row["code"], {language: row[f"label_{language}"] for language in _LANGUAGES})
    yield Place(UNKNOWN, _NOT_KNOWN)


def areas() -> Iterator[Place]:
    """The first-level areas of ISO 3166-2 by country and code, the invented country's, then "not known".

    The standard gives each area its local name; that is its label in every language, save in Arabic where Arabic is
    the local language and the standard only has it in Latin letters.
    """
    in_arabic = {row["code"]: row["name"] for row in _rows("areas-in-arabic.csv")}
    first_level = [area for area in pycountry.subdivisions if area.parent_code is None]
    for area in sorted(first_level, key=lambda area: area.code):
        name = area.name.partition(",")[0] if area.name.endswith(", Departamento de") else area.name
        labels = {**dict.fromkeys(_LANGUAGES, name), "ar": in_arabic.get(area.code, name)}
        yield Place(area.code, labels, _alpha_3(area.country_code))
    for row in _rows("areas-beyond-iso.csv"):
        labels = {language: row[f"label_{language}"] for language in _LANGUAGES}
        yield Place(row["code"], labels, row["country"])
    yield Place(UNKNOWN, _NOT_KNOWN)


@lru_cache(maxsize=4096)
def find_country(text: str) -> str | None:
    """The code of the country that `text` names: alpha-2, alpha-3 or numeric code, or a name in any language."""
    text = text.strip()
    if text.isdigit():
        return _numeric_codes().get(text.zfill(3))
    return _country_spellings().get(fold(text))


@lru_cache(maxsize=65536)
def find_area(country: str, text: str) -> str | None:
    """The code of the first-level area of `country` (alpha-3) that `text` names, or that the named area lies in."""
    spellings = _area_spellings()
    # "Antalya Province", "Cobán, Alta Verapaz", "Bukidnon, Mindanao": the whole, then the last part, then the first.
    for part in (text, text.rpartition(",")[2], text.partition(",")[0]):
        name = fold(part)
        for spelling in (name, _LEVELS.sub("", name)):
            if (country, spelling) in spellings:
                return spellings[country, spelling]
    return None


@lru_cache(maxsize=512)
def areas_of(country: str) -> tuple[str, ...]:
    """The codes of the first-level areas of `country`."""
    return tuple(area.code for area in areas() if area.within == country)


def regional_group(country: str) -> str:
    """The regional group of Member States of the United Nations that `country` belongs to, or "unknown"."""
    return _groups("un-regional-groups-members.csv").get(country, UNKNOWN)


def ganhri_network(country: str) -> str:
    """The network of GANHRI's region that `country` lies in, whether or not it has an NHRI; or "unknown"."""
    return _groups("ganhri-networks-members.csv").get(country, UNKNOWN)


def countries_of_network(network: str) -> tuple[str, ...]:
    """The countries of GANHRI's region that `network` is of; none for what is no network."""
    return tuple(country for country, group in _groups("ganhri-networks-members.csv").items() if group == network)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=2)
def _groups(name: str) -> Mapping[str, str]:
    return {row["country"]: row["group"] for row in _rows(name)}


def _alpha_3(alpha_2: str) -> str:
    return _alpha_3_codes()[alpha_2]


@lru_cache(maxsize=1)
def _alpha_3_codes() -> Mapping[str, str]:
    return {country.alpha_2: country.alpha_3 for country in pycountry.countries}


@lru_cache(maxsize=1)
def _numeric_codes() -> Mapping[str, str]:
    return {country.numeric: country.alpha_3 for country in pycountry.countries}


@lru_cache(maxsize=1)
def _country_spellings() -> Mapping[str, str]:
    spellings = {fold(label): place.code for place in countries() for label in place.labels.values()}
    for country in pycountry.countries:
        names = (country.name, getattr(country, "official_name", ""), getattr(country, "common_name", ""))
        spellings |= {fold(name): country.alpha_3 for name in (*names, country.alpha_2, country.alpha_3) if name}
    spellings |= {fold(row["name"]): row["code"] for row in _rows("country-aliases.csv")}
    return spellings | {fold(place.code): place.code for place in countries()}


@lru_cache(maxsize=1)
def _area_spellings() -> Mapping[tuple[str, str], str]:
    spellings: dict[tuple[str, str], str] = {}
    by_code = {area.code: area for area in pycountry.subdivisions}
    # Lower levels first, so that where a province and a region share a name the first level wins.
    for area in sorted(pycountry.subdivisions, key=lambda area: area.parent_code is None):
        first = area
        while first.parent_code is not None:
            first = by_code[first.parent_code]
        country = _alpha_3(area.country_code)
        for name in (
            area.code,
            area.name,
            *area.name.split("/"),
            *area.name.split(",")[:1],
            *area.name.split(" [")[:1],
        ):
            # "Ma’rib" is also written "Marib".
            spellings[country, fold(name.translate(_WITHOUT_APOSTROPHES))] = first.code
            spellings[country, fold(name)] = first.code
        for kind in ("distrito capital de ", "departamento de ", "provincia de ", "state of "):
            if fold(area.name).startswith(kind):
                spellings[country, fold(area.name).removeprefix(kind)] = first.code
    for row in _rows("areas-in-arabic.csv"):
        spellings[_alpha_3(row["code"].partition("-")[0]), fold(row["name"])] = row["code"]
    for row in _rows("areas-beyond-iso.csv"):
        spellings |= {(row["country"], fold(row[f"label_{language}"])): row["code"] for language in _LANGUAGES}
        spellings[row["country"], fold(row["code"])] = row["code"]
    return spellings | {(row["country"], fold(row["name"])): row["area"] for row in _rows("area-aliases.csv")}
