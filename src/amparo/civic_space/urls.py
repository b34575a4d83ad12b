"""Addresses of its pages at the desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
