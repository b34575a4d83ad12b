from collections.abc import Iterable

from django.apps import AppConfig

from amparo.cases.audit.records import add_records


class ChannelConfig(AppConfig):
    name = "amparo.channel"

    def ready(self) -> None:
        add_records(_reports_of)


def _reports_of(incident: int) -> Iterable[str]:
    """What the log calls the reports of which a case was made; only those of its own institution."""
    from amparo.channel.models import Report  # noqa: PLC0415

    return [f"report:{report.pk}" for report in Report.objects.filter(incident=incident)]
