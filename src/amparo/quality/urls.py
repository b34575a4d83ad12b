"""Addresses of its pages at the desk."""

from django.urls import path

from amparo.quality import coding_views, views

urlpatterns = [
    path("quality/", views.quality, name="quality"),
    path("quality/completeness/", views.show_completeness, name="quality-completeness"),
    path("quality/delays/", views.show_delays, name="quality-delays"),
    path("quality/unusual/", views.show_unusual, name="quality-unusual"),
    path("quality/duplicates/", views.show_duplicates, name="quality-duplicates"),
    path("quality/tables/<slug:table>.csv", views.table_csv, name="quality-csv"),
    path("quality/agreement/", coding_views.agreement, name="quality-agreement"),
    path("quality/agreement/<int:number>/", coding_views.coding_round, name="quality-round"),
    path("quality/agreement/<int:number>/next/", coding_views.next_case, name="quality-round-next"),
    path("quality/agreement/<int:number>/drop/", coding_views.drop, name="quality-round-drop"),
    path("quality/agreement/<int:number>/<slug:table>.csv", coding_views.round_csv, name="quality-round-csv"),
    path("quality/agreement/case/<int:sampled>/", coding_views.code_again, name="quality-code-again"),
    path("quality/agreement/case/<int:sampled>/<slug:field>/", coding_views.resolve, name="quality-resolve"),
]
