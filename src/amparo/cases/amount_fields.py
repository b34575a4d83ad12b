"""Amounts of money in forms, written as people of four languages write them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.cases.amounts import MOST_DIGITS, AmountNotRead, read_amount


class AmountInput(forms.TextInput):
    """An amount is shown again as the reader writes it: a number, never in another language's form."""

    def format_value(self, value: Any) -> str | None:
        return f"{value:f}" if isinstance(value, Decimal) else super().format_value(value)


class AmountFormField(forms.CharField):
    """An amount in the reader's form, as a `Decimal`; None where nothing is written."""

    def __init__(self, *, most_digits: int = MOST_DIGITS, **options: Any) -> None:
        options.setdefault("required", False)
        attributes = {"inputmode": "decimal", "autocomplete": "off", "size": "24", "dir": "ltr"}
        super().__init__(max_length=60, widget=AmountInput(attrs=attributes), **options)
        self.most_digits = most_digits

    def clean(self, value: Any) -> Any:
        written = str(super().clean(value)).strip()
        if not written:
            return None
        try:
            return read_amount(written, get_language() or "en", self.most_digits)
        except AmountNotRead as refused:
            raise forms.ValidationError(explain_amount(refused.code)) from None


def explain_amount(code: str) -> str:
    """What is wrong with an amount, and what was expected."""
    return {
        "negative": _("An amount can’t be less than nothing. Write it without a minus."),
        "ambiguous": _(
            "This could mean thousands or thousandths. Write all digits without any mark, such as 1234, or 1234.50."
        ),
        "too-long": _("Write an amount with at most two decimals."),
    }.get(code, _("Write an amount in figures, such as 1234567.50."))
