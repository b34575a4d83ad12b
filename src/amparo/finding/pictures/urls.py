"""Addresses of the pictures of what was found, below the desk. Each takes the list's own query."""

from django.urls import path

from amparo.finding.pictures import views

urlpatterns = [
    path("cases/timeline/", views.on_timeline, name="case-timeline"),
    path("cases/map/", views.on_map, name="case-map"),
    path("cases/network/", views.as_network, name="case-network"),
]
