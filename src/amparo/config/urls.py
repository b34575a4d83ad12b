"""Addresses. The language is the first part of every page's address, so that a link keeps its language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from amparo.portal.views import robots

urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", robots, name="robots"),
    path("api/", include("amparo.portal.api_urls")),
    *i18n_patterns(
        path("vocabularies/", include("amparo.vocabularies.urls")),
        path("desk/", include("amparo.institutions.desk_urls")),
        path("desk/", include("amparo.notices.urls")),
        path("desk/", include("amparo.channel.triage.urls")),
        path("desk/", include("amparo.finding.urls")),
        path("desk/", include("amparo.finding.pictures.urls")),
        path("desk/", include("amparo.linkage.urls")),
        path("desk/", include("amparo.evidence.urls")),
        path("desk/", include("amparo.documenting.urls")),
        path("desk/", include("amparo.reprisals.urls")),
        path("desk/", include("amparo.protection.urls")),
        path("desk/", include("amparo.quality.urls")),
        path("desk/", include("amparo.civic_space.urls")),
        path("desk/", include("amparo.warning.urls")),
        path("desk/", include("amparo.cases.urls")),
        path("report/", include("amparo.channel.urls")),
        path("account/", include("amparo.institutions.urls")),
        path("", include("amparo.portal.urls")),
        prefix_default_language=True,
    ),
]
