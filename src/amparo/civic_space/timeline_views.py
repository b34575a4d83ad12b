"""A country's timeline at the desk, and conditions as files."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.civic_space import files
from amparo.civic_space.incident_months import count_incidents
from amparo.civic_space.ratings import ratings_of
from amparo.civic_space.scope import sees_all_countries, versions_for, with_parts
from amparo.civic_space.shown_timeline import show_timeline
from amparo.civic_space.views import read_wanted
from amparo.civic_space.wanted import choose, settings_like
from amparo.institutions.access import EXPORT_CASES, KEEP_CONDITIONS, READ_CODED_FACTS, desk_page, may
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.templatetags.ui import label as label_of
from amparo.vault import log
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

COUNTRIES_PER_PAGE = 50
# More would neither be read on one page nor printed.
MOST_LISTED = 500
_SETTINGS = ("online", "offline")


@require_safe
@desk_page(READ_CODED_FACTS)
def countries(request: HttpRequest) -> HttpResponse:
    """The countries that have a timeline, for a network; an NHRI sees its own at once."""
    if not sees_all_countries(institution_of(request)):
        return redirect("conditions-country", institution_of(request).country)
    codes = versions_for(person(request)).order_by("country").values_list("country", flat=True).distinct()
    page = Paginator(codes, COUNTRIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "civic_space/countries.html", {"page": page, "institution": institution_of(request)})


@require_safe
@desk_page(READ_CODED_FACTS)
def country(request: HttpRequest, country: str) -> HttpResponse:
    """Conditions and ratings of a country on one axis with the institution's own incidents; made to be printed."""
    if country == UNKNOWN or country not in get_vocabulary("countries").terms:
        raise Http404
    user, setting = person(request), request.GET.get("setting", "")
    found = with_parts(versions_for(user)).filter(country=country)
    if setting in _SETTINGS:
        found = found.filter(setting__in=settings_like(setting))
    incidents = count_incidents(user, country)
    title = _("Civic space: %(country)s") % {"country": label_of(country, "countries")}
    strips = [incidents.strip()] if incidents.months else []
    listed = list(found.select_related("condition__public").order_by("-earliest", "-pk")[: MOST_LISTED + 1])
    context = {
        "country": country,
        "title": title,
        "timeline": show_timeline(listed[:MOST_LISTED], ratings_of(country), strips, title=title),
        "more": len(listed) > MOST_LISTED,
        "most": MOST_LISTED,
        "incidents": incidents,
        "setting": setting if setting in _SETTINGS else "",
        "settings": _SETTINGS,
        "writes": may(user, KEEP_CONDITIONS),
        "sees_all": sees_all_countries(institution_of(request)),
        "institution": institution_of(request),
    }
    return render(request, "civic_space/country.html", context)


@require_safe
@desk_page(EXPORT_CASES)
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The conditions of the list, with its filters, as CSV or JSON."""
    if form not in ("csv", "json"):
        raise Http404
    user = person(request)
    _form, wanted = read_wanted(request)
    versions = list(choose(with_parts(versions_for(user)), wanted))
    content = files.to_csv(versions) if form == "csv" else files.to_json(versions)
    with transaction.atomic():
        institution = institution_of(request).code
        log.record("conditions-exported", actor=user.pk, institution=institution, facts={"conditions": len(versions)})
    return attach(content, form, "amparo-conditions")


@require_safe
@desk_page(READ_CODED_FACTS)
def template(request: HttpRequest) -> HttpResponse:
    return attach(files.template(), "csv", "amparo-conditions-template")


def attach(content: str, form: str, name: str) -> HttpResponse:
    """A file to be kept."""
    kinds = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=kinds[form], headers=headers)
