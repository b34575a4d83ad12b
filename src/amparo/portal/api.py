"""The same figures for programs: read only, from releases, described by OpenAPI."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Path, Query, Schema
from pydantic import ConfigDict, Field

from amparo.portal.reasons import explain
from amparo.statistics.citation import cite
from amparo.statistics.downloads import table_rows
from amparo.statistics.models import Release
from amparo.statistics.notes import describe_note
from amparo.statistics.releases import NotPublished, TableQuery, open_release
from amparo.statistics.services import latest_release
from amparo.vocabularies.catalogue import VocabularyNotFound, get_vocabulary, vocabulary_codes

# Its own page of documentation would fetch scripts from a third party; /en/about/ and openapi.json say the same.
api = NinjaAPI(
    title="Amparo",
    version="1",
    description="Published figures on attacks against human rights defenders. Null means not shown, not zero.",
    docs_url=None,
    urls_namespace="api",
)


class Refusal(Schema):
    """Why there is no answer."""

    code: str
    message: str


class AboutRelease(Schema):
    """A release."""

    id: str
    title: str
    published_at: str
    threshold: int
    manifest_sha256: str
    citation: str


class ReleaseWithTables(AboutRelease):
    """A release with what it holds."""

    datasets: list[dict[str, Any]]
    tables: list[dict[str, Any]]


class PublishedCells(Schema):
    """A table: one cell a row, with the codes of its dimensions, its count (null where not shown)."""

    release: str
    dataset: str
    measure: str
    rows: str | None
    columns: str | None
    where: dict[str, str]
    notes: list[str]
    cells: list[dict[str, Any]]


class AboutVocabulary(Schema):
    """A vocabulary."""

    code: str
    version: str
    titles: dict[str, str]
    terms: int


class ShownTerm(Schema):
    """A term of a vocabulary."""

    code: str
    broader: str | None
    labels: dict[str, str]
    definitions: dict[str, str]


class Vocabulary(AboutVocabulary):
    """A vocabulary with its terms."""

    entries: list[ShownTerm]


class Question(Schema):
    """Which table."""

    model_config = ConfigDict(extra="forbid")

    dataset: str = Field("", max_length=60, description="Code of a dataset; empty for the first of the release.")
    measure: str = Field("victims", max_length=60)
    rows: str = Field("", max_length=60)
    columns: str = Field("", max_length=60)
    country: str = Field("", max_length=60)
    status: str = Field("", max_length=60)
    release: str = Field("", max_length=60, description="Identifier of a release; empty for the latest.")


def _about(release: Release) -> dict[str, Any]:
    return {
        "id": release.identifier,
        "title": release.title,
        "published_at": release.published_at.isoformat(),
        "threshold": release.threshold,
        "manifest_sha256": release.manifest_sha256,
        "citation": cite(release),
    }


@api.get("/releases", response=list[AboutRelease], summary="All releases, the newest first")
def releases(request: HttpRequest) -> Any:
    return [_about(each) for each in Release.objects.all()[:500]]


@api.get("/releases/{identifier}", response={200: ReleaseWithTables, 404: Refusal}, summary="One release")
def release(request: HttpRequest, identifier: Path[str]) -> Any:
    found = Release.objects.filter(identifier=identifier).first()
    if found is None:
        return 404, {"code": "unknown-release", "message": "There is no such release."}
    manifest = open_release(found).manifest
    return 200, _about(found) | {"datasets": manifest["datasets"], "tables": manifest["tables"]}


@api.get("/table", response={200: PublishedCells, 400: Refusal, 404: Refusal}, summary="One table of a release")
def table(request: HttpRequest, asked: Query[Question]) -> Any:
    found = Release.objects.filter(identifier=asked.release).first() if asked.release else latest_release()
    if found is None:
        return 404, {"code": "unknown-release", "message": "There is no such release."}
    opened = open_release(found)
    where = {name: code for name, code in (("country", asked.country), ("status", asked.status)) if code}
    dataset = asked.dataset or opened.datasets[0]
    query = TableQuery(dataset, asked.measure, asked.rows or None, asked.columns or None, where)
    try:
        read = opened.read(query)
    except NotPublished as refused:
        return 400, {"code": refused.code, "message": explain(refused)}
    return 200, {
        "release": read.release,
        "dataset": dataset,
        "measure": query.measure,
        "rows": query.rows,
        "columns": query.columns,
        "where": where,
        "notes": [describe_note(note) for note in (*read.notes, "not-zero")],
        "cells": table_rows(read),
    }


@api.get("/vocabularies", response=list[AboutVocabulary], summary="All vocabularies")
def vocabularies(request: HttpRequest) -> Any:
    found = [get_vocabulary(code) for code in vocabulary_codes()]
    return [{"code": v.code, "version": v.version, "titles": dict(v.titles), "terms": len(v.terms)} for v in found]


@api.get("/vocabularies/{code}", response={200: Vocabulary, 404: Refusal}, summary="One vocabulary with its terms")
def vocabulary(request: HttpRequest, code: Path[str]) -> Any:
    try:
        found = get_vocabulary(code)
    except VocabularyNotFound:
        return 404, {"code": "unknown-vocabulary", "message": "There is no such vocabulary."}
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
    return 200, said | {"entries": entries}
