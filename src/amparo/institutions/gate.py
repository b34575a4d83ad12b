"""Who is signed in, asked of the database only where a page wants to know."""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from amparo.institutions.sessions import person_of


class StaffGate(AuthenticationMiddleware):
    """Django's own, but a session that lay idle, is too old, or whose institution was locked is nobody's any more.

    Public pages never ask who reads them, so that they are the same for everybody and can be kept in a cache.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
