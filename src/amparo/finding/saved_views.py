"""The page of the searches that are kept."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amparo.finding import saved
from amparo.finding.fields import describe, list_address
from amparo.finding.listing import choices_for
from amparo.finding.models import SavedSearch
from amparo.finding.views import read_request
from amparo.institutions.access import READ_CODED_FACTS, desk_page
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution


@require_safe
@desk_page(READ_CODED_FACTS)
def searches(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@desk_page(READ_CODED_FACTS)
def save(request: HttpRequest) -> HttpResponse:
    read = read_request(request, posted=True)
    name, token = request.POST.get("search-name", "").strip(), request.POST.get("form", "")
    address = list_address(read.search)
    if not name or len(name) > saved.LONGEST_NAME:
        messages.error(request, _("Not kept: give the search a name, of at most 80 characters."))
    elif not read.search.as_json():
        messages.error(request, _("Not kept: this search asks for nothing that can be kept. Choose a filter first."))
    elif not 16 <= len(token) <= 43:
        messages.error(request, _("Not kept. Please try again."))
    else:
        shared = request.POST.get("shared") == "yes"
        kept = saved.save_search(cast(User, request.user), name, read.search, shared=shared, form=token)
        if kept is None:
            messages.error(request, _("Not kept: you have 100 searches already. Delete one first."))
        elif read.search.found:
            messages.success(request, _("The search is kept, without the name that you searched."))
        else:
            messages.success(request, _("The search is kept."))
    return redirect(address)


@require_POST
@desk_page(READ_CODED_FACTS)
def rename(request: HttpRequest, saved_search: int) -> HttpResponse:
    name = request.POST.get("search-name", "").strip()
    if not name or len(name) > saved.LONGEST_NAME:
        wrong = _("Give the search a name, of at most 80 characters.")
        return _show(request, wrong={saved_search: wrong}, typed={saved_search: name}, status=422)
    shared = request.POST.get("shared") == "yes"
    try:
        saved.rename_search(cast(User, request.user), saved_search, name, shared=shared)
    except SavedSearch.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The search has its new name."))
    return redirect("case-searches")


@require_POST
@desk_page(READ_CODED_FACTS)
def delete(request: HttpRequest, saved_search: int) -> HttpResponse:
    try:
        saved.delete_search(cast(User, request.user), saved_search)
    except SavedSearch.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The search is deleted."))
    return redirect("case-searches")


def _show(
    request: HttpRequest,
    *,
    wrong: dict[int, str] | None = None,
    typed: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    institution = cast(Institution, user.institution)
    choices = choices_for(institution)
    kept = [
        {
            "each": each,
            "described": describe(each.search, choices),
            "address": list_address(each.search),
            "error": (wrong or {}).get(each.saved.pk, ""),
            "typed": (typed or {}).get(each.saved.pk, each.name or ""),
        }
        for each in saved.open_saved(user, unlocked_institution(request))
    ]
    context = {"kept": kept, "institution": institution, "longest": saved.LONGEST_NAME}
    return render(request, "finding/searches.html", context, status=status)
