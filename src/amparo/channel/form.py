"""The form of a report: its fields by the names of `answers.py`, what was said in it, and what is wrong with that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from amparo.channel.answers import CODES, LISTS, LONGEST_TEXT, TEXTS, YES_OR_NO, Answers, clean_answers
from amparo.channel.models import Channel
from amparo.vocabularies.catalogue import UNKNOWN, Term, get_vocabulary
from amparo.vocabularies.folding import fold

DEFENDER, NHRI = "defender", "nhri"
ABOUT = (DEFENDER, NHRI)
CODED = {"urgency": "report-urgency", "naming": "reporter-naming"}
CONSENTS = "consents"
SCA = "sca"
_MANY = (*LISTS, CONSENTS)
FIELDS = (*TEXTS, *CODES, *YES_OR_NO, *LISTS, *CODED, CONSENTS)
_OF_NHRI = frozenset({"nhri-institution", "nhri-member", "nhri-staff", "cooperating-person"})
_YES_OR_NO = {"yes": _("Yes"), "no": _("No"), UNKNOWN: _("I don’t know")}

Said = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen. `choices` are those under it: a group has no code of its own to choose."""

    code: str
    label: str
    definition: str = ""
    chosen: bool = False
    choices: tuple["Choice", ...] = ()

    @property
    def has_chosen(self) -> bool:
        return any(each.chosen for each in self.choices)


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it, with what was said in it and what is wrong with that."""

    name: str
    value: str = field(default="", repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    problem: str = ""

    @property
    def number_chosen(self) -> int:
        return sum(choice.chosen + sum(each.chosen for each in choice.choices) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a form says. `problems` names each field that can't be taken as it is, and says what is expected."""

    answers: Answers = field(repr=False)
    urgency: str
    naming: str
    consents: frozenset[str]
    problems: Mapping[str, str]


def said_in(posted: QueryDict) -> dict[str, list[str]]:
    """What a sent form has for the fields of a report, as it was typed; empty ones left out."""
    said = {name: posted.getlist(name) for name in FIELDS}
    return {name: values for name, values in said.items() if any(value.strip() for value in values)}


def read_form(said: Said, about: str, kind: str) -> ReadForm:
    """The answers in `said`, to an institution of `kind`; whatever is wrong is in `problems`, and nothing is cut."""
    problems: dict[str, str] = {}
    if not _text(said, "what").strip():
        problems["what"] = gettext("Please say in a few words what happened. Everything else can stay empty.")
    for name in TEXTS:
        length = len(_text(said, name).strip())
        if length > LONGEST_TEXT:
            problems[name] = ngettext(
                "This text is %(over)d character too long: at most %(longest)d fit. Shorten it, or send the rest as a "
                "file or as a message later.",
                "This text is %(over)d characters too long: at most %(longest)d fit. Shorten it, or send the rest as "
                "a file or as a message later.",
                length - LONGEST_TEXT,
            ) % {"over": length - LONGEST_TEXT, "longest": LONGEST_TEXT}
    known = {
        **{name: get_vocabulary(vocabulary).terms for name, vocabulary in (CODES | LISTS | CODED).items()},
        **dict.fromkeys(YES_OR_NO, _YES_OR_NO),
        CONSENTS: dict.fromkeys(recipients(about, kind)),
    }
    for name, codes in known.items():
        if any(value and value not in codes for value in said.get(name, ())):
            problems[name] = gettext("Please choose from the list: what was sent here is not in it.")
    answers = clean_answers({name: said.get(name, []) if name in LISTS else _text(said, name) for name in FIELDS})
    return ReadForm(
        answers,
        urgency=_text(said, "urgency") or UNKNOWN,
        naming=_text(said, "naming") or ("confidential" if {"name", "contact"} & answers.keys() else "anonymous"),
        consents=frozenset(value for value in said.get(CONSENTS, ()) if value),
        problems=problems,
    )


def show_fields(said: Said, about: str, channel: Channel, problems: Mapping[str, str]) -> dict[str, Field]:
    """The fields of the form by name, in the active language, filled with what was said."""
    kind = channel.institution.kind
    shown = {name: Field(name, _text(said, name), problem=problems.get(name, "")) for name in TEXTS}
    for name in YES_OR_NO:
        choices = [Choice(code, gettext(label)) for code, label in _YES_OR_NO.items()]
        shown[name] = _field(name, choices, said, problems)
    for name, vocabulary in (CODES | LISTS | CODED).items():
        shown[name] = _field(name, _choices(name, vocabulary, about), said, problems)
    return shown | show_consents(frozenset(said.get(CONSENTS, ())), about, kind, problems.get(CONSENTS, ""))


def show_consents(agreed: frozenset[str], about: str, kind: str, problem: str = "") -> dict[str, Field]:
    """The recipients that can be agreed to, under "consents"; the one that judges NHRIs apart, under "sca"."""
    terms = get_vocabulary("consent-recipients").terms
    possible = [_mark(_choice(terms[code]), agreed) for code in recipients(about, kind)]
    apart = tuple(each for each in possible if each.code == SCA)
    others = tuple(each for each in possible if each.code != SCA)
    return {CONSENTS: Field(CONSENTS, choices=others, problem=problem), SCA: Field(CONSENTS, choices=apart)}


def recipients(about: str, kind: str) -> tuple[str, ...]:
    """Who may be agreed to in a report about `about` to an institution of `kind`: codes of consent-recipients."""
    # Who receives it needs no consent to know. The committee that judges NHRIs is asked of in their reports only.
    left_out = {kind} | (set() if about == NHRI else {SCA})
    return tuple(code for code in get_vocabulary("consent-recipients").terms if code not in left_out)


def _choices(name: str, vocabulary: str, about: str) -> list[Choice]:
    terms = get_vocabulary(vocabulary)
    if name == "country":
        countries = [_choice(term) for code, term in terms.terms.items() if code != UNKNOWN]
        return sorted(countries, key=lambda choice: fold(choice.label))
    if name in ("acts", "perpetrator"):
        return [
            Choice(
                code, found.label, found.definition, choices=tuple(_below(terms.with_narrower(code)[1:], vocabulary))
            )
            for code in terms.roots()
            if code != UNKNOWN
            for found in (_choice(terms.terms[code]),)
        ]
    codes: Iterable[str] = terms.terms
    if name == "target":
        codes = [code for code in terms.terms if code == UNKNOWN or (terms.top(code) in _OF_NHRI) == (about == NHRI)]
    return [_choice(terms.terms[code]) for code in codes if code != UNKNOWN or name in CODED]


def _below(codes: Iterable[str], vocabulary: str) -> list[Choice]:
    return [_choice(get_vocabulary(vocabulary).terms[code]) for code in codes]


def _choice(term: Term) -> Choice:
    language = get_language() or "en"
    return Choice(term.code, term.label(language), term.definition(language))


def _field(name: str, choices: Iterable[Choice], said: Said, problems: Mapping[str, str]) -> Field:
    values = said.get(name, []) if name in _MANY else said.get(name, [])[:1]
    return Field(
        name,
        values[0] if values and name not in _MANY else "",
        tuple(_mark(choice, frozenset(values)) for choice in choices),
        problems.get(name, ""),
    )


def _mark(choice: Choice, values: frozenset[str]) -> Choice:
    below = tuple(_mark(each, values) for each in choice.choices)
    return Choice(choice.code, choice.label, choice.definition, choice.code in values, below)


def _text(said: Said, name: str) -> str:
    # Browsers send the ends of lines as two characters.
    return said.get(name, [""])[0].replace("\r\n", "\n")
