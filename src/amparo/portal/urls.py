"""Addresses of the public pages."""

from django.urls import path

from amparo.portal import api_guide, downloads, explore, views

urlpatterns = [
    path("", views.home, name="home"),
    path("explore/", explore.explore, name="explore"),
    path("explore/table.<slug:form>", downloads.explore_download, name="explore-download"),
    path("countries/", views.country_list, name="country-list"),
    path("countries/<str:code>/", views.country, name="country"),
    path("releases/", views.release_list, name="release-list"),
    path("releases/<slug:identifier>/", views.release_page, name="release"),
    path("releases/<slug:identifier>/<str:name>", downloads.release_download, name="release-download"),
    path("about/", views.about, name="about"),
    path("api/", api_guide.api_guide, name="api-guide"),
]
