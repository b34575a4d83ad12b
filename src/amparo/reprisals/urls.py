"""Addresses of the desk: NHRIs, the register of reprisals against them, its guide and report, and a case's page."""

from django.urls import path

from amparo.reprisals import case_views, guide_views, profile_views, register_views

urlpatterns = [
    path("nhris/", profile_views.nhri_list, name="nhri-list"),
    path("nhris/new/", profile_views.add, name="nhri-add"),
    path("nhris/<int:profile>/", profile_views.nhri, name="nhri"),
    path("nhris/<int:profile>/edit/", profile_views.edit, name="nhri-edit"),
    path("nhris/<int:profile>/history/", profile_views.history, name="nhri-history"),
    path("nhris/<int:profile>/<slug:part>/new/", profile_views.part, name="nhri-part-add"),
    path("nhris/<int:profile>/<slug:part>/<int:number>/", profile_views.part, name="nhri-part"),
    path("nhris/<int:profile>/<slug:part>/<int:number>/remove/", profile_views.remove_part, name="nhri-part-remove"),
    path("reprisals/", register_views.register, name="reprisals"),
    path("reprisals/print/", register_views.on_paper, name="reprisals-print"),
    path("reprisals/register.csv", register_views.register_csv, name="reprisals-csv"),
    path("reprisals/report/", register_views.report, name="reprisals-report"),
    path("reprisals/report.csv", register_views.report_csv, name="reprisals-report-csv"),
    path("reprisals/new/", guide_views.begin, name="reprisal-begin"),
    path("reprisals/new/<slug:token>/give-up/", guide_views.give_up, name="reprisal-give-up"),
    path("reprisals/new/<slug:token>/<slug:step>/", guide_views.step, name="reprisal-step"),
    path("cases/<int:incident>/reprisal/", case_views.reprisal, name="case-reprisal"),
    path("cases/<int:incident>/reprisal/mark/", case_views.mark, name="case-reprisal-mark"),
    path("cases/<int:incident>/reprisal/facts/", case_views.facts, name="case-reprisal-facts"),
    path("cases/<int:incident>/reprisal/forms/new/<slug:form>/", case_views.add_form, name="case-reprisal-form-add"),
    path("cases/<int:incident>/reprisal/forms/<int:number>/", case_views.change_form, name="case-reprisal-form"),
    path(
        "cases/<int:incident>/reprisal/forms/<int:number>/remove/",
        case_views.remove_form,
        name="case-reprisal-form-remove",
    ),
    path("cases/<int:incident>/reprisal/un/new/", case_views.cooperation, name="case-reprisal-un-add"),
    path("cases/<int:incident>/reprisal/un/<int:number>/", case_views.cooperation, name="case-reprisal-un"),
    path(
        "cases/<int:incident>/reprisal/un/<int:number>/remove/",
        case_views.remove_cooperation,
        name="case-reprisal-un-remove",
    ),
]
