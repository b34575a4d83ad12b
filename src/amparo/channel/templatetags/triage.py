"""What the pages of the inbox need to name and date things."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from babel.dates import format_date, format_timedelta
from django import template
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_noop as _

from amparo.channel.models import Report
from amparo.channel.triage.next_steps import NextStep, next_steps
from amparo.institutions.access import may
from amparo.institutions.models import User
from amparo.institutions.names import public_name

register = template.Library()
register.filter("institution_name", public_name)

_ABOUT = {"defender": _("a defender"), "nhri": _("an institution or its people")}
_DEEDS = {
    "report-received": _("received"),
    "report-opened": _("read for the first time"),
    "section-opened": _("read"),
    "report-acknowledged": _("acknowledged"),
    "message-sent": _("message sent"),
    "report-accepted": _("made a case of"),
    "report-referred": _("referred to another institution"),
    "report-rejected": _("not taken up"),
    "report-reopened": _("reopened"),
    "destruction-set": _("day of destruction set"),
    "answer-overdue": _("not answered in time"),
    "file-received": _("file received"),
    "file-opened": _("file opened"),
    "consent-given": _("consent given"),
    "consent-withdrawn": _("consent withdrawn"),
    "section-shared": _("shared"),
    "section-withdrawn": _("closed to this institution: consent withdrawn"),
}


@register.filter
def short_number(report: Report) -> str:
    """The first eight characters of a report's identifier: what people call it by."""
    return str(report.pk)[:8]


@register.filter
def report_steps(user: object) -> list[NextStep]:
    """What the person who reads may begin from a report, beyond the channel."""
    return [step for step in next_steps() if isinstance(user, User) and may(user, step.permission)]


@register.filter
def about(code: str) -> str:
    """Whom a report is about."""
    return gettext(_ABOUT[code]) if code in _ABOUT else code


@register.filter
def deed(action: str) -> str:
    """What an action of the log is called."""
    return gettext(_DEEDS[action]) if action in _DEEDS else action


@register.filter
def age(moment: datetime) -> str:
    """How long ago that was: "3 hours", "2 days". What is kept to the hour is told to the hour."""
    passed = timezone.now() - moment
    return str(format_timedelta(passed, granularity="hour", locale=get_language() or "en"))


@register.filter
def hour(moment: datetime) -> str:
    """Day and hour, universal time."""
    language, universal = get_language() or "en", moment.astimezone(UTC)
    return f"{format_date(universal, 'medium', locale=language)} · {universal:%H:00} UTC"


@register.filter
def language_name_local(code: str) -> str:
    """A language by its own name."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


@register.filter
def of_field(definitions: Mapping[str, Sequence[tuple[str, str]]], name: str) -> Sequence[tuple[str, str]]:
    """The definitions of the terms of one field."""
    return definitions.get(name, ())
