"""Changing many cases at once: asked, confirmed with their number, done, taken back."""

from typing import cast

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.finding import bulk
from amparo.finding.exporting import FORMATS, XLSX, note_export, stream_csv, take_numbers, write_xlsx
from amparo.finding.fields import list_address
from amparo.finding.listing import search_cases
from amparo.finding.saved import columns_for
from amparo.finding.undoing import forget_change, remember_change, undoable
from amparo.finding.views import KIND_NAMES, Read, new_form_token, read_request
from amparo.institutions.access import DECIDE_STATUS, EXPORT_CASES, desk_page
from amparo.institutions.models import User, this_hour

ALL = "all"
_LONGEST_NUMBER = 18


def chosen_cases(request: HttpRequest, read: Read) -> tuple[QuerySet[Incident], list[str]]:
    """The cases that a form is about: all that its search finds, or those that were marked; the marked numbers."""
    user = cast(User, request.user)
    if request.POST.get("which") == ALL:
        return search_cases(user, read.search, found=read.found), []
    marked = [each for each in request.POST.getlist("case") if each.isdecimal() and len(each) <= _LONGEST_NUMBER]
    return incidents_for(user).filter(pk__in=marked), marked


@require_POST
@desk_page(DECIDE_STATUS)
def ask(request: HttpRequest) -> HttpResponse:
    """How many cases would be changed, and what becomes of them: nothing is changed yet."""
    read = read_request(request, posted=True)
    kind = request.POST.get("kind", "")
    cases, marked = chosen_cases(request, read)
    counts = cases.order_by().aggregate(
        all=Count("pk"),
        drafts=Count("pk", filter=Q(stage="draft")),
        verified=Count("pk", filter=Q(status="verified")),
    )
    if kind not in bulk.KINDS or not counts["all"]:
        messages.error(request, _("Choose the cases first, by the boxes before them, and then what becomes of them."))
        return redirect(list_address(read.search))
    context = {
        "kind": kind,
        "kind_name": _(KIND_NAMES[kind]),
        "which": request.POST.get("which", ""),
        "marked": marked,
        "pairs": read.search.pairs(),
        "back": list_address(read.search),
        "number": counts["all"],
        "drafts": counts["drafts"],
        "verified": counts["verified"] if kind == bulk.VERIFY else 0,
        "too_many": counts["all"] > bulk.MOST_AT_ONCE,
        "most": bulk.MOST_AT_ONCE,
        "form_token": new_form_token(),
        "institution": cast(User, request.user).institution,
    }
    return render(request, "finding/bulk-confirm.html", context)


@require_POST
@desk_page(DECIDE_STATUS)
def change(request: HttpRequest) -> HttpResponse:
    read = read_request(request, posted=True)
    back = redirect(list_address(read.search))
    confirmed, token = request.POST.get("confirmed", ""), request.POST.get("form", "")
    if request.POST.get("kind") not in bulk.KINDS or not confirmed.isdecimal() or not 16 <= len(token) <= 43:
        messages.error(request, _("Nothing was changed. Choose the cases again."))
        return back
    cases, _marked = chosen_cases(request, read)
    user = cast(User, request.user)
    try:
        done = bulk.change_many(user, request.POST["kind"], cases, token, int(confirmed[:9]))
    except bulk.NotChanged as refused:
        messages.error(request, explain(refused.code))
        return back
    if done.changed:
        remember_change(request, done.change.pk, done.changed)
    told = ngettext("%(number)s case was changed.", "%(number)s cases were changed.", done.changed)
    said = told % {"number": done.changed}
    if done.left:
        left = ngettext(
            "%(number)s was left as it is: it was so already, or is a draft.",
            "%(number)s were left as they are: they were so already, or are drafts.",
            done.left,
        )
        said = f"{said} {left % {'number': done.left}}"
    messages.success(request, said)
    return back


@require_POST
@desk_page(DECIDE_STATUS)
def undo(request: HttpRequest) -> HttpResponse:
    read = read_request(request, posted=True)
    kept = undoable(request)
    forget_change(request)
    undone = bulk.undo(cast(User, request.user), kept["change"]) if kept else None
    if undone is None:
        messages.error(request, _("Nothing was undone: it is longer ago than ten minutes, or was undone already."))
        return redirect(list_address(read.search))
    told = ngettext("%(number)s case is again as it was.", "%(number)s cases are again as they were.", undone.restored)
    messages.success(request, told % {"number": undone.restored})
    if undone.changed_since:
        kept_as_they_are = _("Somebody changed these since, so they were left as they are: %(cases)s.")
        messages.warning(request, kept_as_they_are % {"cases": ", ".join(map(str, undone.changed_since))})
    return redirect(list_address(read.search))


@require_POST
@desk_page(EXPORT_CASES)
def export(request: HttpRequest) -> HttpResponse:
    read = read_request(request, posted=True)
    kind = request.POST.get("format", "")
    cases, _marked = chosen_cases(request, read)
    numbers = take_numbers(cases)
    if kind not in FORMATS or not numbers:
        messages.error(request, _("There is nothing to export: choose cases by the boxes before them, or all found."))
        return redirect(list_address(read.search))
    user, language = cast(User, request.user), get_language() or "en"
    note_export(user, numbers, kind)
    wanted, name = columns_for(user), f"cases-{this_hour():%Y-%m-%d}.{kind}"
    if kind == XLSX:
        sheet = FileResponse(write_xlsx(user, numbers, wanted, language), as_attachment=True, filename=name)
        return cast(HttpResponse, sheet)
    answer = StreamingHttpResponse(stream_csv(user, numbers, wanted, language), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, answer)


def explain(code: str) -> str:
    """Why nothing was changed, for a person."""
    return {
        "too-many": _("Nothing was changed: these are more cases than are changed at once. Narrow the search."),
        "others-found": _("Nothing was changed: other cases are found now than when you were asked. Look again."),
    }.get(code, _("Nothing was changed."))
