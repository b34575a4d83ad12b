"""The request that a page is about; 404 whoever else's it is. And what every page of a request shares."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.protection.desk import OPEN_STATUS
from amparo.protection.held import ProtectionError
from amparo.protection.labels import explain
from amparo.protection.models import ProtectionRequest
from amparo.protection.opened import OpenedRequest, find_request, note_opening, open_request


def find(request: HttpRequest, number: int) -> ProtectionRequest:
    """The request of the signed-in person's institution. Raises Http404, whoever else's it is."""
    try:
        return find_request(person(request), number)
    except ProtectionRequest.DoesNotExist:
        raise Http404 from None


def open_page(request: HttpRequest, number: int) -> OpenedRequest:
    """The request with what this session opens of it; that it was opened is in the log. Raises Http404."""
    opened = open_request(find(request, number), unlocked_institution(request))
    note_opening(person(request), opened)
    return opened


def show(
    request: HttpRequest, template: str, opened: OpenedRequest, *, status: int = 200, **context: object
) -> HttpResponse:
    """A page of a request."""
    shared: dict[str, object] = {
        "opened": opened,
        "protection": opened.request,
        "is_open": opened.request.status in OPEN_STATUS,
        "unlocked": opened.has_keys,
        "institution": institution_of(request),
        "heading": _("Request for protection %(number)s") % {"number": opened.request.pk},
    }
    return render(request, template, shared | context, status=status)


def try_or_tell(form: Any, do: Callable[[], Any]) -> Any:
    """What `do` gives; None, with the reason on the form, where it could not be done."""
    try:
        return do()
    except ProtectionError as refused:
        form.add_error(None, explain(refused.code))
        return None
