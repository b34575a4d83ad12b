"""What has to be said beside a table."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NOTES = {
    "suppressed": _("“Not shown”: small counts are not published, nor those from which they could be computed."),
    "finest": _("In a table as fine as this one, “not shown” can also mean that nothing was reported."),
    "multivalued": _("One record can stand in several rows or columns, so these can add up to more than the total."),
    "datasets-overlap": _(
        "The same person may be in several datasets: a total over them can count her more than once."
    ),
    "not-zero": _("What is not in the table was not reported. Not reported is not zero."),
}


def describe_note(code: str) -> str:
    """The note in the active language."""
    return gettext(NOTES[code])
