"""Addresses of who reports. None carries anything of a report, nor which it is."""

from django.urls import path

from amparo.channel import mailbox_views, sealed_views, views

urlpatterns = [
    path("", views.start, name="report"),
    path("write/", views.write, name="report-write"),
    path("mailbox/", mailbox_views.mailbox, name="report-mailbox"),
    path("sealed/", sealed_views.send, name="report-sealed"),
    path("draft/", sealed_views.keep, name="report-draft"),
    path("mailbox/sealed/", sealed_views.send_message_sealed, name="report-message-sealed"),
    path("leave/", views.leave, name="report-leave"),
]
