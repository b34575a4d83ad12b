"""Days that somebody types into a form of warnings: neither long ago nor far away by a slip of the hand."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from amparo.warning.times import this_quarter

# A year of two digits is the first century to a browser.
_EARLIEST_YEAR = 1900
_FARTHEST = timedelta(days=2 * 366)


def check_year(day: date) -> None:
    """Raises ValidationError for a day that nobody means: of the first century, or years away."""
    if day.year < _EARLIEST_YEAR:
        raise ValidationError(_("Write the year with its four digits."))
    if day > this_quarter().date() + _FARTHEST:
        raise ValidationError(_("This day is years away. Take one within two years."))


def not_past(day: date) -> date:
    """`day`, where it is today or later. Raises ValidationError."""
    if day < this_quarter().date():
        raise ValidationError(_("This day is past. Take today or a later day."))
    check_year(day)
    return day


def not_to_come(day: date | None) -> date | None:
    """`day`, where it is today or earlier, or none. Raises ValidationError."""
    if day is not None:
        check_year(day)
        if day > this_quarter().date():
            raise ValidationError(_("This day is still to come."))
    return day
