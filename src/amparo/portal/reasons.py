"""Why a table is not there, said to a reader."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.statistics.releases import NotPublished

REASONS = {
    "unknown-dataset": _("This release has no dataset “%(name)s”."),
    "unknown-measure": _("There is no measure “%(name)s”."),
    "unknown-dimension": _("There is nothing called “%(name)s” to count by."),
    "unknown-code": _("There is no code “%(name)s” to filter by."),
    "unknown-chart": _("There is no kind of chart called “%(name)s”."),
    "unknown-year": _("This table has no year “%(name)s”."),
    "unknown-release": _("There is no release “%(name)s”."),
    "same-twice": _("Rows, columns and filters must be different from one another."),
    "too-many": _("This asks for a table of more than three dimensions. Take away a filter, or the columns."),
    "area-without-country": _("Areas are shown within one country: choose a country."),
    "no-filter": _("Rows and columns of this kind are published with a filter by country or status only."),
    "months-too-fine": _("Months are shown by themselves, or by country, kind or group of act, or sex."),
    "not-counted-by": _("This release has no table by “%(name)s”."),
    "withheld": _("This table is withheld: too little of it could be shown without giving somebody away."),
    "damaged": _("The files of this release are not as they were published. Please tell who runs this site."),
}


def explain(refused: NotPublished) -> str:
    """The reason, in the active language."""
    return gettext(REASONS[refused.code]) % refused.details


def status_of(refused: NotPublished) -> int:
    """The HTTP status for it, where the answer is a file or data."""
    return 503 if refused.code == "damaged" else 400 if is_mistake(refused) else 404


def is_mistake(refused: NotPublished) -> bool:
    """Whether what was asked for is nothing that there could be, in any release."""
    return refused.code.startswith("unknown")
