"""Addresses of the desk."""

from django.urls import path

from amparo.linkage import views

urlpatterns = [
    path("same/", views.candidates, name="same-persons"),
    path("same/look/", views.look, name="same-persons-look"),
    path("same/sure/", views.accept_sure, name="same-persons-sure"),
    path("same/undo/", views.undo_sure, name="same-persons-undo"),
    path("same/<int:candidate>/", views.candidate, name="same-persons-pair"),
    path("cases/<int:incident>/same/", views.merges_of_case, name="case-same"),
    path("cases/<int:incident>/same/<int:merge>/", views.undo_merge, name="case-same-undo"),
]
