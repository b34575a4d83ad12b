"""Addresses of the interface for programs."""

from django.urls import path

from amparo.portal.api import api
from amparo.portal.api_guide import no_such_address, openapi

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", api.urls),
    path("<path:rest>", no_such_address),
]
