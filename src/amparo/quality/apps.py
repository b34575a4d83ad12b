from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

from amparo.institutions.desk_links import DeskLink, add_desk_link
from amparo.institutions.permissions import READ_CODED_FACTS


class QualityConfig(AppConfig):
    name = "amparo.quality"

    def ready(self) -> None:
        # Its conditions need the models, which are there from now on.
        import_module("amparo.quality.facets").add_facets()
        add_desk_link(DeskLink("quality", _("Quality of the data"), READ_CODED_FACTS, order=52))
