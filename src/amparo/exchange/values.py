"""Cells into codes and bands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from amparo.exchange.problems import CellRefused
from amparo.vocabularies import places
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.folding import fold

_BANDS = ((17, "0-17"), (24, "18-24"), (34, "25-34"), (49, "35-49"), (64, "50-64"), (130, "65-plus"))


@dataclass(frozen=True)
class CodeReader:
    """Reads the codes of one vocabulary from a cell: what the mapping lists first, then codes and labels, then words.

    `values` are codes, parted by blanks, by the key of a cell; `cells` the same by the cell as the mapping writes it.
    `words` give their code where they begin a word of a text that is none of these. `otherwise` is the code for what is
    not found; without it such a cell is refused with the nearest codes.
    """

    vocabulary: str
    values: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    otherwise: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def read(self, cell: str, country: str = UNKNOWN) -> tuple[str, ...]:
        """The codes in `cell`, in its order, none where it is blank. `country` is the row's, for an area."""
        # A listed cell is taken whole, even where it contains the separator.
        if (listed := self.values.get(value_key(cell))) is not None:
            return tuple(listed.split())
        parts = cell.split(self.separator) if self.separator else (cell,)
        return tuple(code for part in parts if part.strip() for code in self._read_one(part.strip(), country))

    def _read_one(self, text: str, country: str) -> Sequence[str]:
        listed = self.values.get(value_key(text))
        if listed is not None:
            return listed.split()
        if found := self._find(text, country):
            return (found,)
        if self.words and (codes := self._codes_of_words(text)):
            return codes
        if self.otherwise is None:
            raise CellRefused("unknown-code", nearest_codes(self.vocabulary, text, country), vocabulary=self.vocabulary)
        return (self.otherwise,)

    def _codes_of_words(self, text: str) -> tuple[str, ...]:
        said = f" {fold(text)}"
        first: dict[str, int] = {}
        for word, code in self.words.items():
            if (place := said.find(f" {word}")) >= 0:
                first[code] = min(place, first.get(code, place))
        return tuple(sorted(first, key=lambda code: first[code]))

    def _find(self, text: str, country: str) -> str | None:
        if self.vocabulary == "countries":
            return places.find_country(text)
        if self.vocabulary == "areas":
            return places.find_area(country, text) or (UNKNOWN if _says_not_known(text) else None)
        return get_vocabulary(self.vocabulary).find(text)


class SourceReader(CodeReader):
    """Reads the sources that the mapping lists; a source it does not list is refused."""

    def _find(self, text: str, country: str) -> str | None:
        raise CellRefused("unknown-source", tuple(dict.fromkeys(code for code in self.values.values() if code))[:12])


def read_age_band(cell: str, values: Mapping[str, str] | None = None) -> str:
    """The band of an age in years ("49", "49.0"), the band itself, or what `values` lists. Raises `CellRefused`."""
    text = cell.strip()
    if values and (listed := values.get(value_key(text))) is not None:
        return listed or UNKNOWN
    if not text:
        return UNKNOWN
    found = get_vocabulary("age-bands").find(text)
    if found:
        return found
    try:
        years = float(text.replace(",", "."))
    except ValueError:
        raise CellRefused("no-age") from None
    for last, band in _BANDS:
        if 0 <= years < last + 1:
            return band
    raise CellRefused("no-age")


def value_key(text: str) -> str:
    """What a cell is looked up by: case and accents do not matter; "-" and "?" stay what they are."""
    return fold(text) or " ".join(text.split())


def check_code(vocabulary: str, code: str) -> None:
    """Raises `CellRefused` where `code` is not in `vocabulary`."""
    terms = get_vocabulary(vocabulary)
    if code not in terms.terms:
        raise CellRefused("unknown-code", terms.nearest(code), vocabulary=vocabulary)


@lru_cache(maxsize=4096)
def nearest_codes(vocabulary: str, text: str, country: str = UNKNOWN) -> tuple[str, ...]:
    """The codes of `vocabulary` that `text` is most like; of areas, those within `country`."""
    terms = get_vocabulary(vocabulary)
    if vocabulary == "areas":
        within = (*terms.narrower(country), UNKNOWN)
        terms = replace(terms, terms={code: terms.terms[code] for code in within})
    return terms.nearest(text)


@lru_cache(maxsize=4096)
def _says_not_known(text: str) -> bool:
    return value_key(text) in {value_key(label) for label in get_vocabulary("areas").terms[UNKNOWN].labels.values()} | {
        UNKNOWN
    }
