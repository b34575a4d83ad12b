"""Addresses of the interface for programs."""

from django.urls import path

# Imported for what it adds to the interface, before its addresses are read.
from amparo.portal import conditions_api  # noqa: F401
from amparo.portal.api import api
from amparo.portal.api_guide import no_such_address, openapi

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", api.urls),
    path("<path:rest>", no_such_address),
]
