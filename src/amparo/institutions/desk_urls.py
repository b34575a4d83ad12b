"""Addresses of the desk that are about people: who works here, the log, locking."""

from django.urls import path

from amparo.institutions import account_views, log_views, people_views

urlpatterns = [
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.invite_person, name="invite-person"),
    path("people/invitations/<int:invitation>/", people_views.answer_invitation, name="invitation"),
    path("people/<int:member>/", people_views.person, name="person"),
    path("key/", people_views.institution_key, name="key"),
    path("log/", log_views.log, name="log"),
    path("lock/", account_views.lock, name="lock"),
]
