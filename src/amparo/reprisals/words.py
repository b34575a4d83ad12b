"""What this package says to a person: why something was not done, and what figures mean."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.reprisals.budgets import Verdict

_REFUSED = {
    "changed-meanwhile": _(
        "Somebody else changed this meanwhile. What you typed is still here: open the page in a second window, "
        "compare, and send it again."
    ),
    "keys-closed": _(
        "Not kept: your keys are closed, and there is sealed text already. Copy your words, sign in again, and "
        "send them."
    ),
    "year-there": _("There are figures of this year already. Change those instead."),
}
_VERDICTS = {
    Verdict.DISPROPORTIONATE: _("disproportionate cut"),
    Verdict.IN_STEP: _("cut about in step with the whole of government"),
    Verdict.SHARE_LOST: _("no cut, but more than a tenth of its share lost"),
    Verdict.NO_CUT: _("no cut"),
    Verdict.CUT_NOT_COMPARED: _("cut; the whole of government is not known"),
    Verdict.NOT_COMPARABLE: _("not comparable"),
}
_TABLES = {
    "form": _("By form"),
    "network": _("By network"),
    "country": _("By country"),
    "target": _("By target"),
    "sex": _("Members and staff by sex"),
    "mandate": _("Because of the mandate"),
    "cooperation": _("Because of cooperation with the United Nations"),
    "status": _("By status of the information"),
}
_QUESTIONS = {
    "means": _("By what means"),
    "foreseen": _("What the law foresees"),
    "followed": _("Which of these steps were taken"),
    "departures": _("What was done instead"),
    "reasons": _("Reasons that the authorities gave"),
    "pillars": _("What of the Paris Principles it touches"),
    "powers": _("Which powers it touches"),
    "charges": _("What is charged or claimed"),
}
_TEXTS = {
    "text": _("What happened"),
    "procedure": _("The procedure in the law"),
    "procedure_done": _("What was done instead, in words"),
    "reasons_text": _("The reasons, as they were given"),
    "before": _("Before: what the law said"),
    "after": _("After: what it says, or is to say"),
}


def explain(code: str) -> str:
    """Why something was not done."""
    return gettext(_REFUSED[code]) if code in _REFUSED else gettext("This was not done.")


def say_verdict(verdict: Verdict) -> str:
    """A verdict on two budgets in words."""
    return gettext(_VERDICTS[verdict])


def name_table(name: str) -> str:
    """What a table of the regular report is called."""
    return gettext(_TABLES[name])


def name_question(name: str) -> str:
    """What a question on a form is called."""
    return gettext(_QUESTIONS[name])


def name_text(name: str) -> str:
    """What a sealed text of a form is called."""
    return gettext(_TEXTS[name]) if name in _TEXTS else name
