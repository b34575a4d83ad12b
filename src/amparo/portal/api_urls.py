"""Addresses of the interface for programs."""

from django.urls import path

from amparo.portal.api import api

urlpatterns = [path("", api.urls)]
