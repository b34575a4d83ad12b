"""Addresses of who reports. None carries anything of a report, nor which it is."""

from django.urls import path

from amparo.channel import mailbox_views, views

urlpatterns = [
    path("", views.start, name="report"),
    path("write/", views.write, name="report-write"),
    path("mailbox/", mailbox_views.mailbox, name="report-mailbox"),
    path("leave/", views.leave, name="report-leave"),
]
