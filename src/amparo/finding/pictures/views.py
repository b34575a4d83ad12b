"""What was found as a picture: along time, on a map, and as a network; each with the table of what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amparo.cases.models import Act, AllegedPerpetrator, Incident, Place, Victim
from amparo.finding.listing import choices_for, search_cases
from amparo.finding.pictures.network_chart import Node, network_chart
from amparo.finding.pictures.timeline import Entry, timeline
from amparo.finding.search import Search, read_search
from amparo.finding.selections import find_kept
from amparo.institutions.access import READ_CODED_FACTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.ui import world_map
from amparo.ui.country_map import Dot, country_map, place_on_map
from amparo.ui.templatetags.ui import label, month, number, partial_date
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import UNKNOWN

# More in one picture is a cloud that nobody reads.
MOST_ON_TIMELINE = 150
MOST_IN_NETWORK = 40
MOST_PLACES = 300


@dataclass(frozen=True, slots=True)
class Area:
    """How many of the found cases happened in a country or an area, and the list of these."""

    name: str
    cases: int
    address: str


@require_safe
@desk_page(READ_CODED_FACTS)
def on_timeline(request: HttpRequest) -> HttpResponse:
    """The found cases along time."""
    unlocked = unlocked_institution(request)
    search, found = _found(request, unlocked)
    dated = found.filter(earliest__isnull=False).prefetch_related(Prefetch("acts", Act.objects.order_by("pk")))
    cases = list(dated[:MOST_ON_TIMELINE])
    marks = [
        Entry(case.earliest, case.latest, _told(case), _address(case))
        for case in cases
        if case.earliest is not None and case.latest is not None
    ]
    svg = timeline(
        marks,
        title=_("Cases along time"),
        description=_("Each mark is a case, from the first to the last day on which it may have happened."),
        form=month,
        rtl=get_language_bidi(),
    )
    context = {
        "svg": mark_safe(svg),  # noqa: S308  (the pictures escape every text)
        "cases": [(case, _acts(case)) for case in cases],
        "dated": dated.order_by().count() if len(cases) == MOST_ON_TIMELINE else len(cases),
        "undated": found.filter(earliest=None).order_by().count(),
    }
    return _render(request, "timeline", search, unlocked, context)


@require_safe
@desk_page(READ_CODED_FACTS)
def on_map(request: HttpRequest) -> HttpResponse:
    """The found cases by country; those of one country by area, with their places where keys are open."""
    unlocked = unlocked_institution(request)
    search, found = _found(request, unlocked)
    countries = _counted(found, "country")
    context: dict[str, object] = {"countries": _areas(countries, "countries", "country", search)}
    if len(countries) == 1:
        ((country, _cases),) = countries
        context |= _map_of_country(cast(User, request.user), unlocked, country, found)
        context["areas"] = _areas(_counted(found, "area"), "areas", "area", search)
    elif countries:
        context |= _world(countries, search)
    return _render(request, "map", search, unlocked, context)


@require_safe
@desk_page(READ_CODED_FACTS)
def as_network(request: HttpRequest) -> HttpResponse:
    """Who was harmed in which of the found cases, and who is said to have done it."""
    unlocked = unlocked_institution(request)
    search, found = _found(request, unlocked)
    victims = Victim.objects.select_related("section").order_by("pk")
    perpetrators = AllegedPerpetrator.objects.select_related("section").order_by("pk")
    wanted = found.prefetch_related(
        Prefetch("victims", victims),
        Prefetch("alleged_perpetrators", perpetrators),
        Prefetch("acts", Act.objects.order_by("pk")),
    )
    cases = list(wanted[:MOST_IN_NETWORK])
    network = _network(cases, unlocked, cast(User, request.user))
    svg = network_chart(
        network.nodes,
        network.links,
        headings=(_("Harmed"), _("Cases"), _("Said to have acted")),
        title=_("Who is joined to which case"),
        description=_("Lines join whoever was harmed to the cases, and the cases to who is said to have acted."),
        rtl=get_language_bidi(),
    )
    context = {
        "svg": mark_safe(svg),  # noqa: S308  (the pictures escape every text)
        "rows": network.rows,
        "cases": len(cases),
        "all": found.order_by().count() if len(cases) == MOST_IN_NETWORK else len(cases),
    }
    return _render(request, "network", search, unlocked, context)


def _found(request: HttpRequest, unlocked: vault.Unlocked | None) -> tuple[Search, QuerySet[Incident]]:
    user = cast(User, request.user)
    assert user.institution is not None  # noqa: S101  (every page of the desk asks for it)
    search = read_search(request.GET, choices_for(user.institution).codes()).search
    return search, search_cases(user, search, found=find_kept(user, search.found, unlocked))


def _render(
    request: HttpRequest, picture: str, search: Search, unlocked: vault.Unlocked | None, context: dict[str, object]
) -> HttpResponse:
    shared = {
        "picture": picture,
        "query": search.address(),
        "asks": search.asks,
        "unlocked": unlocked is not None,
    }
    return render(request, f"finding/pictures/{picture}.html", context | shared)


def _counted(found: QuerySet[Incident], column: str) -> list[tuple[str, int]]:
    rows = found.order_by().values(column).annotate(cases=Count("pk")).order_by("-cases", column)
    return [(row[column], row["cases"]) for row in rows]


def _areas(counted: Sequence[tuple[str, int]], vocabulary: str, facet: str, search: Search) -> list[Area]:
    return [Area(label(code, vocabulary), cases, _narrowed(search, facet, code)) for code, cases in counted]


def _narrowed(search: Search, facet: str, code: str) -> str:
    narrowed = Search({**search.facets, facet: (code,)}, search.words, search.since, search.until, search.copies)
    return f"{reverse('case-list')}?{narrowed.address()}"


def _world(countries: Sequence[tuple[str, int]], search: Search) -> dict[str, object]:
    breaks = world_map.class_breaks([cases for _code, cases in countries])
    places = {
        code: world_map.Place(
            label(code, "countries"),
            number(cases),
            world_map.shade_of(cases, breaks),
            _narrowed(search, "country", code),
        )
        for code, cases in countries
        if code != UNKNOWN
    }
    svg = world_map.world_map(
        places, title=_("Cases by country"), description=_("Countries with more of the found cases are darker.")
    )
    key = world_map.legend(
        breaks,
        form=number,
        not_shown=_("none"),
        no_data=_("no case found"),
        title=_("Key to the map"),
    )
    # The map and its key escape every text.
    return {"svg": mark_safe(svg), "legend": mark_safe(key)}  # noqa: S308


def _map_of_country(
    user: User, unlocked: vault.Unlocked | None, country: str, found: QuerySet[Incident]
) -> dict[str, object]:
    places = Place.objects.filter(incident__in=found.order_by()).select_related("section").order_by("-pk")
    kept = list(places[: MOST_PLACES + 1]) if unlocked else []
    sections = [place.section for place in kept[:MOST_PLACES] if place.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    dots = [
        dot
        for place in kept[:MOST_PLACES]
        if (dot := _dot(place, opened.get(place.section_id, {}) if place.section_id else {}))
    ]
    _note(user, len(opened))
    svg = country_map(
        country,
        dots,
        title=label(country, "countries"),
        description=_("Each dot is a place of a case, as far as its degrees are known. The outline is a rough one."),
    )
    # The map escapes every text.
    return {"svg": mark_safe(svg), "dots": len(dots), "cut": len(kept) > MOST_PLACES}  # noqa: S308


def _dot(place: Place, fields: dict[str, object]) -> Dot | None:
    try:
        latitude, longitude = float(str(fields["latitude"])), float(str(fields["longitude"]))
        place_on_map(latitude, longitude)
    except (KeyError, ValueError):
        return None
    kind, precision = label(place.kind, "place-kinds"), label(place.precision, "place-precision")
    case = _("Case %(number)s") % {"number": place.incident_id}
    told = " · ".join(filter(None, (case, str(fields.get("place", "")), kind, precision)))
    return Dot(latitude, longitude, told, reverse("case", args=[place.incident_id]))


@dataclass(frozen=True, slots=True)
class Network:
    """Boxes and lines of the picture, and one row a case for the table behind it."""

    nodes: list[Node]
    links: list[tuple[str, str]]
    rows: list[tuple[Incident, list[str], list[str], list[str]]]


def _network(cases: Sequence[Incident], unlocked: vault.Unlocked | None, user: User) -> Network:
    """Persons who were found to be the same are one box; what is sealed of them is shown where keys are open."""
    bearers: list[Victim | AllegedPerpetrator] = []
    for case in cases:
        bearers += [*case.victims.all(), *case.alleged_perpetrators.all()]
    sections = [each.section for each in bearers if each.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    _note(user, len(opened))
    names = {section: str(fields.get("name", "")) for section, fields in opened.items()}
    nodes: dict[str, Node] = {}
    links, rows = [], []
    for case in cases:
        key, address = f"case:{case.pk}", _address(case)
        nodes[key] = Node(key, 1, _told(case), address)
        harmed, acted = [], []
        for victim in case.victims.all():
            name = names.get(victim.section_id, "") if victim.section_id else ""
            shown = name or f"{label(victim.kind, 'victim-kinds')} {victim.pk}"
            one = f"person:{victim.person_id}" if victim.person_id else f"victim:{victim.pk}"
            nodes.setdefault(one, Node(one, 0, shown, address))
            links.append((one, key))
            harmed.append(shown)
        for perpetrator in case.alleged_perpetrators.all():
            name = names.get(perpetrator.section_id, "") if perpetrator.section_id else ""
            kind = label(perpetrator.kind, "alleged-perpetrators")
            # Without a name it is the police, not somebody of the police, whom cases have in common.
            one = f"acted:{perpetrator.person_id or name or perpetrator.kind}"
            shown = f"{name} ({kind})" if name else kind
            nodes.setdefault(one, Node(one, 2, shown, address))
            links.append((key, one))
            acted.append(shown)
        rows.append((case, harmed, _acts(case), acted))
    return Network(list(nodes.values()), links, rows)


def _note(user: User, sections: int) -> None:
    if sections and user.institution is not None:
        log.record("section-opened", actor=user.pk, institution=user.institution.code, facts={"sections": sections})


def _told(case: Incident) -> str:
    acts = ", ".join(_acts(case)) or _("no act coded")
    return _("Case %(number)s: %(acts)s, %(date)s") % {
        "number": case.pk,
        "acts": acts,
        "date": partial_date(case.date),
    }


def _acts(case: Incident) -> list[str]:
    return [label(kind, "acts") for kind in dict.fromkeys(act.kind for act in case.acts.all())]


def _address(case: Incident) -> str:
    return reverse("case", args=[case.pk])
