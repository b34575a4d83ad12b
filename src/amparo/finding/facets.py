"""What cases can be filtered by: every code that is kept of them, each under the record that it belongs to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from amparo.vocabularies.catalogue import UNKNOWN, VocabularyNotFound, get_vocabulary


class Level(StrEnum):
    """The record whose column a facet looks at. Facets of one level are asked of one and the same record."""

    INCIDENT = "incident"
    VICTIM = "victim"
    PROFILE = "profile"
    ACT = "act"
    METHOD = "method"
    LAW = "law"
    RULED_OUT = "ruled-out"
    PERPETRATOR = "perpetrator"
    INVOLVEMENT = "involvement"
    INFORMATION = "information"
    INTERVENTION = "intervention"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to filter by. `label` and `group` are marked by `gettext_noop`, and translated where they are shown.

    `column` is that of the level's record. Of a facet of the level OWN, `condition` says which incidents have one of
    some codes: that is for packages above this one, that know of cases what this one doesn't.
    """

    code: str
    label: str
    group: str
    level: Level
    column: str = ""
    vocabulary: str = ""
    in_words: bool = True
    condition: Callable[[Sequence[str]], Q] | None = None

    def with_narrower(self, code: str) -> tuple[str, ...]:
        """`code` with all that is narrower: who asks for attacks on life means killings too."""
        return get_vocabulary(self.vocabulary).with_narrower(code) if self.vocabulary else (code,)

    def knows(self, code: str) -> bool:
        """Whether `code` may be asked for. Of facets without a vocabulary that is looked up in the database."""
        try:
            return not self.vocabulary or code in get_vocabulary(self.vocabulary).terms
        except VocabularyNotFound:
            return False


WHAT, WHO, BY_WHOM, SOURCES, WORK = (
    _("What happened"),
    _("Against whom"),
    _("By whom"),
    _("Sources"),
    _("Work on the case"),
)
GROUPS = (WHAT, WHO, BY_WHOM, SOURCES, WORK)
DATASET, SOURCE, LAW_USED, EVIDENCE, BECAUSE = "dataset", "source", "law", "evidence", "because"
# Of these the codes are rows of the database, not terms of a vocabulary.
KEPT = (DATASET, SOURCE, LAW_USED)
# Code of the reason → its column.
REASONS = {
    "work": "because_of_work",
    "mandate": "because_of_mandate",
    "cooperation": "because_of_cooperation",
}
REASON_NAMES = {
    "work": _("the work for human rights"),
    "mandate": _("the mandate of the institution"),
    "cooperation": _("cooperation with the United Nations"),
}

_FACETS = {
    facet.code: facet
    for facet in (
        Facet("act", _("Act"), WHAT, Level.ACT, "kind", "acts"),
        Facet("country", _("Country"), WHAT, Level.INCIDENT, "country", "countries"),
        Facet("area", _("Area"), WHAT, Level.INCIDENT, "area", "areas"),
        Facet("setting", _("Offline or online"), WHAT, Level.INCIDENT, "setting", "settings"),
        Facet("method", _("By what means"), WHAT, Level.METHOD, "method", "act-methods"),
        Facet(LAW_USED, _("Law used"), WHAT, Level.LAW, "law_id"),
        Facet("law-kind", _("Kind of law used"), WHAT, Level.LAW, "law__kind", "law-kinds"),
        Facet("ruled-out", _("Act ruled out"), WHAT, Level.RULED_OUT, "kind", "acts", in_words=False),
        Facet("victim-kind", _("Person, group or institution"), WHO, Level.VICTIM, "kind", "victim-kinds"),
        Facet("profile", _("What they defend"), WHO, Level.PROFILE, "profile", "defender-profiles"),
        Facet("target", _("In what capacity"), WHO, Level.VICTIM, "target", "targets"),
        Facet("sex", _("Sex"), WHO, Level.VICTIM, "sex", "sex"),
        Facet("gender", _("Gender"), WHO, Level.VICTIM, "gender", "gender"),
        Facet("age", _("Age"), WHO, Level.VICTIM, "age_band", "age-bands"),
        Facet(BECAUSE, _("Because of"), WHO, Level.OWN),
        Facet("perpetrator", _("Alleged perpetrator"), BY_WHOM, Level.PERPETRATOR, "kind", "alleged-perpetrators"),
        Facet("state-link", _("Link to the State"), BY_WHOM, Level.PERPETRATOR, "state_link", "state-links"),
        Facet(
            "involvement", _("Degree of involvement"), BY_WHOM, Level.INVOLVEMENT, "degree", "degrees-of-involvement"
        ),
        Facet("sector", _("Economic sector"), BY_WHOM, Level.INCIDENT, "sector", "sectors"),
        Facet(SOURCE, _("Source"), SOURCES, Level.INFORMATION, "source__code"),
        Facet("source-kind", _("Kind of source"), SOURCES, Level.INFORMATION, "source__kind", "source-kinds"),
        Facet("reliability", _("Reliability"), SOURCES, Level.INFORMATION, "reliability", "source-reliability", False),
        Facet(
            "credibility", _("Credibility"), SOURCES, Level.INFORMATION, "credibility", "information-credibility", False
        ),
        Facet(DATASET, _("Dataset"), SOURCES, Level.INCIDENT, "dataset__code"),
        Facet("stage", _("Stage"), WORK, Level.INCIDENT, "stage", "case-stages"),
        Facet("status", _("Status of the information"), WORK, Level.INCIDENT, "status", "information-status"),
        Facet(EVIDENCE, _("Evidence"), WORK, Level.OWN, vocabulary="yes-no", in_words=False),
        Facet("intervention", _("Intervention"), WORK, Level.INTERVENTION, "kind", "interventions"),
        Facet("result", _("Result of an intervention"), WORK, Level.INTERVENTION, "result", "intervention-results"),
    )
}


def add_facet(facet: Facet) -> None:
    """Let cases be filtered by `facet` too; called once, when its package is ready."""
    _FACETS[facet.code] = facet


def all_facets() -> list[Facet]:
    """Every facet, in the order in which they are shown."""
    return list(_FACETS.values())


def get_facet(code: str) -> Facet | None:
    """The facet `code`; None where there is none."""
    return _FACETS.get(code)


def label_of(facet: Facet, code: str, language: str) -> str:
    """The label of a code of a facet that has a vocabulary; the code itself where the vocabulary lost it."""
    term = get_vocabulary(facet.vocabulary).terms.get(code) if facet.vocabulary else None
    return term.label(language) if term else code


def searched_terms(facet: Facet) -> list[tuple[str, str]]:
    """Every label of a facet's codes, in all languages, with its code; without that of "not known"."""
    terms = get_vocabulary(facet.vocabulary).terms.values()
    return [(label, term.code) for term in terms if term.code != UNKNOWN for label in term.labels.values()]
