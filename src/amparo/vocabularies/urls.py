"""Addresses of the vocabularies."""

from django.urls import path

from amparo.vocabularies import views

urlpatterns = [
    path("", views.vocabulary_list, name="vocabulary-list"),
    path("<slug:code>.<slug:form>", views.download, name="vocabulary-download"),
    path("<slug:code>/", views.vocabulary, name="vocabulary"),
    path("<slug:code>/<str:term>/", views.term, name="term"),
]
