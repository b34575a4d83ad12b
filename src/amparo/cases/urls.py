"""Addresses of the desk."""

from django.urls import include, path

from amparo.cases import views

urlpatterns = [
    path("", include("amparo.cases.response.urls")),
    path("", include("amparo.cases.sharing.urls")),
    path("", include("amparo.cases.audit.urls")),
    path("cases/<int:incident>/", views.case_detail, name="case"),
]
