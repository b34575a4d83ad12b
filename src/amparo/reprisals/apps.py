from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import READ_CODED_FACTS


class ReprisalsConfig(AppConfig):
    name = "amparo.reprisals"

    def ready(self) -> None:
        from amparo.reprisals.scope import concerns_an_nhri  # noqa: PLC0415  (it needs the models)

        add_tab(Tab("case-reprisal", _("Reprisal"), READ_CODED_FACTS, order=25, shows=concerns_an_nhri))
        add_desk_link(DeskLink("reprisals", _("Reprisals"), READ_CODED_FACTS, order=50))
        add_desk_link(DeskLink("nhri-list", _("NHRIs"), READ_CODED_FACTS, order=51))
