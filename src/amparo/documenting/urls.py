"""Addresses of the desk for who documents cases."""

from django.urls import URLPattern, path

from amparo.documenting import new_views, part_views, said_views, step_views

urlpatterns: list[URLPattern] = [
    path("cases/new/", new_views.new_case, name="case-new"),
    path("cases/quick/", new_views.quick_case, name="case-quick"),
    path("drafts/keep/", new_views.keep, name="draft-keep"),
    path("drafts/<int:draft>/drop/", new_views.drop, name="draft-drop"),
    path("cases/<int:incident>/document/", step_views.step, name="case-document"),
    path("cases/<int:incident>/document/open/", step_views.open_case, name="case-open"),
    path("cases/<int:incident>/document/discard/", step_views.discard, name="case-discard"),
    path("cases/<int:incident>/document/<slug:step>/", step_views.step, name="case-document"),
    path("cases/<int:incident>/document/<slug:part>/add/", part_views.add, name="case-part-add"),
    path("cases/<int:incident>/document/<slug:part>/<int:number>/", part_views.change, name="case-part"),
    path("cases/<int:incident>/document/<slug:part>/<int:number>/remove/", part_views.remove, name="case-part-remove"),
    path("cases/<int:incident>/document/source/<int:source>/said/", said_views.said, name="case-said"),
    path("cases/<int:incident>/document/source/<int:source>/said/<int:victim>/", said_views.said, name="case-said"),
]
