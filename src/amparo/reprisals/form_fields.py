"""Fields that forms of this package share: codes with their definitions, dates, amounts, currencies, years."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amparo.cases.amount_fields import AmountFormField
from amparo.cases.amounts import read_digits
from amparo.cases.dates import EventDate
from amparo.cases.money import currencies
from amparo.documenting.fields import WhenField
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

Label = Any  # a text, or one that is translated when it is shown
Choices = list[tuple[str, Any]]
LONGEST_TEXT = 20_000
_NOT_IN_LIST = gettext_lazy("Please choose from the list: what was sent here is not in it.")
_EARLIEST_YEAR, _LATEST_YEAR = 1945, 2100


def choices_of(vocabulary: str, *, below: str | None = None, unknown: bool = False) -> Choices:
    """The terms of `vocabulary` as choices, those under a broader one in a group; with `below` only these."""
    language, found = get_language() or "en", get_vocabulary(vocabulary)

    def pair(code: str) -> tuple[str, str]:
        return code, found.terms[code].label(language)

    if below is not None:
        return [pair(code) for code in found.with_narrower(below)[1:]]
    choices: Choices = [pair(UNKNOWN)] if unknown and UNKNOWN in found.terms else []
    for root in found.roots():
        under = found.with_narrower(root)[1:]
        if under:
            choices.append((found.terms[root].label(language), [pair(code) for code in under]))
        elif root != UNKNOWN:
            choices.append(pair(root))
    return choices


class CodeField(forms.ChoiceField):
    """One code of a vocabulary; "unknown" where nothing is chosen."""

    def __init__(self, vocabulary: str, label: Label, *, offered: Callable[[], Choices] | None = None, **options: Any):
        self.vocabulary = vocabulary
        options.setdefault("required", False)
        options.setdefault("initial", UNKNOWN)
        super().__init__(
            choices=offered or (lambda: choices_of(vocabulary, unknown=True)),
            label=label,
            error_messages={"invalid_choice": _NOT_IN_LIST},
            **options,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value) or UNKNOWN)


class CodesField(forms.MultipleChoiceField):
    """Several codes of a vocabulary; with `below`, those under one term."""

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self,
        vocabulary: str,
        label: Label,
        *,
        below: str | None = None,
        offered: Callable[[], Choices] | None = None,
        **options: Any,
    ):
        self.vocabulary = vocabulary
        options.setdefault("required", False)
        super().__init__(
            choices=offered or (lambda: choices_of(vocabulary, below=below)),
            label=label,
            error_messages={"invalid_choice": _NOT_IN_LIST, "invalid_list": _NOT_IN_LIST},
            **options,
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(super().clean(value))


class DateField(WhenField):
    """A date as far as it is known. None where nothing is; one that has not come yet is asked about."""

    def __init__(self, *, may_come: bool = False, **options: Any) -> None:
        self.may_come = may_come
        options.setdefault("required", False)
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        when = EventDate.read(written) if written else None
        if when is not None and not self.may_come and when.earliest > timezone.now().date():
            raise forms.ValidationError(_("This date has not come yet. Write when it happened."))
        return when


class TextField(forms.CharField):
    """Text that goes sealed."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        options.setdefault("required", False)
        attributes = {"rows": rows, "dir": "auto", "autocomplete": "off"}
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs=attributes), **options)


class NumberField(forms.CharField):
    """A whole number in any script's digits."""

    def __init__(self, *, smallest: int = 0, largest: int = 1_000_000, **options: Any) -> None:
        self.smallest, self.largest = smallest, largest
        attributes = {"inputmode": "numeric", "autocomplete": "off", "size": "12"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> Any:
        written = read_digits(str(super().clean(value))).strip()
        if not written:
            return None
        if not written.isascii() or not written.isdigit():
            raise forms.ValidationError(_("Write a whole number in figures, such as 12."))
        if not self.smallest <= int(written) <= self.largest:
            raise forms.ValidationError(
                _("Write a number between %(smallest)s and %(largest)s.")
                % {"smallest": self.smallest, "largest": self.largest}
            )
        return int(written)


class YearField(NumberField):
    """A year with four digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(smallest=_EARLIEST_YEAR, largest=_LATEST_YEAR, **options)


class PercentField(AmountFormField):
    """A share in per cent, from 0 to 100."""

    def clean(self, value: Any) -> Any:
        share = super().clean(str(value or "").replace("%", "").replace("٪", ""))
        if share is not None and share > 100:
            raise forms.ValidationError(
                _("A share is at most 100 per cent. Write it as 0.05 for five hundredths of one per cent.")
            )
        return share


class CurrencyField(forms.CharField):
    """A currency of ISO 4217, in capitals."""

    def __init__(self, **options: Any) -> None:
        attributes = {"list": "currencies", "autocomplete": "off", "size": "6", "autocapitalize": "characters"}
        super().__init__(max_length=3, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> Any:
        code = str(super().clean(value)).strip().upper()
        if code and code not in currencies():
            raise forms.ValidationError(
                _("There is no such currency. Write the three letters of ISO 4217, such as EUR or KES.")
            )
        return code
