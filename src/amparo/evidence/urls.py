"""Addresses of the desk."""

from django.urls import path

from amparo.evidence import capture_views, leaving_views, opening, views

_PIECE = "cases/<int:incident>/evidence/<int:evidence>/"

urlpatterns = [
    path("cases/<int:incident>/leave/", leaving_views.leave, name="case-leave"),
    path("cases/<int:incident>/leave/package/", leaving_views.package, name="case-package"),
    path("cases/<int:incident>/leave/case-file/", leaving_views.case_file, name="case-file"),
    path("cases/<int:incident>/evidence/", views.evidence_list, name="case-evidence"),
    path("cases/<int:incident>/evidence/add/", views.add, name="case-evidence-add"),
    path("cases/<int:incident>/evidence/page/", capture_views.capture, name="case-evidence-capture"),
    path(_PIECE, views.piece, name="case-evidence-piece"),
    path(f"{_PIECE}describe/", views.describe, name="case-evidence-describe"),
    path(f"{_PIECE}verify/", views.verify, name="case-evidence-verify"),
    path(f"{_PIECE}stamp/", views.stamp, name="case-evidence-stamp"),
    path(f"{_PIECE}custody.csv", views.custody_csv, name="case-evidence-custody"),
    path(f"{_PIECE}copy/", opening.copy, name="case-evidence-copy"),
    path(f"{_PIECE}preview/", opening.preview, name="case-evidence-preview"),
    path(f"{_PIECE}original/", opening.original, name="case-evidence-original"),
]
