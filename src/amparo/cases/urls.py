"""Addresses of the desk."""

from django.urls import path

from amparo.cases import views

urlpatterns = [
    path("", views.case_list, name="case-list"),
    path("cases/<int:incident>/", views.case_detail, name="case"),
]
