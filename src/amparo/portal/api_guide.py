"""The interface for programs, explained to people and described to programs: nothing in it comes from elsewhere."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from amparo.portal.api import api
from amparo.statistics.releases import latest_release


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked for, in the reader's language; `example` is an address that answers."""

    path: str
    summary: str
    parameters: tuple[str, ...]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs (OpenAPI)."""
    return JsonResponse(api.get_openapi_schema(), headers={"Access-Control-Allow-Origin": "*"})


def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """What a program is told that asks below /api/ for something that is not there: data, never a page."""
    message = "There is nothing at this address. /api/openapi.json says what there is."
    said = {"code": "unknown-address", "message": message}
    return JsonResponse(said, status=404, headers={"Access-Control-Allow-Origin": "*"})


@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    operations = [
        Operation(
            path,
            gettext(described["get"]["summary"]),
            tuple(each["name"] for each in described["get"].get("parameters", ())),
        )
        for path, described in api.get_openapi_schema()["paths"].items()
    ]
    return render(request, "portal/api-guide.html", {"operations": operations, "release": latest_release()})
