from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "amparo.statistics"
