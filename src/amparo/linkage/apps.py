from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import DOCUMENT_CASES, READ_CODED_FACTS


class LinkageConfig(AppConfig):
    name = "amparo.linkage"

    def ready(self) -> None:
        add_tab(Tab("case-same", _("Same persons"), READ_CODED_FACTS, order=80))
        add_desk_link(DeskLink("same-persons", _("Same persons"), DOCUMENT_CASES, order=50))
