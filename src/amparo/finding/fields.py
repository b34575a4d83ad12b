"""What the page of the list shows of a search: its fields with their choices, and its conditions as they are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.dates import EventDate
from amparo.finding.facets import (
    BECAUSE,
    DATASET,
    EVIDENCE,
    GROUPS,
    LAW_USED,
    REASON_NAMES,
    SOURCE,
    Facet,
    all_facets,
    get_facet,
    label_of,
)
from amparo.finding.listing import Choices
from amparo.finding.search import FIRST, NEWEST, OLDEST, RECENT, Search, without_each
from amparo.ui.templatetags.ui import partial_date
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.places import areas_of

Options = tuple[tuple[str, str], ...]
ORDER_NAMES = {
    NEWEST: _("Newest first"),
    OLDEST: _("Oldest first"),
    RECENT: _("Last recorded first"),
    FIRST: _("First recorded first"),
}


@dataclass(frozen=True, slots=True)
class FilterField:
    """One list to choose from. `groups` are its options under headings, "" for none; `chosen` are chosen already."""

    code: str
    label: str
    groups: tuple[tuple[str, Options], ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters that belong together; `number` of them are in use."""

    label: str
    fields: tuple[FilterField, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition of the search in words, and where it leads to take it away."""

    label: str
    value: str
    address: str


def list_address(search: Search) -> str:
    """Where the list is that `search` asks for."""
    query = search.address()
    return reverse("case-list") + (f"?{query}" if query else "")


def filter_groups(search: Search, choices: Choices, own_country: str) -> list[FilterGroup]:
    """All filters in their groups, in the reader's language."""
    fields = {facet: _field(facet, search, choices, own_country) for facet in all_facets()}
    groups = []
    for label in dict.fromkeys((*GROUPS, *(facet.group for facet in fields))):
        of_group = tuple(field for facet, field in fields.items() if facet.group == label and field.groups)
        if of_group:
            groups.append(FilterGroup(gettext(label), of_group, sum(len(field.chosen) for field in of_group)))
    return groups


def chips(search: Search, choices: Choices) -> list[Chip]:
    """The conditions of `search`, each in words."""
    return [
        Chip(*_condition(name, value, choices), list_address(without)) for name, value, without in without_each(search)
    ]


def describe(search: Search, choices: Choices) -> str:
    """`search` in one line, where it has no name that could be read."""
    said = [f"{label}: {value}" if value else label for label, value in _conditions(search, choices)]
    return " · ".join(said) or gettext("All cases")


def _conditions(search: Search, choices: Choices) -> Iterable[tuple[str, str]]:
    return (_condition(name, value, choices) for name, value, _without in without_each(search))


def _condition(name: str, value: str, choices: Choices) -> tuple[str, str]:
    if name == "words":
        return gettext("Words"), value
    if name == "since":
        return gettext("From"), partial_date(EventDate.read(value))
    if name == "until":
        return gettext("To"), partial_date(EventDate.read(value))
    if name == "copies":
        return gettext("With copies of cases"), ""
    if name == "found":
        return gettext("Found by name"), ""
    facet = get_facet(name)
    if facet is None:
        return name, value
    return gettext(facet.label), _name_of(facet, value, choices)


def _name_of(facet: Facet, code: str, choices: Choices) -> str:
    if facet.vocabulary and facet.code != EVIDENCE:
        return label_of(facet, code, _language())
    named = dict(option for _heading, options in _groups(facet, choices, "") for option in options)
    return named.get(code, code)


def _field(facet: Facet, search: Search, choices: Choices, own_country: str) -> FilterField:
    chosen = search.facets.get(facet.code, ())
    within = ",".join(search.facets.get("country", (own_country,)))
    groups = tuple(
        (heading, left)
        for heading, options in _groups(facet, choices, within)
        if (left := tuple(option for option in options if option[0] not in chosen))
    )
    return FilterField(facet.code, gettext(facet.label), groups, chosen)


def _groups(facet: Facet, choices: Choices, within: str) -> Sequence[tuple[str, Options]]:
    kept: Mapping[str, Mapping[str, str]] = {SOURCE: choices.sources, LAW_USED: choices.laws}
    if facet.code in kept:
        return [("", tuple(kept[facet.code].items()))]
    if facet.code == DATASET:
        return [
            ("", tuple((code, titles.get(_language()) or titles["en"]) for code, titles in choices.datasets.items()))
        ]
    if facet.code == BECAUSE:
        return [("", tuple((code, gettext(name)) for code, name in REASON_NAMES.items()))]
    if facet.code == EVIDENCE:
        return [("", (("yes", gettext("there is some")), ("no", gettext("there is none"))))]
    if not facet.vocabulary:
        return []
    if facet.code == "area":
        return [_areas(country) for country in within.split(",") if country and areas_of(country)]
    return _of_vocabulary(facet.vocabulary)


def _areas(country: str) -> tuple[str, Options]:
    terms = get_vocabulary("areas").terms
    named = sorted(((code, terms[code].label(_language())) for code in areas_of(country)), key=lambda option: option[1])
    return get_vocabulary("countries").terms[country].label(_language()), tuple(named)


def _of_vocabulary(code: str) -> Sequence[tuple[str, Options]]:
    found, language = get_vocabulary(code), _language()
    if code == "countries":
        named = ((term.code, term.label(language)) for term in found.terms.values() if term.code != UNKNOWN)
        return [("", (*sorted(named, key=lambda option: option[1]), (UNKNOWN, found.terms[UNKNOWN].label(language))))]
    if not any(term.broader for term in found.terms.values()):
        return [("", tuple((term.code, term.label(language)) for term in found.terms.values()))]
    return [
        (
            found.terms[root].label(language) if found.narrower(root) else "",
            tuple((each, found.terms[each].label(language)) for each in found.with_narrower(root)),
        )
        for root in found.roots()
    ]


def _language() -> str:
    return (get_language() or "en").split("-")[0]
