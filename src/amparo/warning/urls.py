"""Addresses of signals, alerts and the response, below the desk."""

from django.urls import path

from amparo.warning.alerts import views as alerts
from amparo.warning.overview import overview
from amparo.warning.signals import views as signals
from amparo.warning.triggers import views as triggers

urlpatterns = [
    path("warning/", overview, name="warning"),
    path("warning/rules/", triggers.rule_list, name="rules"),
    path("warning/rules/<slug:kind>/", triggers.rule_page, name="rule"),
    path("warning/rules/<slug:kind>/switch/", triggers.switch, name="rule-switch"),
    path("warning/signals/", signals.signal_list, name="signals"),
    path("warning/signals/new/", signals.new, name="signal-new"),
    path("warning/signals/<int:number>/", signals.signal_page, name="signal"),
    path("warning/signals/<int:number>/alert/", alerts.open_alert, name="alert-new"),
    path("warning/signals/<int:number>/add/", alerts.add_signal, name="alert-add-signal"),
    path("warning/alerts/", alerts.alert_list, name="alerts"),
    path("warning/alerts/<int:number>/", alerts.alert_page, name="alert"),
    path("warning/alerts/<int:number>/level/", alerts.set_level, name="alert-level"),
    path("warning/alerts/<int:number>/mute/", alerts.mute, name="alert-mute"),
    path("warning/alerts/<int:number>/unmute/", alerts.unmute, name="alert-unmute"),
    path("warning/alerts/<int:number>/merge/", alerts.merge, name="alert-merge"),
    path("warning/alerts/<int:number>/close/", alerts.close, name="alert-close"),
    path("warning/alerts/<int:number>/reopen/", alerts.reopen, name="alert-reopen"),
    path("warning/calls/<int:number>/answer/", alerts.answer_call, name="call-answer"),
]
