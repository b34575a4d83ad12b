"""Fetching a page of the web for a case, after a warning: the site sees where it is fetched from."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from amparo.cases.models import Evidence, Incident
from amparo.evidence.capturing import capture_rules, fetch_page, keep_page
from amparo.evidence.desk import incident_of
from amparo.evidence.errors import SentTwice, ThereAlready
from amparo.evidence.fetching import NotFetched
from amparo.evidence.forms import CaptureForm
from amparo.evidence.views import form_parts, keys_are_closed, problems_of, wants_json
from amparo.evidence.words import describe_capture_problem
from amparo.files.errors import UploadRefused
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DOCUMENT_CASES)
def capture(request: HttpRequest, incident: int) -> HttpResponse:
    """A page of the web as evidence. Not here where the installation does not fetch pages."""
    if not settings.CAPTURE:
        raise Http404
    found, unlocked = incident_of(request, incident), unlocked_institution(request)
    form = CaptureForm(request.POST if request.method == "POST" else None, **form_parts(found, unlocked))
    if request.method == "POST" and form.is_valid():
        address = _capture(request, found, form, unlocked)
        if address:
            return JsonResponse({"go": address}) if wants_json(request) else redirect(address)
    status = 422 if form.errors else 200
    if status == 422 and wants_json(request):
        return JsonResponse({"problems": problems_of(form)}, status=status)
    context = {
        "incident": found,
        "form": form,
        "unlocked": unlocked is not None,
        "through_proxy": settings.CAPTURE_PROXY is not None,
    }
    return render(request, "evidence/capture.html", context, status=status)


@sensitive_variables()
def _capture(request: HttpRequest, incident: Incident, form: CaptureForm, unlocked: vault.Unlocked | None) -> str:
    """Where to go once the page is kept; "" where the form says why it is not."""
    if unlocked is None:
        form.add_error(None, keys_are_closed())
        return ""
    if Evidence.objects.filter(incident=incident, exhibit__submission=form.submission()).exists():
        # Before the site is asked once more.
        messages.success(request, _("This form was sent before: what it brought is there."))
        return reverse("case-evidence", args=[incident.pk])
    rules = capture_rules()
    try:
        captured = fetch_page(form.cleaned_data["address"], rules)
        kept = keep_page(cast(User, request.user), incident, captured, form.description(), form.submission(), unlocked)
    except NotFetched as refused:
        most = filesizeformat(rules.most_page_bytes)
        form.add_error("address", describe_capture_problem(refused.code, most=most, seconds=int(rules.seconds)))
        return ""
    except (SentTwice, ThereAlready):
        return reverse("case-evidence", args=[incident.pk])
    except UploadRefused:
        form.add_error(None, _("This page could not be kept: there is no room for it on the server."))
        return ""
    messages.success(request, _("The page is evidence now, as it was answered."))
    return reverse("case-evidence-piece", args=[incident.pk, kept.pk])
