"""Addresses of its pages at the desk."""

from django.urls import path

from amparo.civic_space import review_views, timeline_views, views

urlpatterns = [
    path("conditions/", views.conditions, name="conditions"),
    path("conditions/new/", views.new_condition, name="condition-new"),
    path("conditions/waiting/", review_views.waiting, name="conditions-waiting"),
    path("conditions/template.csv", timeline_views.template, name="conditions-template"),
    path("conditions/list.<slug:form>", timeline_views.download, name="conditions-download"),
    path("conditions/countries/", timeline_views.countries, name="conditions-countries"),
    path("conditions/countries/<slug:country>/", timeline_views.country, name="conditions-country"),
    path("conditions/<int:number>/", views.condition, name="condition"),
    path("conditions/<int:number>/change/", views.change_condition, name="condition-change"),
    path("conditions/<int:number>/undo/", views.undo_change, name="condition-undo"),
    path("conditions/<int:number>/send/", review_views.send, name="condition-send"),
    path("conditions/<int:number>/approve/", review_views.approve, name="condition-approve"),
    path("conditions/<int:number>/give-back/", review_views.give_back, name="condition-give-back"),
    path("conditions/<int:number>/withdraw/", review_views.withdraw, name="condition-withdraw"),
    path("conditions/<int:number>/put-back/", review_views.put_back, name="condition-put-back"),
    path("conditions/<int:number>/remove/", review_views.remove, name="condition-remove"),
]
