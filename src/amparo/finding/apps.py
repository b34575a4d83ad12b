from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "amparo.finding"
