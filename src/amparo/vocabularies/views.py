"""The vocabularies for everybody to read and take away. No database: the files say it all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from amparo.vocabularies.catalogue import (
    LANGUAGES,
    Term,
    Vocabulary,
    VocabularyNotFound,
    get_vocabulary,
    vocabulary_codes,
)
from amparo.vocabularies.downloads import to_csv, to_json, to_skos

_WRITERS: dict[str, tuple[Callable[[Vocabulary], bytes], str, str]] = {
    "csv": (to_csv, "text/csv; charset=utf-8", "csv"),
    "json": (to_json, "application/json", "json"),
    "skos": (to_skos, "text/turtle; charset=utf-8", "ttl"),
}
# A longer tree is shown one branch at a time.
_LONGEST_TREE = 400


@dataclass(frozen=True, slots=True)
class Branch:
    """A term in the reader's language, with the branches below it."""

    code: str
    label: str
    definition: str
    branches: "tuple[Branch, ...]"


def _find(code: str) -> Vocabulary:
    try:
        return get_vocabulary(code)
    except VocabularyNotFound:
        raise Http404 from None


def _branch(vocabulary: Vocabulary, term: Term, language: str) -> Branch:
    below = (vocabulary.terms[code] for code in vocabulary.narrower(term.code))
    return Branch(
        term.code,
        term.label(language),
        term.definition(language),
        tuple(_branch(vocabulary, narrower, language) for narrower in below),
    )


@require_safe
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    shown = [
        {
            "code": code,
            "title": get_vocabulary(code).title(language),
            "description": get_vocabulary(code).descriptions[language],
            "terms": len(get_vocabulary(code).terms),
        }
        for code in vocabulary_codes()
    ]
    return render(request, "vocabularies/vocabulary-list.html", {"vocabularies": shown})


@require_safe
def vocabulary(request: HttpRequest, code: str) -> HttpResponse:
    found, language = _find(code), get_language() or "en"
    branches: tuple[Branch, ...] = ()
    by_country: list[tuple[str, str, int]] = []
    if len(found.terms) <= _LONGEST_TREE:
        branches = tuple(_branch(found, found.terms[root], language) for root in found.roots())
    else:
        countries = get_vocabulary("countries")
        counts = ((country, len(found.narrower(country))) for country in countries.terms)
        by_country = [(c, countries.terms[c].label(language), count) for c, count in counts if count]
    return render(
        request,
        "vocabularies/vocabulary.html",
        {
            "vocabulary": found,
            "title": found.title(language),
            "description": found.descriptions[language],
            "branches": branches,
            "by_country": by_country,
        },
    )


@require_safe
def term(request: HttpRequest, code: str, term: str) -> HttpResponse:
    found, language = _find(code), get_language() or "en"
    if code == "areas" and term not in found.terms and found.narrower(term):
        return _areas_of(request, found, term, language)
    if term not in found.terms:
        raise Http404
    shown = found.terms[term]
    broader = found.terms.get(shown.broader or "")
    return render(
        request,
        "vocabularies/term.html",
        {
            "vocabulary": found,
            "title": found.title(language),
            "term": shown,
            "label": shown.label(language),
            "in_each_language": [(each, shown.label(each), shown.definition(each)) for each in LANGUAGES],
            "broader": broader and (broader.code, broader.label(language)),
            "narrower": [(each, found.terms[each].label(language)) for each in found.narrower(term)],
            "matches": [(match, match.language(language), match.label(language)) for match in shown.matches],
        },
    )


def _areas_of(request: HttpRequest, areas: Vocabulary, country: str, language: str) -> HttpResponse:
    return render(
        request,
        "vocabularies/areas.html",
        {
            "title": areas.title(language),
            "country": get_vocabulary("countries").terms[country].label(language),
            "areas": [(code, areas.terms[code].label(language)) for code in areas.narrower(country)],
        },
    )


@require_safe
def download(request: HttpRequest, code: str, form: str) -> HttpResponse:
    if form not in _WRITERS:
        raise Http404
    write, content_type, ending = _WRITERS[form]
    response = HttpResponse(write(_find(code)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="amparo-{code}.{ending}"'
    return response
