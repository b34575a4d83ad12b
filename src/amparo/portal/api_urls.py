"""Addresses of the interface for programs."""

from django.urls import path

from amparo.portal.api import api
from amparo.portal.api_guide import openapi

urlpatterns = [path("openapi.json", openapi, name="openapi"), path("", api.urls)]
