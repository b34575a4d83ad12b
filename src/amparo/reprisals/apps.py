from django.apps import AppConfig


class ReprisalsConfig(AppConfig):
    name = "amparo.reprisals"
