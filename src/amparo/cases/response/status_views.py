"""The page of a case on which it is decided whether it is verified, refuted, closed or opened again."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.models import StatusDecision
from amparo.cases.response import deciding
from amparo.cases.response.forms import DecisionForm
from amparo.cases.response.views import ON_A_PAGE, find_case
from amparo.institutions.access import DECIDE_STATUS, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(READ_CODED_FACTS)
def status(request: HttpRequest, incident: int) -> HttpResponse:
    """What was decided on the case by whom; and a form to decide, for who may."""
    user, found, unlocked = cast(User, request.user), find_case(request, incident), unlocked_institution(request)
    decides = may(user, DECIDE_STATUS)
    now = {"stage": found.stage, "status": found.status}
    form = DecisionForm(request.POST or None, incident=found, initial=now)
    if request.method == "POST" and not decides:
        return render(request, "institutions/not-allowed.html", status=403)
    if request.method == "POST" and form.is_valid():
        try:
            taken = deciding.decide(user, found.pk, form.decision(), unlocked)
        except deciding.ReasonsNeeded:
            form.add_error("reasons", _("Write down why: refuted, or borne by fewer than two independent sources."))
        except deciding.StillADraft:
            form.add_error("stage", _("Open the draft as a case first; then say what its information is held to be."))
        except deciding.NotDecided:
            form.add_error("reasons", _("Your keys are not open in this session. Sign out, and sign in again."))
        else:
            if taken is None:
                messages.info(request, _("Nothing was changed: the case was so already."))
            else:
                messages.success(request, _("Decided."))
            return redirect("case-status", found.pk)
    page = Paginator(found.decisions.select_related("decided_by", "section").order_by("-pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "incident": found,
        "form": form if decides else None,
        "page": page,
        "decisions": _opened(list(page.object_list), unlocked),
        "independent": deciding.count_independent_sources(found),
        "unlocked": unlocked is not None,
    }
    return render(request, "cases/response/status.html", context, status=422 if form.errors else 200)


def _opened(
    decisions: list[StatusDecision], unlocked: vault.Unlocked | None
) -> list[tuple[StatusDecision, str | None]]:
    """Each decision with its reasons; None where there are none."""
    sections = [each.section for each in decisions if each.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    return [
        (each, None if each.section_id is None else str(opened.get(each.section_id, {}).get("text", "")))
        for each in decisions
    ]
