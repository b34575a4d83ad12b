"""Names as linkage compares them: their parts without order, accents and titles; and how alike two are. Pure.

What names nobody (an empty cell, one letter, "NN", "sin nombre", «مجهول») or a body rather than a person gives no name
at all, so that it can never link. Spellings and transliterations are those of `finding.name_variants`; typing errors
are counted after F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964),
and W. E. Winkler's weighting of Jaro's similarity (1990).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from amparo.finding.name_variants import sought_variants, written_variants
from amparo.linkage.name_words import BODIES, NOBODY, PARTICLES, TITLES
from amparo.vault.blind_index import name_tokens

# Beyond these no name is longer; what is, is a text in the wrong field.
MOST_PARTS = 12
# A slip of one key in a short part makes another name of it: Ana, Eva. Two slips, and Winkler's likeness, count only
# where the beginning is the same, which people seldom mistake.
ONE_SLIP_FROM, TWO_SLIPS_FROM, ALIKE_FROM, ALIKE, BEGINNING = 4, 8, 5, 0.95, 3

_BESIDES = re.compile(r"[(\[{\"«“].*?[)\]}\"»”]")
_ALSO_CALLED = re.compile(r"\b(?:alias|a\.?k\.?a\.?|dit|dite|llamad[oa]|known as)\b.*", re.IGNORECASE | re.DOTALL)
_CEDILLA = str.maketrans("çÇ", "sS")
_ARABIC_COUNTRIES = frozenset(
    ["DZA", "BHR", "COM", "DJI", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MRT"]
    + ["MAR", "OMN", "PSE", "QAT", "SAU", "SOM", "SDN", "SYR", "TUN", "ARE", "YEM", "ESH", "TCD", "ERI"]
)
_CUT = re.compile(r"[\s\-\u2010-\u2015/,;.]+")
_SERVANT_LATIN = re.compile(r"abd(?:[aeou]?[lrsnzdt])?")
_SERVANT_ARABIC = frozenset({"عبد", "عبدال"})
_FATHERS = {"abu": "bou", "abou": "bou", "bou": "bou", "bu": "bou", "ابو": "بو", "بو": "بو"}
# Spellings of one part beyond those of `finding.name_variants`: a letter at the end that is hardly heard (Saleh, Sala),
# Ben Ali in one word, Uthman and Osman, Ahmed and Ahmet.
_ALSO_WRITTEN = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"(?<=[\u0600-\u06ff]{2})[حه]$", ""),
        (r"^ben(?=[a-z]{3})", ""),
        (r"th", "s"),
        (r"(?<=[a-z]{2}e)t$", "d"),
    )
)
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


class NameLikeness(StrEnum):
    """How alike two names are, the most alike first: the codes are also those of a candidate's reasons."""

    SAME = "name-same"
    VARIANT = "name-variant"
    PART_MISSING = "name-part-missing"
    PART_DIFFERS = "name-part-differs"
    ONE_PART = "name-one-part"
    DIFFERS = "name-differs"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: as it is compared, and the skeletons of its spellings."""

    word: str
    kept: frozenset[str]
    sought: frozenset[str]

    @property
    def is_loose(self) -> bool:
        """Whether it is compared by its consonants only."""
        return any(each.startswith("a") for each in self.kept)

    @property
    def hints(self) -> frozenset[str]:
        """A part that is near (`are_near`) shares one of these: where none is shared, look no further."""
        word = self.word
        found = {word, *self.kept, *self.sought}
        if len(word) >= ONE_SLIP_FROM:
            found |= {word[:at] + word[at + 1 :] for at in range(len(word))}
        if len(word) >= ALIKE_FROM:
            found.add(f"{word[:BEGINNING]}…")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class ReadName:
    """A person's name, as its different parts in alphabetical order."""

    parts: tuple[Part, ...]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(part.word for part in self.parts)

    @property
    def hints(self) -> frozenset[str]:
        """Names that have a part near a part of this one share one of these with it."""
        return frozenset(hint for part in self.parts for hint in part.hints)

    @property
    def key(self) -> str:
        """The same for the same parts in any order."""
        return " ".join(part.word for part in self.parts)


def read_name(written: str, country: str = "") -> ReadName | None:
    """The name in `written`; None where it names nobody, or no person.

    `country` is where it is written: Latin spellings of Arabic names differ more than others do.
    """
    plain = unicodedata.normalize("NFKC", written).translate(_CEDILLA)
    words = _words(_ALSO_CALLED.sub("", _BESIDES.sub(" ", plain)))
    if not words or frozenset(words) in NOBODY or not BODIES.isdisjoint(words):
        return None
    if all(frozenset([word]) in NOBODY for word in words):
        return None
    words = [word for word in words if word not in TITLES] or words
    words = [word for word in words if word not in PARTICLES] or words
    # An initial tells too little to link by.
    found = sorted({word for word in _joined(words) if len(word) > 1 or _ARABIC.search(word)})
    if not found or len(found) > MOST_PARTS or not any(len(word) > 1 and not word.isdigit() for word in found):
        return None
    return ReadName(tuple(_part(word, country in _ARABIC_COUNTRIES) for word in found))


def compare_names(one: ReadName, other: ReadName) -> NameLikeness:
    """How alike two names are: whichever has fewer parts, each of its parts is looked for in the other."""
    fewer, more = sorted((one.parts, other.parts), key=len)
    if fewer == more:
        return NameLikeness.SAME if len(fewer) > 1 else NameLikeness.ONE_PART
    found = sum(any(are_near(part, each) for each in more) for part in fewer)
    if found >= 2 and found == len(fewer):
        return NameLikeness.VARIANT if len(fewer) == len(more) else NameLikeness.PART_MISSING
    if found >= 2:
        return NameLikeness.PART_DIFFERS
    return NameLikeness.ONE_PART if found else NameLikeness.DIFFERS


def are_near(one: Part, other: Part) -> bool:
    """Whether two parts are the same, up to a typing error, another spelling or another script."""
    a, b = one.word, other.word
    if a == b:
        return True
    # "Hijo" and "Hijo2" are two people.
    if _has_digit(a) or _has_digit(b):
        return False
    shorter = min(len(a), len(b))
    if shorter >= ONE_SLIP_FROM and OSA.distance(a, b) <= 1:
        return True
    if shorter >= ALIKE_FROM and a[:BEGINNING] == b[:BEGINNING]:
        if shorter >= TWO_SLIPS_FROM and OSA.distance(a, b) <= 2:
            return True
        if JaroWinkler.similarity(a, b) >= ALIKE:
            return True
    return not one.sought.isdisjoint(other.kept) or not other.sought.isdisjoint(one.kept)


def _words(name: str) -> list[str]:
    # One piece at a time, for the tokens of one come without their order.
    return [word for piece in _CUT.split(name) for word in sorted(name_tokens(piece))]


def _joined(words: list[str]) -> list[str]:
    """The words with "Abd al-Rahman" and "Bou Aziz" in one, for each is one name."""
    found: list[str] = []
    waiting = before = ""
    for word in words:
        if waiting:
            found.append(before + (word.removeprefix("ال") if before.startswith("عبد") else word))
            waiting = ""
        elif word in _SERVANT_ARABIC or _SERVANT_LATIN.fullmatch(word) or word in _FATHERS:
            waiting = word
            before = _FATHERS.get(word) or ("عبدال" if word in _SERVANT_ARABIC else "abdel")
        else:
            found.append(word)
    return [*found, waiting] if waiting else found


@lru_cache(maxsize=65536)
def _part(word: str, loosely: bool) -> Part:
    spellings = [word, *(again for pattern, written in _ALSO_WRITTEN if (again := pattern.sub(written, word)) != word)]
    kept = {each for spelling in spellings for each in written_variants(spelling)}
    sought = {each for spelling in spellings for group in sought_variants(spelling) for each in group}
    if loosely:
        # As if one of the two were in Arabic, where short vowels are not written: Zineb, Zeinab.
        kept |= {f"a{each[1:]}" for each in kept if each[0] == "x"}
    return Part(word, _telling(kept), _telling(sought))


def _telling(skeletons: Iterable[str]) -> frozenset[str]:
    """The skeletons, also without a middle vowel and doubled letters; without those that are a mark only."""
    found = set(skeletons)
    found |= {each[:1] + _DOUBLED.sub(r"\1", each[1:].replace("I", "")) for each in found if each[0] != "l"}
    return frozenset(each for each in found if len(each) > 1)


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def is_arabic(word: str) -> bool:
    """Whether `word` has Arabic letters."""
    return _ARABIC.search(word) is not None
