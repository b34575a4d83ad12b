"""Addresses of the desk of who answers reports, below the desk."""

from django.urls import path

from amparo.channel.triage import channel_pages, deciding, destroying, report_files, views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/spam/", views.spam, name="inbox-spam"),
    path("inbox/undo/", views.undo_spam, name="inbox-undo"),
    path("inbox/<uuid:report>/", views.report, name="inbox-report"),
    path("inbox/<uuid:report>/acknowledge/", views.acknowledge, name="inbox-acknowledge"),
    path("inbox/<uuid:report>/message/", views.message, name="inbox-message"),
    path("inbox/<uuid:report>/reject/", views.reject, name="inbox-reject"),
    path("inbox/<uuid:report>/reopen/", views.reopen, name="inbox-reopen"),
    path("inbox/<uuid:report>/retention/", views.retention, name="inbox-retention"),
    path("inbox/<uuid:report>/accept/", deciding.accept, name="inbox-accept"),
    path("inbox/<uuid:report>/refer/", deciding.refer, name="inbox-refer"),
    path("inbox/<uuid:report>/destroy/", destroying.destroy, name="inbox-destroy"),
    path("inbox/<uuid:report>/files/<uuid:file>/", report_files.file_page, name="inbox-file"),
    path("inbox/<uuid:report>/files/<uuid:file>/preview/", report_files.preview, name="inbox-file-preview"),
    path("inbox/<uuid:report>/files/<uuid:file>/copy/", report_files.copy, name="inbox-file-copy"),
    path("inbox/<uuid:report>/files/<uuid:file>/original/", report_files.original, name="inbox-file-original"),
    path("channel/", channel_pages.set_up, name="channel-settings"),
    path("channel/poster/", channel_pages.poster, name="channel-poster"),
    path("channel/statistics/", channel_pages.statistics, name="channel-statistics"),
]
