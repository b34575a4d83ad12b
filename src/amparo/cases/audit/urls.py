"""Addresses of the history of a case, below the desk."""

from django.urls import path

from amparo.cases.audit import views

urlpatterns = [path("cases/<int:incident>/history/", views.history, name="case-history")]
