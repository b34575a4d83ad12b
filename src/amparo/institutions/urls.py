"""Addresses of signing in and out, of one's own account, and of coming in from outside."""

from django.urls import path

from amparo.institutions import account_views, factor_views, installation_views, joining_views, views

urlpatterns = [
    path("", account_views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("second-factor/", factor_views.second_factor, name="second-factor"),
    path("second-factor/set-up/", factor_views.set_up, name="second-factor-set-up"),
    path("second-factor/codes/", factor_views.new_codes, name="new-codes"),
    path("second-factor/<int:factor>/remove/", factor_views.remove_factor, name="remove-factor"),
    path("sessions/<int:opened>/end/", account_views.end_session, name="end-session"),
    path("sessions/end-others/", account_views.end_other_sessions, name="end-other-sessions"),
    path("password/", account_views.change_password, name="change-password"),
    path("join/", joining_views.join_page, name="join"),
    path("recover/", joining_views.recover_page, name="recover"),
    path("locked/", account_views.locked, name="locked"),
    path("installation/", installation_views.installation, name="installation"),
    path("installation/set-up/", installation_views.set_up_institution, name="set-up-institution"),
    path("installation/<int:institution>/unlock/", installation_views.unlock, name="unlock-institution"),
]
