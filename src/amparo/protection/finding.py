"""The request that a page is about; 404 whoever else's it is. And what every page of a request shares."""

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import unlocked_institution
from amparo.protection.desk import OPEN_STATUS
from amparo.protection.held import ProtectionError
from amparo.protection.labels import explain
from amparo.protection.models import ProtectionRequest
from amparo.protection.opened import OpenedRequest, find_request, note_opening, open_request


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page of the desk."""
    return cast(User, request.user)


def institution_of(request: HttpRequest) -> Institution:
    """The institution of who is signed in, on a page of the desk."""
    return cast(Institution, person(request).institution)


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


def status_of(form: Any, shown_again: bool = False) -> int:
    """422 for a form that was sent and not taken."""
    return 422 if form.is_bound and not shown_again else 200


def with_version(request: HttpRequest, version: int) -> QueryDict:
    """What was sent, to be sent again over what is there now: whoever does so has been told."""
    changed = request.POST.copy()
    changed["version"] = str(version)
    return changed
