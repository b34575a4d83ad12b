from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "amparo.files"

    def ready(self) -> None:
        # Models are there only now.
        from amparo.files.resealing import reseal  # noqa: PLC0415
        from amparo.vault.services import call_on_new_data_key  # noqa: PLC0415

        call_on_new_data_key("file", reseal)
