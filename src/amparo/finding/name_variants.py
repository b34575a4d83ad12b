"""The parts of a name as people spell and transliterate them differently: what stays when the spelling changes. Pure.

A part is reduced to its consonants, with what Spanish, French and English writing take for one another made one (ph/f,
c/k/q, b/v, s/z, ll/y, y/i, doubled letters, silent h), and Arabic letters read as they are romanised. Short parts keep
their vowels, else Juan would be Jean. Where writing leaves a choice (ج is j or g), a part has several skeletons.

Two Latin spellings are compared more strictly than a Latin with an Arabic one, for Arabic leaves the short vowels out:
each skeleton begins with a letter that says which comparison it is for. After the idea of phonetic keys (R. C.
Russell's Soundex, US patent 1,261,167 of 1918; L. Philips, Metaphone, 1990); the rules are our own. Who is one and
the same person is for linkage and a reader to say: this only finds.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

MOST_SKELETONS = 8
_MARKS = ("Mn", "Cf")
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = dict.fromkeys(map(ord, "'`´ʻʼʾʿ’‘ـ"))
_LETTERS = str.maketrans(
    {"ç": "C", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "æ": "e", "œ": "e"}
    | {"ٱ": "ا", "أ": "ا", "إ": "ا", "آ": "ا", "ی": "ي", "ى": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ة": "ه"}
)
# Words that come and go in one and the same name.
_PARTICLES = frozenset(
    # fmt: off
    {
        "al",
        "el",
        "ul",
        "il",
        "as",
        "ash",
        "ar",
        "an",
        "de",
        "la",
        "las",
        "los",
        "le",
        "les",
        "del",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "di",
        "van",
        "von",
        "y",
        "e",
        "bin",
        "ben",
        "bn",
        "ibn",
        "bint",
        "ould",
        "ال",
        "بن",
        "ابن",
        "بنت",
        "ولد",
        "و",
    }
    # fmt: on
)
_SERVANT = re.compile(r"abd(?:[aeou]?[lrsnzdt])?|عبد(?:ال)?")
_ARTICLE = "ال"
_ARABIC = re.compile(r"[\u0600-\u06ff]")

# What each Arabic letter is in Latin skeletons; "" and vowels fall away save at the beginning.
_ROMANISED: dict[str, tuple[str, ...]] = {
    **{letter: (latin,) for letter, latin in zip("بتدرسصضطغفكلمنهحخشپچگڤ", "btdrssdtgfklmnhhhXpXgb", strict=True)},
    "ث": ("t", "s"),
    "ج": ("J", "g"),
    "ذ": ("d", "s"),
    "ز": ("s",),
    "ظ": ("s", "d"),
    "ق": ("k", "g"),
    **dict.fromkeys("اءئؤع", ("",)),
}
_SPELLINGS = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"^ou(?=[aeiy])", "w"),
        (r"^h?u(?=[aeio])", "w"),
        (r"tch|sch|sh|ch", "X"),
        (r"ph", "f"),
        (r"kh", "h"),
        (r"dj|dzh", "J"),
        (r"gu(?=[eiy])", "g"),
        (r"qu(?=[eiy])", "k"),
        (r"gh", "G"),
        (r"g(?=[eiy])", "J"),
        (r"j", "J"),
        (r"^x", "J"),
        (r"c(?=[eiy])", "s"),
        (r"[cq]", "k"),
        (r"z", "s"),
        (r"v", "b"),
        (r"G", "g"),
        # After a consonant and at the end nobody hears it.
        (r"(?<=[bcdfgklmnprstX])h|h$", ""),
        (r"ee", "i"),
        (r"oo|ou", "u"),
        (r"^[yi](?=[^aeiouy])", "i"),
        (r"^y(?=[aeiouy])", "Y"),
        (r"^w(?=[aeiouy])", "W"),
        (r"y", "i"),
        (r"w", "u"),
    )
)
_DOUBLED = re.compile(r"([^aeiou])\1+")
_VOWELS = re.compile(r"[aeiou]+")
_DIPHTHONG = re.compile(r"(?<=[^aeiou])[ae]i(?=[^aeiou])")
_SHORT = 2


def written_variants(name: str) -> frozenset[str]:
    """The skeletons that are kept of `name`; none where it has no letters."""
    return frozenset(skeleton for word in _kept_words(name) for skeleton in _skeletons(word, kept=True))


def sought_variants(name: str) -> tuple[frozenset[str], ...]:
    """For each part of `name` that is searched, the skeletons of which one must have been kept."""
    return tuple(_skeletons(word, kept=False) for word in _joined(_without_particles(_words(name))))


def names_alike(one: str, other: str) -> bool:
    """Whether every part of `one` is found in `other`, as a search for `one` finds a record of `other`."""
    kept = written_variants(other)
    sought = sought_variants(one)
    return bool(sought) and all(not part.isdisjoint(kept) for part in sought)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES).translate(_LETTERS)
    letters = unicodedata.normalize("NFKD", plain)
    return _WORD.findall("".join(letter for letter in letters if unicodedata.category(letter) not in _MARKS))


def _without_particles(words: list[str]) -> list[str]:
    return [word for word in words if word not in _PARTICLES] or words


def _kept_words(name: str) -> Iterator[str]:
    words = _without_particles(_words(name))
    yield from _joined(words)
    # "Rahman" finds who is written "Abdul Rahman" as well.
    yield from (word for before, word in zip(words, words[1:], strict=False) if _SERVANT.fullmatch(before))


def _joined(words: Iterable[str]) -> Iterator[str]:
    """The words, with "Abd al-Rahman" in one: it is one name, whether written in one word, in two or in three."""
    waiting = ""
    for word in words:
        if _SERVANT.fullmatch(word) and not waiting:
            waiting = word
        elif waiting:
            arabic = waiting.startswith("عبد")
            yield ("عبد" + word.removeprefix(_ARTICLE) if arabic else "abdal" + word)
            waiting = ""
        else:
            yield word
    if waiting:
        yield waiting


@lru_cache(maxsize=65536)
def _skeletons(word: str, *, kept: bool) -> frozenset[str]:
    if _ARABIC.search(word):
        marks = "a" if kept else "ax"
        return frozenset(mark + skeleton for skeleton in _from_arabic(word) for mark in marks)
    spellings = list(_latin_spellings(word))
    strict = {"l" + _with_vowels_if_short(each) for each in spellings}
    loose = {("x" if kept else "a") + _consonants(each) for each in spellings}
    return frozenset(strict | loose)


def _latin_spellings(word: str) -> Iterator[str]:
    found = [word]
    if re.search(r"ll(?=[aeiou])", word) and not word.startswith("abd"):
        found.append(re.sub(r"ll(?=[aeiou])", "y", word))
    if "C" in word:
        # With its cedilla, and as who has none on her keyboard writes it.
        found = [word.replace("C", each) for each in "sc"]
    if re.match(r"h[aeiou]", word):
        found.append(word[1:])
    if re.match(r"ga", word):
        found.append("j" + word[1:])
    if "x" in word[1:]:
        found = [word[0] + word[1:].replace("x", each) for each in ("ks", "j")]
    for each in found[:MOST_SKELETONS]:
        for pattern, written in _SPELLINGS:
            each = pattern.sub(written, each)
        yield _DOUBLED.sub(r"\1", each)


def _with_vowels_if_short(spelling: str) -> str:
    if len(_VOWELS.sub("", spelling)) > _SHORT:
        return _consonants(spelling)
    return _VOWELS.sub(lambda group: _vowel_class(group.group()), spelling)


def _vowel_class(group: str) -> str:
    if "i" in group:
        return "i"
    return "o" if group[0] in "ou" else "a"


def _consonants(spelling: str) -> str:
    first = "A" if spelling[:1] in set("aeiou") else ""
    marked = _DIPHTHONG.sub("I", spelling)
    return _without_article(first + _VOWELS.sub("", marked))


def _from_arabic(word: str) -> Iterator[str]:
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
        word = word.removeprefix(_ARTICLE)
    if word.startswith("عبدال"):
        word = "عبد" + word.removeprefix("عبدال")
    if len(word) > 1 and word.endswith("ه"):
        word = word[:-1] + "ا"
    letters = [_arabic_letter(word, at) for at in range(len(word))]
    seen = dict.fromkeys(_DOUBLED.sub(r"\1", "".join(choice)) for choice in _some(product(*letters)))
    yield from dict.fromkeys(_without_article(each) for each in seen)


def _arabic_letter(word: str, at: int) -> tuple[str, ...]:
    letter = word[at]
    if letter in "وي":
        if at == 0:
            return ("W",) if letter == "و" else ("Y",)
        return ("I", "") if letter == "ي" and at < len(word) - 1 else ("",)
    if at == 0 and letter in "اءئؤع":
        return ("A",)
    return _ROMANISED.get(letter, (letter,))


def _some(choices: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for number, choice in enumerate(choices):
        if number == MOST_SKELETONS:
            return
        yield choice


def _without_article(skeleton: str) -> str:
    """ "Abdelkader" and "Abdkader" are one: what stands between is the article, also where it is made alike."""
    if skeleton.startswith("Abdl") and len(skeleton) > len("Abdl"):
        return "Abd" + skeleton.removeprefix("Abdl")
    return skeleton
