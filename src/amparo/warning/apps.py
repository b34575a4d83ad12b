from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import HANDLE_ALERTS


class WarningConfig(AppConfig):
    name = "amparo.warning"

    def ready(self) -> None:
        add_desk_link(DeskLink("signal-new", _("Raise a signal"), HANDLE_ALERTS, order=1))
        add_desk_link(DeskLink("warning", _("Early warning"), HANDLE_ALERTS, order=45))
