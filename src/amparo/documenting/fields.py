"""A date as boxes for year, month and day, each of which may stay empty; and, where it lasted, an end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.cases.dates import EventDate, PartialDate

_NAMES = ("year", "month", "day")
_EARLIEST, _LATEST = 1900, 2100


class WhenWidget(forms.Widget):
    """Six boxes. What was typed is given back as it was, also where it is no date."""

    template_name = "documenting/when.html"
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {
            f"{which}{part}": str(data.get(f"{name}-{which}{part}", "")).strip()
            for which in ("", "end-")
            for part in _NAMES
        }

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-year" not in data

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        written = value if isinstance(value, dict) else boxes_of(value)
        language = get_language() or "en"
        months = [(str(each), format_date(date(2000, each, 1), "LLLL", locale=language)) for each in range(1, 13)]
        context["widget"]["months"] = months
        context["widget"]["starts"] = _boxes(name, "", written)
        context["widget"]["ends"] = _boxes(name, "end-", written)
        context["widget"]["has_end"] = any(written.get(f"end-{part}") for part in _NAMES)
        return context


class WhenField(forms.Field):
    """A date as EDTF text, "" where nothing is known."""

    widget = WhenWidget

    def clean(self, value: Any) -> str:
        written: Mapping[str, str] = value or {}
        start, end = _part(written, ""), _part(written, "end-")
        if start is None:
            if end is not None:
                raise forms.ValidationError(_("Write when it began as well: the year, at least."))
            return ""
        try:
            return str(EventDate(start, end))
        except ValueError:
            raise forms.ValidationError(_("The end lies before the beginning. Change one of them.")) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def boxes_of(value: object) -> dict[str, str]:
    """The boxes of a date as EDTF text; none filled where it is none."""
    try:
        when = EventDate.read(str(value))
    except ValueError:
        return {}
    found = {}
    for which, part in (("", when.start), ("end-", when.end)):
        for name in _NAMES:
            number = getattr(part, name, None)
            found[f"{which}{name}"] = "" if number is None else str(number)
    return found


def _boxes(name: str, which: str, written: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {part: (f"{name}-{which}{part}", written.get(f"{which}{part}", "")) for part in _NAMES}


def _part(written: Mapping[str, str], which: str) -> PartialDate | None:
    year, month, day = (_number(written.get(f"{which}{part}", "")) for part in _NAMES)
    if year is None:
        if month is not None or day is not None:
            raise forms.ValidationError(_("A month or a day needs its year."))
        return None
    if not _EARLIEST <= year <= _LATEST:
        raise forms.ValidationError(_("Write the year with four digits, such as 2026."))
    if day is not None and month is None:
        raise forms.ValidationError(_("A day needs its month."))
    try:
        return PartialDate(year, month, day)
    except ValueError:
        raise forms.ValidationError(_("The calendar has no such day. Check the month and the day.")) from None


def _number(written: str) -> int | None:
    """The number, whatever digits it is written in; None where nothing is written."""
    if not written:
        return None
    if not written.isdecimal() or len(written) > 4:
        raise forms.ValidationError(_("Write a date in numbers: year, month and day, as far as they are known."))
    # Some write 0 for what is not known.
    return int(written) or None
