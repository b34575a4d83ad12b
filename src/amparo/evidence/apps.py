from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.permissions import EXPORT_CASES, OPEN_SECTIONS


class EvidenceConfig(AppConfig):
    name = "amparo.evidence"

    def ready(self) -> None:
        add_tab(Tab("case-evidence", _("Evidence"), OPEN_SECTIONS, order=50))
        add_tab(Tab("case-leave", _("Take along"), EXPORT_CASES, order=90))
