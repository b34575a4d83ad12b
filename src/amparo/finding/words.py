"""Words that are searched: matched with the labels of codes in four languages, and so turned into codes. Pure.

The coded plane has no free text: what can be read of a case there is labels of codes, and a few titles and names that
were published. So nothing of a case is indexed; `docs/decisions/0016-words-are-searched-in-labels.md`.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from amparo.vocabularies.folding import fold

LONGEST = 200
MOST_TERMS = 10
_ASKED = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans("“”„«»‟″", '"' * 7)
# The article, and the particles that are written together with it.
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_SHORTEST = 3
# Words that say nothing, where they stand beside others.
_STOP = frozenset(
    # fmt: off
    {
        "a",
        "an",
        "and",
        "the",
        "of",
        "on",
        "in",
        "for",
        "to",
        "by",
        "or",
        "with",
        "against",
        "not",
        "de",
        "la",
        "le",
        "les",
        "des",
        "du",
        "et",
        "un",
        "une",
        "en",
        "au",
        "aux",
        "par",
        "pour",
        "sur",
        "ou",
        "d",
        "l",
        "el",
        "los",
        "las",
        "del",
        "y",
        "o",
        "una",
        "por",
        "para",
        "con",
        "contra",
        "في",
        "من",
        "على",
        "عن",
        "او",
        "و",
        "الي",
        "ضد",
    }
    # fmt: on
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Term:
    """What must be found: a word that some word begins with, or, where it was quoted, words just so in a row."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text asks for. `cut` where it was longer than is searched."""

    terms: tuple[Term, ...]
    cut: bool = False


class Labels(Generic[_T]):
    """Labels that are searched by the beginnings of their words: each label with what it stands for."""

    def __init__(self, labels: Iterable[tuple[str, _T]]) -> None:
        self._of_word: defaultdict[str, set[_T]] = defaultdict(set)
        self._of_label: defaultdict[str, set[_T]] = defaultdict(set)
        for label, meant in labels:
            folded = fold(label)
            self._of_label[f" {folded} "].add(meant)
            for word in folded.split():
                for form in _forms(word):
                    self._of_word[form].add(meant)
        self._words = sorted(self._of_word)

    def find(self, term: Term) -> set[_T]:
        """What the labels stand for in which `term` is found."""
        found: set[_T] = set()
        if term.quoted:
            for label, meant in self._of_label.items():
                if f" {term.text} " in label:
                    found |= meant
            return found
        if len(term.text) == 1:
            return set(self._of_word.get(term.text, ()))
        for form in _forms(term.text):
            at = bisect_left(self._words, form)
            while at < len(self._words) and self._words[at].startswith(form):
                found |= self._of_word[self._words[at]]
                at += 1
        return found


def read_terms(text: str) -> Terms:
    """The terms of `text`: all words, those in quotation marks together. Other signs say nothing."""
    cut = len(text) > LONGEST
    found: dict[Term, None] = {}
    for quoted, bare in _ASKED.findall(text[:LONGEST].translate(_QUOTES)):
        if folded := fold(quoted):
            found[Term(folded, quoted=True)] = None
        for word in fold(bare).split():
            found[Term(word)] = None
    telling = [term for term in found if term.quoted or term.text not in _STOP] or list(found)
    return Terms(tuple(telling[:MOST_TERMS]), cut or len(telling) > MOST_TERMS)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and in Arabic what is left of it without its article."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST - 1:
            return word, word.removeprefix(article)
    return (word,)
