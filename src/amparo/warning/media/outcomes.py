"""What a look at a feed gave, and why a feed is off, in words."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from amparo.evidence.words import describe_capture_problem
from amparo.warning.media.asking import SECONDS
from amparo.warning.media.following import MOST_FAILURES
from amparo.warning.media.items import MOST_BYTES, MOST_ITEMS
from amparo.warning.models import Feed

# Those that are not here are the same as for a page that is captured.
_OUTCOMES = {
    "read": _("It was read, and nothing in it was new."),
    "unchanged": _("Nothing has changed since it was read."),
    "empty": _("It was read, and holds no report at present."),
    "not-allowed": _("The site does not give it to everybody: it wants a password, or refuses this server."),
    "not-found": _("There is no such page at the site."),
    "gone": _("The site says that this feed is gone for good."),
    "too-often": _("The site says that it is asked too often."),
    "server-error": _("The site answered that it cannot give the feed now."),
    "not-encrypted": _("The site sends on from https:// to an address that everybody on the line can read."),
    "too-large": _("The feed is too large: %(most)s MB at most."),
    "too-slow": _("The feed did not arrive in time: %(seconds)s seconds at most."),
    "too-many-items": _("The feed has more than %(items)s reports."),
    "declares-entities": _("The feed declares words of its own (<!ENTITY>), as none needs to. It was not read."),
    "no-feed": _("What answers there is no RSS or Atom feed: perhaps the page of the newspaper itself."),
    "no-links": _("No report in it has a title and the address of a page."),
    "cut-off": _("The end of the feed did not arrive. Nothing of it was taken; it is asked for again, whole."),
    "not-ended": _("The looks at it did not end: each time, the program stopped before."),
}
_OFF = {
    "by-hand": _("switched off by hand"),
    "gone": _("switched off: the feed is gone"),
}


def describe_look(outcome: str, new: int) -> str:
    """What a look gave; "" where there was none yet."""
    if not outcome:
        return ""
    if new:
        return ngettext("%(number)s new published report.", "%(number)s new published reports.", new) % {"number": new}
    if outcome not in _OUTCOMES:
        return describe_capture_problem(outcome)
    limits = {"most": MOST_BYTES // 1024**2, "seconds": int(SECONDS), "items": MOST_ITEMS}
    return gettext(_OUTCOMES[outcome]) % limits


def is_failure(outcome: str) -> bool:
    """Whether a look gave no feed."""
    return outcome not in {"", "read", "unchanged", "empty"}


def describe_state(feed: Feed) -> str:
    """Whether a feed is asked for; where not, why."""
    if feed.is_on:
        return gettext("followed")
    if feed.off_because in _OFF:
        return gettext(_OFF[feed.off_because])
    return ngettext(
        "switched off after %(number)s failure in a row",
        "switched off after %(number)s failures in a row",
        MOST_FAILURES,
    ) % {"number": MOST_FAILURES}
