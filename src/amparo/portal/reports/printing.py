"""A report as PDF/UA-1: tagged, with the language of each reader and its own fonts, made by Typst without a network.

What is said reaches the document as values, never as its source: no text in it can be an order.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg  # type: ignore[import-untyped]
import typst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amparo.portal.figures import Figure
from amparo.portal.reports.writing import Chapter, Report
from amparo.statistics.citation import cite
from amparo.statistics.models import Release
from amparo.ui.templatetags.ui import day, number

_DOCUMENT = Path(__file__).parent / "report.typ"


def print_report(report: Report, release: Release) -> bytes:
    """`report` as a PDF file in the active language."""
    said = json.dumps(_say(report, release), ensure_ascii=False)
    return typst.compile(
        str(_DOCUMENT),
        root=str(_DOCUMENT.parent),
        font_paths=[str(_fonts())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": said},
        pdf_standards=["ua-1"],
        # The same release gives the same bytes.
        timestamp=int(release.published_at.timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> Path:
    font: Path = fontpkg.path("Amiri")
    return font.parent


def _say(report: Report, release: Release) -> dict[str, Any]:
    group = report.group
    never_added = (
        "Each dataset is counted by itself. The same person may be in several, so their figures are never added."
    )
    notes = dict.fromkeys(note for each in report.chapters for figure in each.figures for note in figure.notes)
    return {
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "title": str(group.title),
        "subtitle": _("Release %(id)s of %(day)s") % {"id": release.identifier, "day": day(release.published_at)},
        "page": _("Page"),
        "about": [
            str(group.about),
            _(never_added),
        ],
        "chapters": [_say_chapter(each) for each in report.chapters],
        "end": [
            {
                "title": _("What is not known, and what is not shown"),
                "texts": [
                    *notes,
                    _("“Not known” is counted by itself. It is never taken for no, nor shared out among the others."),
                    _("Where defenders cannot speak, fewer attacks are reported, not fewer committed."),
                ],
            },
            {"title": _("Method"), "texts": [_method(release)]},
            {"title": _("How to cite"), "texts": [cite(release)]},
        ],
    }


def _method(release: Release) -> str:
    return _(
        "All figures are read from release %(id)s of %(day)s, and can be counted again from its open data. Counts from "
        "1 to one less than %(threshold)s are not shown, nor are those from which they could be computed."
    ) % {"id": release.identifier, "day": day(release.published_at), "threshold": number(release.threshold)}


def _say_chapter(chapter: Chapter) -> dict[str, Any]:
    dataset = chapter.dataset
    return {
        "title": f"{dataset.title} · {dataset.years}" if dataset.years else dataset.title,
        "coverage": f"{dataset.coverage} {_('Published by %(publisher)s.') % {'publisher': dataset.publisher}}",
        "figures": [_say_figure(each) for each in chapter.figures],
        "missing_title": _("What this dataset does not tell"),
        "missing": chapter.missing,
    }


def _say_figure(figure: Figure) -> dict[str, Any]:
    table = figure.table
    return {
        "title": figure.title,
        "words": figure.words,
        "heading": table.row_heading,
        "columns": table.columns,
        "rows": [{"heading": row.heading, "cells": row.cells, "total": row.is_total} for row in table.rows],
        "queries": [_("Query: %(address)s") % {"address": each.program_address} for each in figure.sources],
    }
