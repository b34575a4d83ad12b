"""What the answers of a report are called, and how each is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.channel.answers import CODES, LISTS, YES_OR_NO, Answers
from amparo.vocabularies.catalogue import get_vocabulary

# In the order in which they are read.
_NAMES = {
    "what": _("What happened"),
    "acts": _("Kinds of act"),
    "still_going_on": _("Still going on"),
    "when": _("When"),
    "country": _("Country"),
    "place": _("Where"),
    "victim_name": _("Against whom"),
    "victim_contact": _("How to reach them"),
    "target": _("In what capacity"),
    "sex": _("Sex"),
    "profiles": _("What they defend"),
    "function": _("Function"),
    "nhri_forms": _("Forms against the institution"),
    "because_of_work": _("Because of the work for human rights"),
    "because_of_mandate": _("Because of the mandate"),
    "because_of_cooperation": _("Because of cooperation with the United Nations"),
    "budget_years": _("Years of the budgets compared"),
    "budget_before": _("Budget before"),
    "budget_after": _("Budget after"),
    "budget": _("More about the budget"),
    "procedure": _("The procedure that the law foresees"),
    "procedure_done": _("What was done instead"),
    "perpetrator": _("Kind of alleged perpetrator"),
    "by_whom": _("By whom"),
    "un_cooperation": _("Cooperation with the United Nations"),
    "un_details": _("With which body, when and how"),
    "name": _("Name of who reports"),
    "relation": _("What they have to do with who was attacked"),
    "contact": _("How to reach who reports"),
}
_YES_OR_NO = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as it is shown: `values` are labels of codes, or the text that was written."""

    name: str
    label: str
    values: tuple[str, ...] = field(repr=False)
    is_text: bool


def answer_lines(answers: Answers) -> Iterator[AnswerLine]:
    """The answers that were given, in plain order, in the active language."""
    for name, label in _NAMES.items():
        if value := answers.get(name):
            given = (value,) if isinstance(value, str) else tuple(value)
            is_text = name not in CODES and name not in LISTS and name not in YES_OR_NO
            yield AnswerLine(name, gettext(label), tuple(_shown(name, each) for each in given), is_text)


def answer_label(name: str) -> str:
    """What an answer is called in the active language."""
    return gettext(_NAMES[name])


def _shown(name: str, value: str) -> str:
    if name in YES_OR_NO:
        return gettext(_YES_OR_NO[value]) if value in _YES_OR_NO else value
    vocabulary = CODES.get(name) or LISTS.get(name)
    if vocabulary is None:
        return value
    term = get_vocabulary(vocabulary).terms.get(value)
    return term.label(get_language() or "en") if term else value
