from importlib import import_module

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "amparo.finding"

    def ready(self) -> None:
        # Its receivers need the models, which are there from now on.
        import_module("amparo.finding.keeping_right")
