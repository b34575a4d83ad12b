from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import (
    DOCUMENT_CASES,
    OPEN_SECTIONS,
    READ_AUDIT,
    READ_CODED_FACTS,
    SHARE_SECTIONS,
)


class CasesConfig(AppConfig):
    name = "amparo.cases"

    def ready(self) -> None:
        add_tab(Tab("case", _("Overview"), READ_CODED_FACTS, order=10))
        add_tab(Tab("case-response", _("Response"), READ_CODED_FACTS, order=30))
        add_tab(Tab("case-status", _("Status"), READ_CODED_FACTS, order=40))
        add_desk_link(DeskLink("laws", _("Laws used"), DOCUMENT_CASES, order=60))
        add_tab(Tab("case-consent", _("Consent"), READ_CODED_FACTS, order=60))
        add_tab(Tab("case-sharing", _("Sharing"), SHARE_SECTIONS, order=65))
        add_tab(Tab("case-history", _("History"), READ_AUDIT, order=90))
        add_desk_link(DeskLink("shared-with-us", _("Shared with us"), OPEN_SECTIONS, order=30))
