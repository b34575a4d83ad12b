from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "amparo.institutions"

    def ready(self) -> None:
        # Every sign-in gets the time by which its session ends.
        from amparo.institutions import sessions  # noqa: F401, PLC0415
