"""Conditions at the desk: the list, a condition's page with its history, and the form."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.civic_space import services
from amparo.civic_space.facts import CivicSpaceError, missing_for_review
from amparo.civic_space.forms import ConditionForm, ReturnForm, ReviewForm, initial_of
from amparo.civic_space.labels import explain
from amparo.civic_space.models import Condition, ConditionVersion
from amparo.civic_space.scope import own_conditions, sees_all_countries, versions_for, waiting_for, with_parts
from amparo.civic_space.wanted import Wanted, WantedForm, choose
from amparo.institutions.access import EXPORT_CASES, KEEP_CONDITIONS, READ_CODED_FACTS, desk_page, may
from amparo.institutions.signed_in import institution_of, person

CONDITIONS_PER_PAGE = 25


def read_wanted(request: HttpRequest) -> tuple[WantedForm, Wanted]:
    """The filters of a page, with the countries that there is something of."""
    countries = versions_for(person(request)).order_by("country").values_list("country", flat=True).distinct()
    form = WantedForm(request.GET, countries=list(countries))
    return form, form.wanted()


@require_safe
@desk_page(READ_CODED_FACTS)
def conditions(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form, wanted = read_wanted(request)
    found = choose(with_parts(versions_for(user)), wanted).select_related("condition__public")
    context = {
        "page": Paginator(found, CONDITIONS_PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "asked": wanted != Wanted(),
        "query": request.GET.urlencode(),
        "waiting": waiting_for(user).count() if may(user, KEEP_CONDITIONS) else 0,
        "writes": may(user, KEEP_CONDITIONS),
        "exports": may(user, EXPORT_CASES),
        "country": wanted.country or institution_of(request).country,
        "institution": institution_of(request),
    }
    return render(request, "civic_space/list.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def condition(request: HttpRequest, number: int) -> HttpResponse:
    """What a condition says now, what is public of it, and its history; what can be done with it, for its keepers."""
    return show_condition(request, _find(request, number))


def show_condition(
    request: HttpRequest, version: ConditionVersion, *, review: Any = None, giving_back: Any = None
) -> HttpResponse:
    """The page of a condition; with the form of its review where it was sent and not taken."""
    user, held = person(request), version.condition
    is_ours = held.institution_id == user.institution_id
    first = {"version": version.number}
    context = {
        "version": version,
        "condition": held,
        "is_ours": is_ours,
        "writes": is_ours and may(user, KEEP_CONDITIONS),
        "is_own_text": user.pk in (version.written_by_id, version.sent_by_id),
        "missing": missing_for_review(version.facts()),
        "history": _history(held) if is_ours else [],
        "can_be_put_back": is_ours and held.public_id is None and held.published_at is not None,
        "review": review or ReviewForm(initial=first),
        "giving_back": giving_back or ReturnForm(initial=first, prefix="back"),
        "sent_forms": [form for form in (review, giving_back) if form is not None],
        "institution": institution_of(request),
    }
    return render(request, "civic_space/condition.html", context, status=422 if review or giving_back else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(KEEP_CONDITIONS)
def new_condition(request: HttpRequest) -> HttpResponse:
    institution = institution_of(request)
    first = {"country": request.GET.get("country", "")} if sees_all_countries(institution) else {}
    form = ConditionForm(request.POST or None, institution=institution, initial=first)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"] or uuid.uuid4()
        made = try_or_tell(form, lambda: services.write_condition(person(request), form.facts(), token))
        if made is not None:
            messages.success(request, _("The draft is kept. Nobody outside your institution sees it yet."))
            return redirect("condition", made.pk)
    return _show_form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(KEEP_CONDITIONS)
def change_condition(request: HttpRequest, number: int) -> HttpResponse:
    held = find_own(request, number)
    version = cast(ConditionVersion, held.latest)
    if request.method != "POST":
        form = ConditionForm(institution=institution_of(request), initial=initial_of(version))
        return _show_form(request, form, version)
    form = ConditionForm(request.POST, institution=institution_of(request))
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        facts = form.facts()
        if try_or_tell(form, lambda: services.change_condition(person(request), number, seen, facts)):
            messages.success(request, _("Kept. What is public stays as it is until a second person has read this."))
            return redirect("condition", number)
        # Sent again, it goes over what is there now: whoever does so has been told.
        changed = request.POST.copy()
        changed["version"] = str(version.number)
        form.data = changed
    return _show_form(request, form, version)


@require_POST
@desk_page(KEEP_CONDITIONS)
def undo_change(request: HttpRequest, number: int) -> HttpResponse:
    seen = request.POST.get("version", "")
    find_own(request, number)
    try:
        services.undo_change(person(request), number, int(seen) if seen.isdecimal() and len(seen) < 9 else 0)
        messages.success(request, _("The last change is taken back; it stays in the history."))
    except CivicSpaceError as refused:
        messages.error(request, explain(refused.code))
    return redirect("condition", number)


def try_or_tell(form: Any, do: Callable[[], Any]) -> Any:
    """What `do` gives; None, with the reason on the form, where it could not be done."""
    try:
        return do()
    except CivicSpaceError as refused:
        form.add_error(None, explain(refused.code))
        return None


def find_own(request: HttpRequest, number: int) -> Condition:
    """A condition that the signed-in person's institution keeps. Raises Http404, whoever else's it is."""
    found = own_conditions(person(request)).select_related("latest", "institution").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _find(request: HttpRequest, number: int) -> ConditionVersion:
    """The version of a condition that the signed-in person may read. Raises Http404 for others' drafts."""
    found = with_parts(versions_for(person(request))).filter(condition=number)
    version = found.select_related("condition__institution", "condition__public", "written_by", "sent_by").first()
    if version is None:
        raise Http404
    return version


def _history(held: Condition) -> list[ConditionVersion]:
    versions = held.versions.select_related("written_by", "reviewed_by", "previous")
    return list(with_parts(versions.order_by("-number"))[:50])


def _show_form(request: HttpRequest, form: ConditionForm, version: ConditionVersion | None) -> HttpResponse:
    context = {"form": form, "version": version, "institution": institution_of(request)}
    return render(request, "civic_space/form.html", context, status=422 if form.is_bound else 200)
