"""Addresses of notices, below the desk."""

from django.urls import path

from amparo.notices import views

urlpatterns = [
    path("notices/", views.wishes, name="notices"),
    path("notices/test/", views.send_test, name="notices-test"),
    path("notices/stop/", views.stop, name="notices-stop"),
    path("notices/deliveries/", views.deliveries, name="notice-deliveries"),
]
