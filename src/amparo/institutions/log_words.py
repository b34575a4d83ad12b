"""The actions of the log in words. The log itself holds codes only, which say the same in every language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

ACTIONS = {
    "signed-in": _("signed in"),
    "signed-out": _("signed out"),
    "sign-in-refused": _("sign-in refused"),
    "sessions-ended": _("sessions ended"),
    "password-changed": _("password changed"),
    "second-factor-added": _("second step set up"),
    "second-factor-removed": _("second step removed"),
    "member-invited": _("member invited"),
    "invitation-asked-for": _("invitation asked for"),
    "invitation-withdrawn": _("invitation withdrawn"),
    "member-joined": _("member joined"),
    "member-came-back": _("member came back with a new password"),
    "member-left": _("member left"),
    "role-changed": _("role changed"),
    "institution-set-up": _("institution set up"),
    "institution-locked": _("institution locked"),
    "institution-unlocked": _("institution unlocked"),
    "key-rotated": _("new key of the institution"),
    "shares-made": _("recovery shares made"),
    "recovered": _("opened by recovery shares"),
    "log-restored": _("log continued from an older database"),
    "section-opened": _("sealed part opened"),
    "section-shared": _("sealed part shared"),
    "section-withdrawn": _("sealed part withdrawn"),
    "report-received": _("report received"),
    "report-opened": _("report opened"),
    "report-acknowledged": _("report acknowledged"),
    "report-accepted": _("report accepted as a case"),
    "report-referred": _("report referred"),
    "report-rejected": _("report rejected"),
    "report-reopened": _("report opened again"),
    "report-destroyed": _("report destroyed"),
    "message-sent": _("message sent"),
    "file-received": _("file received"),
    "file-opened": _("file opened"),
    "consent-given": _("consent given"),
    "consent-withdrawn": _("consent withdrawn"),
    "status-decided": _("status of a case decided"),
    "intervention-added": _("intervention noted"),
    "intervention-changed": _("intervention changed"),
    "intervention-removed": _("intervention removed"),
    "chain-changed": _("chain of events changed"),
    "law-registered": _("law added to the register"),
    "law-changed": _("law changed in the register"),
    "law-used": _("law noted on a case"),
    "law-not-used": _("law taken off a case"),
}


def describe_action(action: str) -> str:
    """`action` in words of the active language; the code itself where a later version wrote it."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action
