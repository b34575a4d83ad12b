"""Addresses of the desk: the list of cases, and what is done from it."""

from django.urls import path

from amparo.finding import bulk_views, saved_views, views

urlpatterns = [
    path("", views.case_list, name="case-list"),
    path("cases/find/", views.find, name="case-find"),
    path("cases/columns/", views.columns, name="case-columns"),
    path("cases/names/", views.names, name="case-names"),
    path("cases/names/index/", views.index_names, name="case-names-index"),
    path("cases/change/", bulk_views.ask, name="case-bulk"),
    path("cases/change/do/", bulk_views.change, name="case-bulk-do"),
    path("cases/change/undo/", bulk_views.undo, name="case-bulk-undo"),
    path("cases/export/", bulk_views.export, name="case-export"),
    path("cases/searches/", saved_views.searches, name="case-searches"),
    path("cases/searches/save/", saved_views.save, name="case-search-save"),
    path("cases/searches/<int:saved_search>/rename/", saved_views.rename, name="case-search-rename"),
    path("cases/searches/<int:saved_search>/delete/", saved_views.delete, name="case-search-delete"),
]
