from django.apps import AppConfig


class DocumentingConfig(AppConfig):
    name = "amparo.documenting"
