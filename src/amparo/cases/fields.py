"""The column type of a partial date."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from amparo.cases.dates import EventDate


class EventDateField(models.CharField):  # type: ignore[type-arg]
    """An `EventDate` kept as EDTF text, None where nothing is known."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options = {"max_length": 21, "null": True, "blank": True} | options
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, *_: object) -> EventDate | None:
        return EventDate.read(value) if value else None

    def to_python(self, value: Any) -> Any:
        if value in (None, "") or isinstance(value, EventDate):
            return value or None
        try:
            return EventDate.read(value)
        except ValueError:
            raise ValidationError(_("Write a date as 2016, 2016-10 or 2016-10-22.")) from None

    def get_prep_value(self, value: Any) -> str | None:
        return str(value) if value else None

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
