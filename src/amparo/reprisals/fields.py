"""The column type of an amount of money."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class AmountField(models.CharField):  # type: ignore[type-arg]
    """A `Decimal` kept as text, None where it is not known.

    SQLite keeps decimals as floating-point numbers: the budget of a State has more digits than these hold exactly.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options = {"max_length": 30, "null": True, "blank": True} | options
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, *_: object) -> Decimal | None:
        return Decimal(value) if value else None

    def to_python(self, value: Any) -> Any:
        if value in (None, "") or isinstance(value, Decimal):
            return None if value == "" else value
        try:
            return Decimal(value)
        except InvalidOperation:
            raise ValidationError(_("Write an amount in figures.")) from None

    def get_prep_value(self, value: Any) -> str | None:
        return None if value in (None, "") else f"{Decimal(value):f}"

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
