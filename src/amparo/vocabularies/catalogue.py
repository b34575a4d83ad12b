"""The vocabularies as values: read from the data files, looked up by code or by label in any language. Pure."""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from rapidfuzz import fuzz, process

from amparo.vocabularies import places
from amparo.vocabularies.folding import fold

LANGUAGES = ("en", "fr", "es", "ar")
UNKNOWN = "unknown"
_DATA = Path(__file__).parent / "data"


class VocabularyNotFound(KeyError):
    """There is no vocabulary of that code."""


@dataclass(frozen=True, slots=True)
class Match:
    """The same (exact) or a wider (broad) term in the HURIDOCS micro-thesauri; `code` is "mt4:" and twelve digits."""

    code: str
    exact: bool
    labels: Mapping[str, str]

    def language(self, wanted: str) -> str:
        """`wanted`, or English where the micro-thesauri have no fitting label in it."""
        return wanted if self.labels.get(wanted) else "en"

    def label(self, language: str) -> str:
        """The label in `language`, in English where there is none that fits."""
        return self.labels[self.language(language)]


@dataclass(frozen=True, slots=True)
class Term:
    """A code with what it means. Labels and definitions by language; a name of a place may have no definition."""

    code: str
    broader: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    matches: tuple[Match, ...] = ()
    source: str = ""

    def label(self, language: str) -> str:
        """The label in `language`, in English where there is none."""
        return self.labels.get(language) or self.labels["en"]

    def definition(self, language: str) -> str:
        """The definition in `language`, in English where there is none; "" where the term has none."""
        return self.definitions.get(language) or self.definitions.get("en", "")


@dataclass(frozen=True)
class Vocabulary:
    """A list of terms in their order, with what it is for and where it comes from."""

    code: str
    version: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    terms: Mapping[str, Term]
    source: str = ""

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    @cached_property
    def _narrower(self) -> Mapping[str | None, tuple[str, ...]]:
        found: defaultdict[str | None, list[str]] = defaultdict(list)
        for term in self.terms.values():
            found[term.broader].append(term.code)
        return {broader: tuple(codes) for broader, codes in found.items()}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        # A code is nobody's label, so codes go in last and win.
        labels = {
            fold(label): term.code for term in reversed(list(self.terms.values())) for label in term.labels.values()
        }
        return labels | {fold(code): code for code in self.terms}

    @cached_property
    def sha256(self) -> str:
        """What this vocabulary says, in one hash: it changes when any word of it does."""
        said = [
            (t.code, t.broader, *t.labels.items(), *t.definitions.items(), *((m.code, m.exact) for m in t.matches))
            for t in self.terms.values()
        ]
        return sha256(repr((self.code, self.version, said)).encode()).hexdigest()

    def roots(self) -> tuple[str, ...]:
        """The codes with no broader term."""
        return self._narrower.get(None, ())

    def narrower(self, code: str) -> tuple[str, ...]:
        """The codes right below `code`."""
        return self._narrower.get(code, ())

    def with_narrower(self, code: str) -> tuple[str, ...]:
        """`code` and all codes below it, however deep."""
        found = [code]
        for each in found:
            found.extend(self.narrower(each))
        return tuple(found)

    def top(self, code: str) -> str:
        """The broadest term above `code`; `code` itself where it has none, or isn't known."""
        term = self.terms.get(code)
        while term is not None and term.broader is not None:
            code, term = term.broader, self.terms.get(term.broader)
        return code

    def find(self, text: str) -> str | None:
        """The code that `text` names: a code, or a label in any language, whatever its case and accents."""
        return self._spellings.get(fold(text))

    def nearest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """The codes whose code or label is most like `text`, best first; none where nothing is."""
        found = process.extract(
            fold(text), self._spellings.keys(), scorer=fuzz.WRatio, score_cutoff=55, limit=limit * 3
        )
        return tuple(dict.fromkeys(self._spellings[spelling] for spelling, _, _ in found))[:limit]


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads((_DATA / "index.toml").read_text(encoding="utf-8"))


def vocabulary_codes() -> tuple[str, ...]:
    """The codes of all vocabularies, in the order in which they are shown."""
    return tuple(_index())


@lru_cache(maxsize=64)
def get_vocabulary(code: str) -> Vocabulary:
    """The vocabulary `code`. Raises `VocabularyNotFound`."""
    try:
        entry = _index()[code]
    except KeyError:
        raise VocabularyNotFound(code) from None
    terms: Mapping[str, Term]
    if code == "countries":
        terms = {name.code: Term(name.code, None, name.labels) for name in places.countries()}
    elif code == "areas":
        terms = {name.code: Term(name.code, name.within, name.labels) for name in places.areas()}
    else:
        terms = _read_terms(_DATA / f"{code}.csv")
    return Vocabulary(
        code,
        str(entry["version"]),
        _by_language(entry, "title"),
        _by_language(entry, "about"),
        terms,
        str(entry["source"]),
    )


def _by_language(entry: Mapping[str, object], what: str) -> Mapping[str, str]:
    return {language: str(entry[f"{what}_{language}"]) for language in LANGUAGES}


def _read_terms(path: Path) -> Mapping[str, Term]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Term(
                code=row["code"],
                broader=row["broader"] or None,
                labels={language: row[f"label_{language}"] for language in LANGUAGES},
                definitions={language: row[f"definition_{language}"] for language in LANGUAGES},
                matches=tuple(
                    Match(row[column], exact, _huridocs()[row[column]])
                    for column, exact in (("huridocs_exact", True), ("huridocs_broad", False))
                    if row[column]
                ),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        }


@lru_cache(maxsize=1)
def _huridocs() -> Mapping[str, Mapping[str, str]]:
    with (_DATA / "huridocs-matches.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: {language: row[f"label_{language}"] for language in LANGUAGES} for row in csv.DictReader(file)
        }
