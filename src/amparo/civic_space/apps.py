from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import READ_CODED_FACTS


class CivicSpaceConfig(AppConfig):
    name = "amparo.civic_space"

    def ready(self) -> None:
        add_desk_link(DeskLink("conditions", _("Civic space"), READ_CODED_FACTS, order=75))
