"""Conditions for civic space on the public site: on a country's page, on a page of their own, and as files.

What is shown: conditions that a second person approved, ratings of others with their source, and the victims by year of
the latest release. Each stands by itself: no figure of ours has a rating in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.civic_space import files
from amparo.civic_space.models import ConditionVersion
from amparo.civic_space.ratings import ratings_of
from amparo.civic_space.scope import public_versions, with_parts
from amparo.civic_space.shown_timeline import Numbered, ShownTimeline, show_timeline
from amparo.civic_space.timeline import Bar, Strip
from amparo.civic_space.wanted import settings_like
from amparo.portal.figures import datasets_of, of_each_dataset
from amparo.portal.pages import show_damaged
from amparo.portal.presentation import cell_text
from amparo.portal.side_by_side import by_year
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, latest_release, open_release
from amparo.ui.templatetags.ui import label as label_name
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

# A page stays light; the files have all of them.
MOST_LISTED = 100
NEWEST_ON_COUNTRY = 5
_SETTINGS = ("online", "offline")
_FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class CountryConditions:
    """What a country's page shows: the timeline, the newest conditions, how many there are, whether any is invented."""

    timeline: ShownTimeline
    newest: tuple[Numbered, ...]
    total: int
    invented: bool


def conditions_of_country(opened: OpenRelease, code: str) -> CountryConditions | None:
    """What is published of the conditions in a country; None where nothing is, by us or by others."""
    versions, ratings = published_conditions(code), ratings_of(code)
    if not versions and not ratings:
        return None
    timeline = show_timeline(versions, ratings, _strips(opened, code), title=_title(code), identifier="civic-space")
    newest = tuple(reversed(timeline.items[-NEWEST_ON_COUNTRY:]))
    return CountryConditions(timeline, newest, len(versions), _is_invented(versions))


def published_conditions(code: str, setting: str = "") -> list[ConditionVersion]:
    """The published conditions in a country, the oldest first; those that touch people online, or offline."""
    found = with_parts(public_versions()).filter(country=code)
    if setting:
        found = found.filter(setting__in=settings_like(setting))
    return sorted(found, key=lambda each: (each.earliest or date.min, each.pk))


def is_country(code: str) -> bool:
    """Whether there is a country of that code."""
    return code != UNKNOWN and code in get_vocabulary("countries").terms


@require_safe
def conditions(request: HttpRequest, code: str, setting: str = "") -> HttpResponse:
    """All conditions of a country, or those that touch people online or offline; with or without a release."""
    if code != code.upper() and is_country(code.upper()):
        there = ["country-conditions-in", code.upper(), setting] if setting else ["country-conditions", code.upper()]
        return redirect(*there, permanent=True)
    if not is_country(code) or (setting and setting not in _SETTINGS):
        raise Http404
    release = latest_release()
    try:
        opened = open_release(release) if release else None
        context = _context(opened, code, setting)
    except NotPublished as refused:
        assert release is not None  # noqa: S101  (only a release can be damaged)
        return show_damaged(request, release, refused)
    return render(request, "portal/conditions.html", context)


@require_safe
def download(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The published conditions of a country as a file."""
    if form not in _FORMS or not is_country(code):
        raise Http404
    versions = published_conditions(code)
    content = files.to_csv(versions) if form == "csv" else files.to_json(versions)
    headers = {
        "Content-Disposition": f'attachment; filename="amparo-conditions-{code}.{form}"',
        "Access-Control-Allow-Origin": "*",
    }
    return HttpResponse(content, content_type=_FORMS[form], headers=headers)


def _context(opened: OpenRelease | None, code: str, setting: str) -> Mapping[str, Any]:
    versions = published_conditions(code, setting)
    newest = versions[-MOST_LISTED:]
    strips = _strips(opened, code) if opened else []
    datasets = datasets_of(opened) if opened else []
    return {
        "code": code,
        "name": label_name(code, "countries"),
        "title": _title(code),
        "setting": setting,
        "settings": _SETTINGS,
        "timeline": show_timeline(newest, ratings_of(code), strips, title=_title(code)),
        "not_listed": len(versions) - len(newest),
        "by_year": by_year(opened, {"country": code}) if opened else None,
        "release": opened,
        "invented": _is_invented(versions) or any(each.invented for each in datasets),
    }


def _strips(opened: OpenRelease, code: str) -> list[Strip]:
    """The victims by year of each dataset of the release, each by itself: one person may be in several."""
    tables = of_each_dataset(opened, "year", {"country": code})
    titles = {each.code: each.title for each in datasets_of(opened)}
    return [
        Strip(
            _("Victims by year: %(dataset)s") % {"dataset": titles[dataset]},
            place,
            tuple(_bars(opened.about(dataset), table)),
        )
        for place, (dataset, table) in enumerate(tables.items(), start=1)
    ]


def _bars(about: Mapping[str, Any], table: PublishedTable) -> list[Bar]:
    """A bar for each year that the dataset covers; outside of it nothing was counted."""
    if about["first_year"] is None:
        return []
    bars = []
    for year in range(about["first_year"], about["last_year"] + 1):
        value = table.value(str(year))
        bars.append(Bar(date(year, 1, 1), date(year, 12, 31), value, f"{year}: {cell_text(value)}"))
    return bars


def _title(code: str) -> str:
    return _("Conditions for civic space: %(country)s") % {"country": label_name(code, "countries")}


def _is_invented(versions: list[ConditionVersion]) -> bool:
    return any(each.condition.institution.invented for each in versions)
