"""What speaks for or against two victims being one person, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_REASONS = {
    "name-same": _("the same name"),
    "name-variant": _("the name in another spelling"),
    "name-part-missing": _("the name with a part more or less"),
    "name-part-differs": _("the name with one part different"),
    "name-one-part": _("one part of the name"),
    "name-differs": _("another name"),
    "sex-same": _("the same sex"),
    "sex-differs": _("another sex"),
    "birth-year-same": _("the same year of birth"),
    "birth-year-near": _("born within two years"),
    "birth-year-differs": _("another year of birth"),
    "date-same-day": _("the same day"),
    "date-within-week": _("less than a week apart"),
    "date-within-month": _("less than a month apart"),
    "date-may-be-same": _("dates that may be the same"),
    "date-apart": _("another date"),
    "place-same": _("the same place"),
    "area-same": _("the same area"),
    "area-differs": _("another area"),
    "country-same": _("the same country"),
    "country-differs": _("another country"),
    "role-same": _("the same role"),
    "role-alike": _("a like role"),
    "role-differs": _("another role"),
    "another-fits-as-well": _("somebody else in the list fits as well"),
    "listed-side-by-side": _("one list has both side by side"),
}
_BANDS = {
    "surely": _("surely the same"),
    "probably": _("probably the same"),
    "perhaps": _("perhaps the same"),
}
_DECISIONS = {
    "open": _("not decided yet"),
    "later": _("put off"),
    "same-event": _("the same person, in the same event"),
    "another-event": _("the same person, in another event"),
    "not-the-same": _("not the same person"),
}


def describe_reasons(codes: Iterable[str]) -> list[str]:
    """The reasons in words of the active language; a code itself where a later version wrote it."""
    return [gettext(_REASONS[code]) if code in _REASONS else code for code in codes]


def describe_band(band: str) -> str:
    """How sure it is, in words."""
    return gettext(_BANDS[band]) if band in _BANDS else band


def describe_decision(decision: str) -> str:
    """What was decided, in words."""
    return gettext(_DECISIONS[decision]) if decision in _DECISIONS else decision
