"""What each form of reprisal takes to be documented: its questions, the act that it is, and whom it can hit. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Detail(StrEnum):
    """Which record documents a form."""

    BUDGET = "budget"
    SEAT = "seat"
    MANDATE = "mandate"
    LEGAL = "legal"
    MEANS = "means"


@dataclass(frozen=True, slots=True)
class FormOfReprisal:
    """A form of nhri-reprisal-forms; `act` is what it is as an act, `on_institution` whether it hits that as such."""

    code: str
    detail: Detail
    act: str
    on_institution: bool = False


_FORMS = (
    FormOfReprisal("nhri-smear-campaign", Detail.MEANS, "smear-campaign"),
    FormOfReprisal("nhri-harassment", Detail.MEANS, "harassment"),
    FormOfReprisal("nhri-threat", Detail.MEANS, "threat"),
    FormOfReprisal("political-pressure", Detail.MEANS, "intimidation", on_institution=True),
    FormOfReprisal("undue-selection", Detail.SEAT, "professional-reprisal", on_institution=True),
    FormOfReprisal("undue-appointment", Detail.SEAT, "professional-reprisal", on_institution=True),
    FormOfReprisal("undue-dismissal", Detail.SEAT, "dismissal"),
    FormOfReprisal("budget-cut", Detail.BUDGET, "funding-restriction", on_institution=True),
    FormOfReprisal("interference-operations", Detail.MEANS, "restriction-of-association", on_institution=True),
    FormOfReprisal("mandate-reduced", Detail.MANDATE, "restriction-of-association", on_institution=True),
    FormOfReprisal("non-cooperation", Detail.MEANS, "other", on_institution=True),
    FormOfReprisal("loss-of-independence", Detail.MANDATE, "restriction-of-association", on_institution=True),
    FormOfReprisal("nhri-legal-action", Detail.LEGAL, "judicial-harassment"),
    FormOfReprisal("nhri-arrest", Detail.LEGAL, "arbitrary-detention"),
    FormOfReprisal("nhri-violent-act", Detail.MEANS, "physical-attack"),
    FormOfReprisal("nhri-killing", Detail.MEANS, "killing"),
)
FORMS = {each.code: each for each in _FORMS}
DISMISSAL = "undue-dismissal"

# Question of a form → vocabulary of its answers, which may be several.
QUESTIONS = {
    Detail.BUDGET: {"reasons": "reasons-given", "pillars": "paris-pillars"},
    Detail.SEAT: {
        "foreseen": "procedure-steps",
        "followed": "procedure-steps",
        "departures": "procedure-departures",
        "reasons": "reasons-given",
        "pillars": "paris-pillars",
    },
    Detail.MANDATE: {
        "powers": "nhri-powers",
        "means": "reprisal-means",
        "reasons": "reasons-given",
        "pillars": "paris-pillars",
    },
    Detail.LEGAL: {"charges": "charge-kinds", "means": "reprisal-means", "reasons": "reasons-given"},
    Detail.MEANS: {"means": "reprisal-means"},
}
# Fields of a form whose text goes sealed.
TEXTS = {
    Detail.BUDGET: ("text",),
    Detail.SEAT: ("procedure", "procedure_done", "reasons_text", "text"),
    Detail.MANDATE: ("before", "after", "text"),
    Detail.LEGAL: ("text",),
    Detail.MEANS: ("text",),
}
# Which of a profile's steps a form's procedure is about: branch of procedure-steps.
BRANCH = {"undue-selection": "appointing", "undue-appointment": "appointing", DISMISSAL: "dismissing"}

INSTITUTION = "nhri-institution"
MEMBER = "nhri-member"
# Targets by which a case without a documented form is still one that concerns an NHRI.
ROOTS_OF_TARGETS = (INSTITUTION, MEMBER, "nhri-staff")
