"""What the sealed words of signals, alerts and responses are called, in the order in which they are read."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from amparo.vocabularies.catalogue import get_vocabulary
from amparo.warning.models import Alert

WORD_LABELS = {
    "what": _("What is known"),
    "who": _("Who is in danger"),
    "source": _("Who says so"),
    "link": _("Where it can be read"),
    "note": _("What the check found"),
    "text": _("What was asked for"),
    "answer": _("What was answered"),
    "outcome": _("How it ended"),
    "lessons": _("What we learnt"),
    "changes": _("What changes because of it"),
}


def label_of_alert(alert: Alert) -> str:
    """What an alert is called: its number, level, kind and country."""
    language = get_language() or "en"

    def said(vocabulary: str, code: str) -> str:
        term = get_vocabulary(vocabulary).terms.get(code)
        return term.label(language) if term else code

    return gettext("Alert %(number)s: %(level)s · %(kind)s · %(country)s") % {
        "number": alert.pk,
        "level": said("alert-levels", alert.level),
        "kind": said("signal-kinds", alert.kind),
        "country": said("countries", alert.country),
    }
