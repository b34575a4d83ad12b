from django.apps import AppConfig


class CivicSpaceConfig(AppConfig):
    name = "amparo.civic_space"
