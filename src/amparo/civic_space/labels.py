"""Why something could not be done, said to a person."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.civic_space.facts import EARLIEST_YEAR, LONGEST_ADDRESS, LONGEST_TEXT, LONGEST_TITLE, MOST_SOURCES

_REASONS = {
    "no-country": _("Choose the country."),
    "other-country": _("Your institution keeps the conditions of its own country."),
    "area-elsewhere": _("This area does not lie in the country."),
    "no-title": _("Write a title in one language at least."),
    "no-such-language": _("Texts are kept in English, French, Spanish and Arabic."),
    "too-long": _("This is too long: at most %(title)s characters for a title, %(text)s for a description."),
    "has-contact": _("There is a telephone number or an e-mail address in it. Everybody will read this: take it out."),
    "ends-before": _("It cannot end before it begins."),
    "too-early": _("Years before %(year)s are not kept here."),
    "too-many": _("At most twenty stages and %(sources)s sources are kept."),
    "no-address": _(
        "Copy the whole address, from https:// on. It has no blanks, no password, and at most %(address)s characters."
    ),
    "changed-meanwhile": _(
        "Somebody else changed this since you opened it. What is there now stands above; send yours again to keep it."
    ),
    "not-now": _("This cannot be done now: somebody did something with it meanwhile."),
    "not-complete": _("Before somebody else reads it: say its kind, its date, and one source at least."),
    "own-text": _("Who wrote or sent a text cannot be the one who approves it. Ask a colleague."),
    "nothing-to-undo": _("There is no change to take back."),
    "was-public": _("It was published once. Withdraw it instead: what was public is not made to vanish."),
}


def explain(code: str) -> str:
    """What `code` of a `CivicSpaceError` means, in the active language."""
    numbers = {
        "title": LONGEST_TITLE,
        "text": LONGEST_TEXT,
        "year": EARLIEST_YEAR,
        "sources": MOST_SOURCES,
        "address": LONGEST_ADDRESS,
    }
    return gettext(_REASONS[code]) % numbers
