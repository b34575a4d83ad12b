"""Addresses of consents and sharing, below the desk."""

from django.urls import path

from amparo.cases.sharing import consent_views, shared_views, views

urlpatterns = [
    path("cases/<int:incident>/consent/", consent_views.consent, name="case-consent"),
    path("cases/<int:incident>/consent/record/", consent_views.record, name="consent-record"),
    path("cases/<int:incident>/consent/withdraw/", consent_views.withdraw, name="consent-withdraw"),
    path("cases/<int:incident>/consent/history/", consent_views.history, name="consent-history"),
    path("cases/<int:incident>/sharing/", views.share, name="case-sharing"),
    path("cases/<int:incident>/sharing/<int:share>/stop/", views.stop, name="sharing-stop"),
    path("shared/", shared_views.shared_with_us, name="shared-with-us"),
    path("shared/<int:share>/", shared_views.shared_case, name="shared-case"),
    path("shared/<int:share>/files/<uuid:file>/", shared_views.shared_file, name="shared-file"),
]
