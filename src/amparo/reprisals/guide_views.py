"""The guide's pages. What is typed is kept sealed from step to step, and can be gone on with later."""

from secrets import token_hex
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.documenting.typed import TooLong, destroy_drafts, find_drafts, keep_draft
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.reprisals.guide import CHECK, WHAT, WHO, Guide
from amparo.reprisals.models import BudgetCut
from amparo.reprisals.opened import compare_cut
from amparo.reprisals.registering import record_reprisal
from amparo.reprisals.scope import may_add_profile, profiles_for, reprisals_for
from amparo.reprisals.sent import is_token
from amparo.vault import services as vault

FORM = "reprisal"
_NEW = "new:"
_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@desk_page(DOCUMENT_CASES)
def begin(request: HttpRequest) -> HttpResponse:
    """What the guide is for, what was begun and not finished, and the way in."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    drafts = find_drafts(user, FORM, _NEW, unlocked, begins=True)
    context = {
        "drafts": [(each.record.removeprefix(_NEW), each.saved_at) for each in drafts],
        "token": token_hex(16),
        "has_nhri": profiles_for(user).exists(),
        "may_add": may_add_profile(user),
        "unlocked": unlocked is not None,
        "institution": user.institution,
    }
    return render(request, "reprisals/begin.html", context)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """One step: shown with what was said in it, checked when it is sent, and kept either way."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    if not is_token(token):
        raise Http404
    if (made := reprisals_for(user).filter(token=token).first()) is not None:
        return redirect("case-reprisal", made.incident_id)
    if unlocked is None:
        return _keep_while_closed(request, token, step)
    guide = Guide(user, _said(user, token, unlocked))
    if not profiles_for(user).exists():
        return redirect("reprisal-begin")
    if step not in guide.codes():
        # The choice of forms was changed meanwhile, or the draft was destroyed.
        return redirect("reprisal-step", token, WHAT)
    if step == CHECK:
        return _check(request, guide, token)
    if request.method == "POST":
        return _take(request, guide, token, step)
    return _show(request, guide, token, step, checked=guide.was_visited(step))


@require_POST
@desk_page(DOCUMENT_CASES)
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """Destroy what was begun."""
    if destroy_drafts(cast(User, request.user), FORM, f"{_NEW}{token}"):
        messages.success(request, _("What you had begun is destroyed."))
    return redirect("reprisal-begin")


def _take(request: HttpRequest, guide: Guide, token: str, step: str) -> HttpResponse:
    guide.keep(step, request.POST)
    try:
        keep_draft(guide.user, FORM, f"{_NEW}{token}", dict(guide.said.lists()))
    except TooLong:
        messages.error(request, _("This is too long to be kept. Shorten it, or add the rest to the case afterwards."))
        return _show(request, guide, token, step, status=422)
    if "more" in request.POST:
        return _show(request, guide, token, step, more=1, checked=False)
    if "later" in request.POST:
        messages.success(request, _("Kept as a draft, sealed. Nobody else sees it."))
        return redirect("reprisal-begin")
    if not guide.is_done(step):
        return _show(request, guide, token, step, status=422)
    return redirect("reprisal-step", token, guide.step_after(step))


def _check(request: HttpRequest, guide: Guide, token: str) -> HttpResponse:
    missing = guide.missing()
    if request.method == "POST" and not missing:
        nhri = guide.nhri()
        assert nhri is not None  # noqa: S101  (nothing is missing)
        incident = record_reprisal(guide.user, nhri.pk, guide.draft(), token)
        destroy_drafts(guide.user, FORM, f"{_NEW}{token}")
        messages.success(request, _("The case is made. What documents it can be completed and changed here."))
        return redirect("case-reprisal", incident.pk)
    context: dict[str, object] = {"missing": missing}
    if not missing:
        drafts = guide.form_drafts()
        context |= {
            "nhri": guide.nhri(),
            "draft": guide.draft(),
            "targets": guide.form(WHO).targets(),
            "changes": [
                (each.form, compare_cut(BudgetCut(**each.columns))) for each in drafts if each.form == "budget-cut"
            ],
        }
    return _render(request, guide, token, CHECK, context, 422 if request.method == "POST" else 200)


def _show(
    request: HttpRequest, guide: Guide, token: str, step: str, *, more: int = 0, checked: bool = True, status: int = 200
) -> HttpResponse:
    form = guide.form(step, more=more)
    context = {"form": form, "show_errors": checked, "is_who": step == WHO, "can_add": step == WHO}
    return _render(request, guide, token, step, context, status)


def _render(
    request: HttpRequest, guide: Guide, token: str, step: str, given: dict[str, object], status: int
) -> HttpResponse:
    steps = guide.steps()
    context = {
        "steps": steps,
        "step": next(each for each in steps if each.code == step),
        "number": [each.code for each in steps].index(step) + 1,
        "before": guide.step_before(step),
        "token": token,
        "institution": guide.user.institution,
    }
    template = "reprisals/check.html" if step == CHECK else "reprisals/step.html"
    return render(request, template, context | given, status=status)


def _said(user: User, token: str, unlocked: vault.Unlocked) -> QueryDict:
    found = find_drafts(user, FORM, f"{_NEW}{token}", unlocked)
    if found and found[0].fields is not None:
        return found[0].fields
    return QueryDict(mutable=True)


def _keep_while_closed(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """Closed keys: what was typed in this step can be sealed, but what was kept before cannot be read, so it is given
    back on the page to be copied."""
    typed = [
        value
        for name, values in request.POST.lists()
        if name.startswith(f"{step}-")
        for value in values
        if len(value) > 20
    ]
    context = {"typed": typed, "institution": cast(User, request.user).institution}
    return render(request, "reprisals/closed.html", context, status=422 if request.method == "POST" else 200)
