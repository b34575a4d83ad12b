from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "amparo.institutions"
