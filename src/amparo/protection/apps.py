from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.cases.tabs import Tab, add_tab
from amparo.channel.triage.next_steps import NextStep, add_next_step
from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import PROTECT_DEFENDERS, READ_CODED_FACTS


class ProtectionConfig(AppConfig):
    name = "amparo.protection"

    def ready(self) -> None:
        add_tab(Tab("case-protection", _("Protection"), PROTECT_DEFENDERS, order=60))
        add_desk_link(DeskLink("protection-emergency", _("Emergency"), PROTECT_DEFENDERS, order=0))
        add_desk_link(DeskLink("protection", _("Protection"), PROTECT_DEFENDERS, order=50))
        add_desk_link(DeskLink("national-protection", _("National protection system"), READ_CODED_FACTS, order=70))
        add_next_step(NextStep("protection-new", _("Ask for protection"), PROTECT_DEFENDERS))
