"""What somebody asks of the list of cases, as codes: read from an address, written to one, applied in the query."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from django.http import QueryDict

from amparo.cases.dates import PartialDate
from amparo.finding.facets import BECAUSE, EVIDENCE, KEPT, LAW_USED, REASONS, Facet, all_facets, get_facet
from amparo.finding.words import LONGEST

NEWEST, OLDEST, RECENT, FIRST = "newest", "oldest", "recent", "first"
ORDERS = (NEWEST, OLDEST, RECENT, FIRST)
MOST_CODES = 50
_LONGEST_CODE = 40
_LONGEST_NUMBER = 18
_LONGEST_KEY = 43

Codes = tuple[str, ...]


class Parameters(Protocol):
    """What a `QueryDict` and a plain mapping of lists both give."""

    def getlist(self, name: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for. `facets` by their codes; `words` and `found` (a search by name) never hold what is sealed."""

    facets: Mapping[str, Codes] = field(default_factory=dict)
    words: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    copies: bool = False
    order: str = NEWEST
    found: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.facets or self.words or self.since or self.until or self.found)

    def asked_facets(self) -> dict[Facet, Codes]:
        """The facets that are asked for, with their codes."""
        found = ((get_facet(code), codes) for code, codes in self.facets.items())
        return {facet: codes for facet, codes in found if facet is not None}

    def pairs(self) -> list[tuple[str, str]]:
        """The search as the fields of a form or the parts of an address, in one order for one search."""
        pairs = [(code, each) for code, codes in self.facets.items() for each in codes]
        pairs += [("words", self.words)] if self.words else []
        pairs += [("from", str(self.since))] if self.since else []
        pairs += [("to", str(self.until))] if self.until else []
        pairs += [("copies", "yes")] if self.copies else []
        pairs += [("order", self.order)] if self.order != NEWEST else []
        pairs += [("found", self.found)] if self.found else []
        return pairs

    def address(self) -> str:
        """The search as it stands behind the question mark of an address."""
        query = QueryDict(mutable=True)
        for name, value in self.pairs():
            query.appendlist(name, value)
        return query.urlencode()

    def without(self, name: str, value: str) -> Self:
        """The search with one of its conditions taken away."""
        if name in self.facets:
            left = tuple(code for code in self.facets[name] if code != value)
            facets = {code: codes for code, codes in self.facets.items() if code != name}
            return replace(self, facets={**facets, **({name: left} if left else {})})
        empty = {"words": "", "since": None, "until": None, "copies": False, "found": ""}
        return replace(self, **{name: empty[name]})  # type: ignore[arg-type]

    def as_json(self) -> dict[str, list[str]]:
        """The search as it is kept: codes only, and without the search by name, which ends."""
        kept: dict[str, list[str]] = {}
        for name, value in replace(self, found="").pairs():
            kept.setdefault(name, []).append(value)
        return kept


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was read. `unknown` conditions were left out; `bad_dates` are fields whose date is none."""

    search: Search
    unknown: int = 0
    bad_dates: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_search(given: Parameters, kept: Mapping[str, frozenset[str]] | None = None) -> Asked:
    """The search in the fields of a form or an address. Whatever is in there, it is read as far as it is understood.

    `kept` are the codes of the facets that are rows of the database; without it they are taken as they are.
    """
    facets, unknown = _read_facets(given, kept)
    dates: dict[str, PartialDate | None] = {}
    bad = []
    for name in ("from", "to"):
        try:
            dates[name] = _read_date(_last(given, name))
        except ValueError:
            dates[name] = None
            bad.append(name)
    order = _last(given, "order")
    search = Search(
        facets,
        # A little more than is searched, so that it can be told that the rest was left out.
        " ".join(_last(given, "words").split())[: LONGEST + 1],
        dates["from"],
        dates["to"],
        _last(given, "copies") == "yes",
        order if order in ORDERS else NEWEST,
        _key(_last(given, "found")),
    )
    unknown += (order not in (*ORDERS, "")) + (_last(given, "found") != search.found)
    return Asked(search, unknown, tuple(bad), {name: _last(given, name)[:LONGEST] for name in ("from", "to")})


def read_kept(kept: Mapping[str, list[str]]) -> Search:
    """A search as `as_json` kept it; what is no longer known of it is left out."""
    query = QueryDict(mutable=True)
    for name, values in kept.items():
        query.setlist(name, values)
    return read_search(query).search


def same_search(one: Search, other: Search) -> bool:
    """Whether both ask for the same."""
    return json.dumps(one.as_json(), sort_keys=True) == json.dumps(other.as_json(), sort_keys=True)


def _read_facets(given: Parameters, kept: Mapping[str, frozenset[str]] | None) -> tuple[dict[str, Codes], int]:
    found: dict[str, Codes] = {}
    unknown = 0
    for facet in all_facets():
        # Chosen twice is chosen once; "" is what a list gives of which nothing was chosen.
        said = [code for code in dict.fromkeys(given.getlist(facet.code)) if code]
        codes = tuple(code for code in said if _is_known(facet, code, kept))[:MOST_CODES]
        unknown += len(said) - len(codes)
        if codes:
            found[facet.code] = codes
    return found, unknown


def _is_known(facet: Facet, code: str, kept: Mapping[str, frozenset[str]] | None) -> bool:
    if len(code) > (_LONGEST_NUMBER if facet.code == LAW_USED else _LONGEST_CODE):
        return False
    if facet.code == BECAUSE:
        return code in REASONS
    if facet.code == EVIDENCE:
        return code in ("yes", "no")
    if facet.code in KEPT:
        if kept is not None:
            return code in kept[facet.code]
        return code.isdigit() if facet.code == LAW_USED else _is_plain(code)
    return facet.knows(code)


def _is_plain(code: str) -> bool:
    return all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in code)


def _read_date(written: str) -> PartialDate | None:
    return PartialDate.read(written.strip()) if written.strip() else None


def _key(written: str) -> str:
    return written if len(written) <= _LONGEST_KEY and _is_plain(written) else ""


def _last(given: Parameters, name: str) -> str:
    values = given.getlist(name)
    return values[-1] if values else ""


def without_each(search: Search) -> Iterator[tuple[str, str, Search]]:
    """Each condition of `search`, its value, and the search without it."""
    for name, codes in search.facets.items():
        for code in codes:
            yield name, code, search.without(name, code)
    for name, value in (("words", search.words), ("since", search.since), ("until", search.until)):
        if value:
            yield name, str(value), search.without(name, "")
    if search.copies:
        yield "copies", "yes", search.without("copies", "")
    if search.found:
        yield "found", "", search.without("found", "")
