from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.permissions import READ_CODED_FACTS


class CasesConfig(AppConfig):
    name = "amparo.cases"

    def ready(self) -> None:
        add_tab(Tab("case", _("Overview"), READ_CODED_FACTS, order=10))
