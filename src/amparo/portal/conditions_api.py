"""The published conditions for civic space, for programs."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Path, Schema

from amparo.civic_space.files import as_object
from amparo.portal.api import api
from amparo.portal.api_answers import Refusal
from amparo.portal.conditions import is_country, published_conditions


class ConditionsOfCountry(Schema):
    """A country, and what is published of the conditions in it, the oldest first."""

    country: str
    conditions: list[dict[str, Any]]


@api.get(
    "/conditions/{country}",
    response={200: ConditionsOfCountry, 404: Refusal},
    summary=_("The conditions for civic space in a country: laws, shutdowns, closures, progress"),
)
def conditions(request: HttpRequest, country: Path[str]) -> Any:
    if not is_country(country):
        refusal = {"code": "unknown-country", "message": "There is no such country. /api/countries has their codes."}
        return api.create_response(request, refusal, status=404)
    return {"country": country, "conditions": [as_object(each) for each in published_conditions(country)]}
