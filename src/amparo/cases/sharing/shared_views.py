"""What other institutions share with one's own: listed, read and, once it is taken back, gone."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from amparo.cases.models import Act, AllegedPerpetrator, Share, Victim
from amparo.cases.sharing import services
from amparo.cases.sharing.parts import parts_of, sections_by_id
from amparo.cases.shown_files import NOT_OPENED, answer_to_save, shown_files
from amparo.files.models import SealedFile
from amparo.files.services import FILE
from amparo.institutions.access import OPEN_SECTIONS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import Section

SHARES_PER_PAGE = 25
CLOSED_SHOWN = 25
PARTS_PER_PAGE = 50


@require_safe
@desk_page(OPEN_SECTIONS)
def shared_with_us(request: HttpRequest) -> HttpResponse:
    """The cases that other institutions share with us, newest first; and those that were taken back lately."""
    user = cast(User, request.user)
    assert user.institution is not None  # noqa: S101  (the permission is for members only)
    page = Paginator(services.shares_with(user.institution), SHARES_PER_PAGE).get_page(request.GET.get("page"))
    kinds = _kinds_of_act(each.incident_id for each in page)
    closed = Share.objects.filter(institution=user.institution, withdrawn_at__isnull=False)
    context = {
        "page": page,
        "shares": [(each, kinds.get(each.incident_id, ())) for each in page],
        "closed": closed.select_related("incident__institution").order_by("-withdrawn_at", "-pk")[:CLOSED_SHOWN],
    }
    return render(request, "cases/sharing/shared-with-us.html", context)


@require_safe
@desk_page(OPEN_SECTIONS)
def shared_case(request: HttpRequest, share: int) -> HttpResponse:
    """A case that is shared with us: its coded facts, and what of it our key opens."""
    user, found, unlocked = cast(User, request.user), _find(request, share), unlocked_institution(request)
    shared = set(found.sections.values_list("pk", flat=True))
    parts = [part for part in parts_of(found.incident) if part.section in shared]
    page = Paginator(parts, PARTS_PER_PAGE).get_page(request.GET.get("page"))
    sections = sections_by_id(page.object_list)
    opened = _open([section for section in sections.values() if section.kind != FILE], unlocked)
    files = {each.file.section_id: each for each in shown_files(_files(found, sections), unlocked)}
    services.note_reading(user, found, len(opened))
    incident = found.incident
    context = {
        "share": found,
        "incident": incident,
        "page": page,
        "acts": _counted(Act.objects.filter(incident=incident), "kind"),
        "victims": _counted(Victim.objects.filter(incident=incident), "target", "sex", "age_band"),
        "perpetrators": _counted(AllegedPerpetrator.objects.filter(incident=incident), "kind"),
        "parts": [(part, opened.get(part.section), files.get(part.section)) for part in page],
        "unlocked": unlocked is not None,
    }
    return render(request, "cases/sharing/shared-case.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(OPEN_SECTIONS)
def shared_file(request: HttpRequest, share: int, file: UUID) -> HttpResponse:
    """A file of a case that is shared with us; an original only to who has read the warning."""
    user, found, unlocked = cast(User, request.user), _find(request, share), unlocked_institution(request)
    wanted = get_object_or_404(SealedFile.objects.filter(section__shares=found).select_related("section"), pk=file)
    if unlocked is None:
        raise Http404
    if wanted.original_id is None and request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        answer = answer_to_save(wanted, unlocked)
    except NOT_OPENED:
        raise Http404 from None
    services.note_shared_file(user, found, wanted.pk, "original" if wanted.original_id is None else "copy")
    return cast(HttpResponse, answer)


def _find(request: HttpRequest, share: int) -> Share:
    """The share, where it is with the person's institution and our key still opens something. Raises Http404."""
    user = cast(User, request.user)
    assert user.institution is not None  # noqa: S101  (the permission is for members only)
    found: Share = get_object_or_404(services.shares_with(user.institution), pk=share)
    return found


def _files(share: Share, sections: Iterable[UUID]) -> list[SealedFile]:
    shared = SealedFile.objects.filter(section__shares=share, section__in=list(sections))
    return list(shared.select_related("section").order_by("pk"))


def _kinds_of_act(incidents: Iterable[int]) -> dict[int, list[str]]:
    """The kinds of act in each case, each once: a case may have ten thousand acts."""
    found: dict[int, list[str]] = {}
    pairs = Act.objects.filter(incident__in=list(incidents)).order_by().values_list("incident", "kind").distinct()
    for incident, kind in sorted(pairs):
        found.setdefault(incident, []).append(kind)
    return found


def _counted(rows: QuerySet[Any], *columns: str) -> list[dict[str, Any]]:
    """How many rows there are of each combination of codes: a table that stays short, however many rows."""
    return list(rows.order_by().values(*columns).annotate(number=Count("pk")).order_by("-number", *columns))


def _open(sections: list[Section], unlocked: vault.Unlocked | None) -> dict[UUID, dict[str, object]]:
    if unlocked is None:
        return {}
    try:
        return vault.open_sections(sections, unlocked)
    except VaultError:
        # One that was damaged must not close the others.
        found: dict[UUID, dict[str, object]] = {}
        for section in sections:
            try:
                found |= vault.open_sections([section], unlocked)
            except VaultError:
                continue
        return found
