"""The same figures for programs: read only, from releases, described by OpenAPI."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from amparo.portal.api_answers import (
    AboutRelease,
    AboutVocabulary,
    CountriesOfRelease,
    Misunderstood,
    PublishedCells,
    Question,
    Refusal,
    ReleaseWithTables,
    Vocabulary,
)
from amparo.portal.choices import LONGEST_CODE
from amparo.portal.figures import of_each_dataset
from amparo.portal.reasons import explain, status_of
from amparo.statistics.citation import cite
from amparo.statistics.downloads import table_rows
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery, find_release, latest_release, open_release
from amparo.vocabularies.catalogue import UNKNOWN, VocabularyNotFound, get_vocabulary, vocabulary_codes

_FILTERS = ("country", "status", "sex", "profile")


class PublicAPI(NinjaAPI):
    """Open to pages of everybody: what it says is public, and it knows nobody."""

    def create_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response


# ninja's own page of documentation would fetch scripts from a third party; portal/api_guide.py says the same.
api = PublicAPI(
    title="Amparo",
    version="1",
    description="Published figures on attacks against human rights defenders. Null means not shown, not zero.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


class ReleaseNotFound(Exception):
    """There is no such release, or none yet."""


@api.exception_handler(ReleaseNotFound)
def _say_not_found(request: HttpRequest, error: ReleaseNotFound) -> HttpResponse:
    return api.create_response(request, {"code": "unknown-release", "message": "There is no such release."}, status=404)


@api.exception_handler(NotPublished)
def _say_refused(request: HttpRequest, refused: NotPublished) -> HttpResponse:
    refusal = {"code": refused.code, "message": explain(refused)}
    return api.create_response(request, refusal, status=status_of(refused))


@api.exception_handler(ValidationError)
def _say_misunderstood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(each["loc"][-1])[:LONGEST_CODE] for each in error.errors})
    message = f"Not understood: {', '.join(names)}. There are: {', '.join(Question.model_fields)}."
    said = {"code": "unreadable-parameter", "message": message, "detail": error.errors}
    return api.create_response(request, said, status=422)


def _find_release(identifier: str) -> Release:
    found = find_release(identifier)
    if found is None:
        raise ReleaseNotFound
    return found


def _find_or_latest(identifier: str) -> Release:
    found = _find_release(identifier) if identifier else latest_release()
    if found is None:
        raise ReleaseNotFound
    return found


def _about(release: Release) -> dict[str, Any]:
    return {
        "id": release.identifier,
        "title": release.title,
        "published_at": release.published_at.isoformat(),
        "threshold": release.threshold,
        "manifest_sha256": release.manifest_sha256,
        "citation": cite(release),
        "errata": [
            {
                "noted_at": each.noted_at.isoformat(),
                "texts": each.texts,
                "corrected_by": each.corrected_by.identifier if each.corrected_by else None,
            }
            for each in release.errata.all()
        ],
    }


@api.get("/releases", response=list[AboutRelease], summary=_("All releases, the newest first"))
def releases(request: HttpRequest) -> Any:
    return [_about(each) for each in Release.objects.prefetch_related("errata__corrected_by")[:500]]


@api.get(
    "/releases/{identifier}",
    response={200: ReleaseWithTables, 404: Refusal, 503: Refusal},
    summary=_("One release, with the tables that it holds"),
)
def release(request: HttpRequest, identifier: Path[str]) -> Any:
    found = _find_release(identifier)
    manifest = open_release(found).manifest
    return _about(found) | {"datasets": manifest["datasets"], "tables": manifest["tables"]}


@api.get(
    "/table",
    response={200: PublishedCells, 400: Refusal, 404: Refusal, 422: Misunderstood, 503: Refusal},
    summary=_("One table of a release"),
)
def table(request: HttpRequest, asked: Query[Question]) -> Any:
    # A filter that there is not would be taken for one that was followed.
    if strange := sorted(request.GET.keys() - Question.model_fields.keys()):
        raise ValidationError([{"type": "extra_forbidden", "loc": ["query", each]} for each in strange])
    opened = open_release(_find_or_latest(asked.release))
    where = {name: code for name in _FILTERS if (code := getattr(asked, name))}
    query = TableQuery(
        asked.dataset or opened.datasets[0], asked.measure, asked.rows or None, asked.columns or None, where
    )
    read = opened.read(query)
    return {
        "release": read.release,
        "dataset": query.dataset,
        "measure": query.measure,
        "rows": query.rows,
        "columns": query.columns,
        "where": where,
        "notes": [describe_note(note) for note in (*read.notes, "not-zero")],
        "cells": table_rows(read),
    }


@api.get(
    "/countries",
    response={200: CountriesOfRelease, 404: Refusal, 503: Refusal},
    summary=_("The countries of the latest release, with the victims in each dataset"),
)
def countries(request: HttpRequest) -> Any:
    found = latest_release()
    if found is None:
        raise ReleaseNotFound
    return {"release": found.identifier, "countries": _countries_of(open_release(found))}


def _countries_of(opened: OpenRelease) -> list[dict[str, Any]]:
    tables = of_each_dataset(opened, "country", {})
    names = get_vocabulary("countries").terms
    codes = sorted({code for each in tables.values() for code in each.row_codes if code != UNKNOWN and code in names})
    return [
        {
            "code": code,
            "names": dict(names[code].labels),
            "victims": {dataset: each.value(code) for dataset, each in tables.items() if code in each.row_codes},
        }
        for code in codes
    ]


@api.get("/vocabularies", response=list[AboutVocabulary], summary=_("All vocabularies"))
def vocabularies(request: HttpRequest) -> Any:
    found = [get_vocabulary(code) for code in vocabulary_codes()]
    return [{"code": v.code, "version": v.version, "titles": dict(v.titles), "terms": len(v.terms)} for v in found]


@api.get(
    "/vocabularies/{code}",
    response={200: Vocabulary, 404: Refusal},
    summary=_("One vocabulary with its terms"),
)
def vocabulary(request: HttpRequest, code: Path[str]) -> Any:
    try:
        found = get_vocabulary(code)
    except VocabularyNotFound:
        refusal = {"code": "unknown-vocabulary", "message": "There is no such vocabulary."}
        return api.create_response(request, refusal, status=404)
    entries = [
        {
            "code": each.code,
            "broader": each.broader,
            "labels": dict(each.labels),
            "definitions": dict(each.definitions),
        }
        for each in found.terms.values()
    ]
    said = {"code": found.code, "version": found.version, "titles": dict(found.titles), "terms": len(entries)}
    return said | {"entries": entries}
