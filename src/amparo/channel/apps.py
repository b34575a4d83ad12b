from django.apps import AppConfig


class ChannelConfig(AppConfig):
    name = "amparo.channel"
