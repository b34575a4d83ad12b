"""Conditions as files: CSV with the columns that the import reads, and JSON with labels."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from amparo.civic_space.models import ConditionVersion
from amparo.vocabularies.catalogue import LANGUAGES, get_vocabulary
from amparo.vocabularies.spreadsheets import guard_formula

SOURCES = 3
COLUMNS = (
    "country",
    "area",
    "kind",
    "effect",
    "setting",
    "date",
    "ended",
    "stages",
    "themes",
    *(f"title_{language}" for language in LANGUAGES),
    *(f"text_{language}" for language in LANGUAGES),
    *(f"source_{part}_{place}" for place in range(1, SOURCES + 1) for part in ("title", "address")),
)
# What a file that goes out says beside; the import passes over these.
ADDED = ("id", "kept_by", "invented", "published_at")


def template() -> str:
    """An empty file with the headings of the import."""
    return _csv([COLUMNS])


def to_csv(versions: Iterable[ConditionVersion]) -> str:
    """One row a condition; dates as they are kept (2026-10), stages as "tabled 2026-03; adopted"."""
    return _csv([(*COLUMNS, *ADDED), *([*_row(each), *_added(each)] for each in versions)])


def to_json(versions: Iterable[ConditionVersion]) -> str:
    """The same as one object, with the labels of codes in four languages."""
    return json.dumps({"conditions": [as_object(each) for each in versions]}, ensure_ascii=False, indent=1)


def as_object(version: ConditionVersion) -> dict[str, Any]:
    """A condition for programs."""
    condition = version.condition
    return {
        "id": version.condition_id,
        "version": version.number,
        "country": version.country,
        "area": version.area,
        "kind": _term("condition-kinds", version.kind),
        "effect": _term("condition-effects", version.effect),
        "setting": _term("settings", version.setting),
        "date": str(version.date) if version.date else None,
        "ended": str(version.ended) if version.ended else None,
        "stage": _term("condition-stages", version.stage),
        "stages": [
            {"stage": each.stage, "date": str(each.date) if each.date else None} for each in version.stages.all()
        ],
        "themes": [each.theme for each in version.themes.all()],
        "titles": version.titles,
        "texts": version.texts,
        "sources": version.sources,
        "kept_by": condition.institution.code,
        "invented": condition.institution.invented,
        "published_at": condition.published_at.isoformat() if condition.published_at else None,
    }


def _row(version: ConditionVersion) -> list[str]:
    sources = [*version.sources, *[{"title": "", "address": ""}] * SOURCES][:SOURCES]
    return [
        version.country,
        version.area,
        version.kind,
        version.effect,
        version.setting,
        str(version.date or ""),
        str(version.ended or ""),
        "; ".join(f"{each.stage} {each.date or ''}".strip() for each in version.stages.all()),
        "; ".join(each.theme for each in version.themes.all()),
        *(version.titles.get(language, "") for language in LANGUAGES),
        *(version.texts.get(language, "") for language in LANGUAGES),
        *(source[part] for source in sources for part in ("title", "address")),
    ]


def _added(version: ConditionVersion) -> list[str]:
    condition = version.condition
    published = condition.published_at.isoformat() if condition.published_at else ""
    invented = "invented" if condition.institution.invented else ""
    return [str(version.condition_id), condition.institution.code, invented, published]


def _term(vocabulary: str, code: str) -> dict[str, Any]:
    term = get_vocabulary(vocabulary).terms.get(code)
    return {"code": code, "labels": dict(term.labels) if term else {}}


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([guard_formula(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()
