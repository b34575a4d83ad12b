"""Addresses of the desk."""

from django.urls import include, path

from amparo.cases import evidence_views, views

urlpatterns = [
    path("", include("amparo.cases.response.urls")),
    path("", views.case_list, name="case-list"),
    path("cases/<int:incident>/", views.case_detail, name="case"),
    path("cases/<int:incident>/evidence/<int:evidence>/", evidence_views.copy, name="case-evidence-copy"),
    path(
        "cases/<int:incident>/evidence/<int:evidence>/original/",
        evidence_views.original,
        name="case-evidence-original",
    ),
]
