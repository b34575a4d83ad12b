"""Addresses of protection and of national protection systems, below the desk."""

from django.urls import path

from amparo.protection import national_views, plan_views, request_views, views

urlpatterns = [
    path("protection/", views.protection_list, name="protection"),
    path("protection/due/", views.due, name="protection-due"),
    path("protection/indicators/", views.indicators, name="protection-indicators"),
    path("protection/new/", request_views.new, name="protection-new"),
    path("protection/emergency/", request_views.open_emergency, name="protection-emergency"),
    path("protection/<int:number>/", views.request_page, name="protection-request"),
    path("protection/<int:number>/change/", request_views.change, name="protection-change"),
    path("protection/<int:number>/refuse/", request_views.refuse, name="protection-refuse"),
    path("protection/<int:number>/reopen/", request_views.reopen, name="protection-reopen"),
    path("protection/<int:number>/assess/", plan_views.assess, name="protection-assess"),
    path("protection/<int:number>/assessments/", plan_views.compare, name="protection-assessments"),
    path("protection/<int:number>/plan/", plan_views.plan, name="protection-plan"),
    path("protection/<int:number>/print/", plan_views.print_plan, name="protection-print"),
    path("protection/<int:number>/review/", plan_views.review, name="protection-review"),
    path("protection/<int:number>/close/", plan_views.close, name="protection-close"),
    path("protection/<int:number>/measures/new/", plan_views.add_measure, name="protection-measure-new"),
    path("protection/<int:number>/measures/<int:measure>/", plan_views.change_measure, name="protection-measure"),
    path(
        "protection/<int:number>/measures/<int:measure>/tick/", plan_views.tick_measure, name="protection-measure-tick"
    ),
    path("cases/<int:incident>/protection/", views.of_case, name="case-protection"),
    path("national-protection/", national_views.countries, name="national-protection"),
    path("national-protection/country/<slug:country>/", national_views.country, name="national-country"),
    path("national-protection/parts/new/", national_views.new_part, name="national-part-new"),
    path("national-protection/parts/<int:part>/", national_views.change_part, name="national-part"),
    path("national-protection/parts/<int:part>/remove/", national_views.remove_part, name="national-part-remove"),
    path("national-protection/parts/<int:part>/states/new/", national_views.new_state, name="national-state-new"),
    path(
        "national-protection/parts/<int:part>/states/<int:state>/remove/",
        national_views.remove_state,
        name="national-state-remove",
    ),
    path(
        "national-protection/parts/<int:part>/consultations/new/",
        national_views.new_consultation,
        name="national-consultation-new",
    ),
    path(
        "national-protection/parts/<int:part>/consultations/<int:consultation>/",
        national_views.change_consultation,
        name="national-consultation",
    ),
    path(
        "national-protection/parts/<int:part>/consultations/<int:consultation>/remove/",
        national_views.remove_consultation,
        name="national-consultation-remove",
    ),
]
