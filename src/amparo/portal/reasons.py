"""Why a table is not there, said to a reader."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.statistics.releases import NotPublished

REASONS = {
    "unknown-dataset": _("This release has no dataset “%(name)s”."),
    "unknown-measure": _("There is no measure “%(name)s”."),
    "unknown-dimension": _("There is nothing called “%(name)s” to count by."),
    "same-twice": _("Rows, columns and filters must be different from one another."),
    "too-many": _("This asks for a table of more than three dimensions. Take away a filter, or the columns."),
    "area-without-country": _("Areas are shown within one country: choose a country."),
    "no-filter": _("Rows and columns of this kind are published with a filter by country or status only."),
    "withheld": _("This table is withheld: too little of it could be shown without giving somebody away."),
    "damaged": _("The files of this release are not as they were published. Please tell who runs this site."),
}


def explain(refused: NotPublished) -> str:
    """The reason, in the active language."""
    return gettext(REASONS[refused.code]) % refused.details
