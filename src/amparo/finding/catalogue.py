"""What words are searched in: the labels of all codes, and the names and titles that were published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from amparo.cases.dates import PartialDate
from amparo.cases.models import Dataset, Law, Source
from amparo.finding.conditions import having
from amparo.finding.facets import DATASET, LAW_USED, SOURCE, all_facets, get_facet, searched_terms
from amparo.finding.words import Labels, Term, read_terms
from amparo.institutions.models import Institution
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.places import ganhri_network, regional_group

Meant = tuple[str, str]
_YEARS = range(1900, 2200)
_MOST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FoundWords:
    """The condition that the words of a search make, and of them those that are nowhere in any coded field."""

    condition: Q
    nowhere: tuple[str, ...]
    cut: bool


def find_words(text: str, institution: Institution) -> FoundWords:
    """What cases of `institution` must have so that all words of `text` are in them. Up to three queries."""
    asked = read_terms(text)
    condition, nowhere = Q(), []
    if asked.terms:
        published = _published(institution)
        for term in asked.terms:
            found = _condition(term, published)
            condition &= found
            if not found:
                nowhere.append(term.text)
    if nowhere:
        condition = Q(pk__in=())
    return FoundWords(condition, tuple(nowhere), asked.cut)


def meanings(term: Term, published: Labels[Meant] | None = None) -> dict[str, list[str]]:
    """The codes that `term` may mean, by facet: those in whose labels it is, in any language."""
    meant = _coded().find(term)
    if published is not None:
        meant |= published.find(term)
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for name, code in sorted(meant):
        codes[name].append(code)
    return dict(codes)


def _condition(term: Term, published: Labels[Meant]) -> Q:
    found = Q()
    for name, codes in meanings(term, published).items():
        if facet := get_facet(name):
            found |= having({facet: codes})
    return found | _number(term.text)


def _number(text: str) -> Q:
    """A number is that of a case, or a year."""
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > _MOST_NUMBER:
        return Q()
    found = Q(pk=int(text))
    if int(text) in _YEARS:
        year = PartialDate(int(text))
        found |= Q(earliest__lte=year.latest, latest__gte=year.earliest)
    return found


@lru_cache(maxsize=1)
def _coded() -> Labels[Meant]:
    """The labels of all codes in four languages: read once, for they change with the program only."""
    labels = [
        (label, (facet.code, code))
        for facet in all_facets()
        if facet.in_words and facet.vocabulary
        for label, code in searched_terms(facet)
    ]
    return Labels([*labels, *_regions()])


def _regions() -> Iterable[tuple[str, Meant]]:
    """Who writes "Africa" means its countries."""
    for vocabulary, group_of in (("un-regional-groups", regional_group), ("ganhri-networks", ganhri_network)):
        groups: Mapping[str, Iterable[str]] = {
            term.code: term.labels.values() for term in get_vocabulary(vocabulary).terms.values()
        }
        for country in get_vocabulary("countries").terms:
            if (group := group_of(country)) != "unknown":
                yield from ((label, ("country", country)) for label in groups.get(group, ()))


def _published(institution: Institution) -> Labels[Meant]:
    """Names under which sources publish, titles of datasets, and of the laws in the institution's register."""
    labels = [
        (name, (SOURCE, code))
        for name, code in Source.objects.exclude(published_name="").values_list("published_name", "code")
    ]
    for titles, code in Dataset.objects.values_list("titles", "code"):
        labels += [(title, (DATASET, code)) for title in dict.fromkeys(titles.values())]
    laws = Law.objects.filter(institution=institution).order_by().values_list("title", "pk")
    labels += [(title, (LAW_USED, str(law))) for title, law in laws]
    return Labels(labels)
