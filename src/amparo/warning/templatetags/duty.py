"""What the pages of focal points, rota and drills need to show times, days and languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_day_names
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.warning.duty.forms import language_name
from amparo.warning.models import DutyShift, FocalPoint

register = template.Library()
_PROBLEMS = {
    "no-gateway": _("This installation has no gateway for this channel: whoever runs it sets one up."),
    "line-not-safe": _("The line to the gateway could not be encrypted."),
    "gateway-not-reached": _("The gateway could not be reached."),
    "server-not-reached": _("The mail server could not be reached."),
    "gateway-silent": _("The gateway gave no answer in time; it may have sent the message. It is tried again."),
    "signal-not-reached": _("signal-cli could not reach Signal."),
    "too-many-messages": _("The gateway takes no more messages for a while."),
    "captcha-wanted": _("Signal wants a captcha solved: whoever runs this installation does so, with signal-cli."),
    "identity-changed": _(
        "The safety number of this person has changed. Ask them by another way whether the telephone is new; then "
        "whoever runs this installation trusts it, with signal-cli."
    ),
    "account-not-there": _("signal-cli does not have the account that is to send: whoever runs this looks at it."),
    "no-credit": _("The account at the gateway is empty: whoever runs this installation fills it."),
    "gateway-redirects": _("The gateway answers from another address: whoever runs this installation sets it anew."),
    "sign-in-refused": _("The gateway refused this installation: whoever runs it renews the token."),
    "message-refused": _("The gateway refused the message."),
    "address-refused": _("The number or address was refused: look whether it is right."),
    "answer-not-understood": _("The gateway gave an answer that says nothing."),
}


@register.filter
def weekday(value: date) -> str:
    """A day with its weekday: Monday 23 November."""
    return str(format_date(value, "full", locale=_language()))


@register.filter
def moment(value: datetime, zone: str = "UTC") -> str:
    """A time by the clock of `zone`, with its day."""
    return str(format_datetime(value, "EEE d MMM, HH:mm", tzinfo=ZoneInfo(zone), locale=_language()))


@register.filter
def hours_on(shift: DutyShift, zone: str = "UTC") -> str:
    """From when to when a shift lasts, by the clock of `zone`; with the day where it ends on another."""
    start, end = shift.starts_at.astimezone(ZoneInfo(zone)), shift.ends_at.astimezone(ZoneInfo(zone))
    same = start.date() == end.date()
    until = format_time(end, "HH:mm", tzinfo=end.tzinfo, locale=_language()) if same else moment(end, zone)
    return f"{moment(start, zone)} – {until}"


@register.filter
def usual_hours(point: FocalPoint) -> str:
    """The days and hours of a focal point, by her own clock."""
    names = get_day_names("abbreviated", locale=_language())
    days = ", ".join(names[each] for each in point.week_days if each in names)
    hours = f"{point.from_hour:02}:00–{point.to_hour:02}:00"
    return f"{days} {hours}" if days else hours


@register.filter
def languages(point: FocalPoint) -> str:
    """The languages of a focal point, named in the reader's."""
    return ", ".join(language_name(each) for each in point.languages)


@register.filter
def problem(code: str) -> str:
    """Why a message did not come through, in words."""
    return str(_PROBLEMS.get(code, code))


def _language() -> str:
    return get_language() or "en"
