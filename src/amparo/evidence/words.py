"""What is found out about evidence, in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.evidence.custody_chain import WrongCustody, WrongEntry

_OUTCOMES = {
    "whole": _("Whole: bit for bit the file that came."),
    "changed": _("Changed: what lies on the disk is not what was sealed. Do not rely on it; look for a backup."),
    "missing": _("Missing: the file is not on the disk any more. Look for a backup."),
    "other": _("Whole, but not the file that its sender described: the SHA-256 noted at its arrival is another."),
}
_WRONG = {
    WrongCustody.CHANGED: _("Entry %(number)s was changed after it was written."),
    WrongCustody.MISSING: _("Entry %(number)s is missing."),
    WrongCustody.UNLINKED: _("Entry %(number)s does not follow on the entry before it."),
    WrongCustody.NOT_IN_LOG: _("Entry %(number)s is not the one that the log knows."),
}
_STAMPS = {
    "no-answer": _("The authority did not answer."),
    "refused": _("The authority refused."),
    "unreadable": _("The authority’s answer could not be read."),
    "wrong-nonce": _("The answer is to another question: its nonce is wrong."),
    "wrong-hash": _("The answer is about another file: its hash is wrong."),
    "wrong-time": _("The authority’s clock is off by more than a day."),
    "untrusted": _("The answer is signed by somebody whom we have no reason to trust, or whose certificate ran out."),
    "ca-unreadable": _("The file with the authority’s certificates cannot be read."),
    "not-set-up": _("No authority is set up any more."),
}
_CAPTURES = {
    "bad-address": _("Write the address of a page, beginning with https:// or http://."),
    "not-public": _("This address leads into a network that is not public. Only public pages are fetched."),
    "port": _("Only the usual ports are asked: 80, 443, 8080 and 8443."),
    "no-such-host": _("There is no such site, or its name cannot be looked up now."),
    "not-reached": _("The site did not answer, or broke off."),
    "certificate": _("The site’s certificate is not valid: who answers there may be somebody else."),
    "redirects": _("The site sends from one address to the next without end."),
    "too-large": _("The page is too large: %(most)s at most."),
    "too-slow": _("The page did not arrive in time: %(seconds)s seconds at most."),
    "bad-answer": _("What answers there does not speak as web sites do."),
    "no-proxy": _("The proxy through which pages are fetched does not answer."),
    "onion": _("Onion addresses are fetched through Tor only, which is not set up here."),
    "busy": _("Two pages are being fetched at this moment. Please try again in half a minute."),
}


def describe_outcome(code: str) -> str:
    """What a check of a file found; "" where there was none."""
    return gettext(_OUTCOMES[code]) if code in _OUTCOMES else ""


def describe_wrong(entry: WrongEntry) -> str:
    """What is wrong with an entry of a chain of custody."""
    return gettext(_WRONG[entry.wrong]) % {"number": entry.number}


def describe_stamp_problem(code: str) -> str:
    """Why there is no time stamp yet."""
    return gettext(_STAMPS[code]) if code in _STAMPS else ""


def describe_capture_problem(code: str, **limits: object) -> str:
    """Why a page was not captured."""
    return gettext(_CAPTURES.get(code, _CAPTURES["not-reached"])) % limits
