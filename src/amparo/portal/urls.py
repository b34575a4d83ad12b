"""Addresses of the public pages."""

from django.urls import path

from amparo.portal import (
    api_guide,
    changes,
    conditions,
    downloads,
    embedding,
    explore,
    figure_downloads,
    methods,
    statements,
    views,
)
from amparo.portal.comparing.views import compare
from amparo.portal.reports.views import report, report_list, report_pdf

urlpatterns = [
    path("", views.home, name="home"),
    path("explore/", explore.explore, name="explore"),
    path("explore/table.<slug:form>", downloads.explore_download, name="explore-download"),
    path("explore/chart.<slug:form>", downloads.chart_download, name="chart-download"),
    path("explore/embed", embedding.embed, name="explore-embed"),
    path("countries/", views.country_list, name="country-list"),
    path("countries/<str:code>/", views.country, name="country"),
    path("countries/<str:code>/conditions/", conditions.conditions, name="country-conditions"),
    path("countries/<str:code>/conditions/<slug:setting>/", conditions.conditions, name="country-conditions-in"),
    path("countries/<str:code>/conditions.<slug:form>", conditions.download, name="country-conditions-file"),
    path("releases/", views.release_list, name="release-list"),
    path("releases/<slug:identifier>/", views.release_page, name="release"),
    path("releases/<slug:identifier>/changes/", changes.changes, name="release-changes"),
    path("releases/<slug:identifier>/table.<slug:form>", figure_downloads.figure_download, name="figure-download"),
    path("releases/<slug:identifier>/<str:name>", downloads.release_download, name="release-download"),
    path("compare/", compare, name="compare"),
    path("reports/", report_list, name="report-list"),
    path("reports/<slug:code>/", report, name="defender-report"),
    path("reports/<slug:code>.pdf", report_pdf, name="defender-report-pdf"),
    path("statements/", statements.statement_list, name="statement-list"),
    path("statements/<int:number>/", statements.statement, name="public-statement"),
    path("statements/<int:number>/<slug:language>/", statements.statement, name="public-statement-in"),
    path("methods/populations.csv", methods.populations, name="populations"),
    path("methods/", methods.methods, name="methods"),
    path("about/", views.about, name="about"),
    path("api/", api_guide.api_guide, name="api-guide"),
]
