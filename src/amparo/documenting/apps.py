from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import DOCUMENT_CASES


class DocumentingConfig(AppConfig):
    name = "amparo.documenting"

    def ready(self) -> None:
        add_tab(Tab("case-document", _("Document"), DOCUMENT_CASES, order=12))
        add_desk_link(DeskLink("case-new", _("New case"), DOCUMENT_CASES, order=5))
        add_desk_link(DeskLink("case-quick", _("Quick entry"), DOCUMENT_CASES, order=6))
