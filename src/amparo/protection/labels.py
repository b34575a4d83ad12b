"""What the questions, grades and problems of protection are called, in the active language when they are shown."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amparo.protection.gaps import Gap, Lack
from amparo.vocabularies.catalogue import get_vocabulary

QUESTION_LABELS = {
    "gender_threats": gettext_lazy(
        "Are there threats or attacks because of gender or sexuality, or of a sexual kind? Such as threats of rape, "
        "insults to honour, rumours about private life."
    ),
    "care_duties": gettext_lazy(
        "Does she or he care for children, or for old, ill or disabled people, so that leaving or hiding is harder?"
    ),
    "family_at_risk": gettext_lazy("Are partner, children or relatives threatened, or pressed to make the work stop?"),
    "pressure_at_home": gettext_lazy(
        "Is there violence or pressure at home, in the community or in the own movement because of the work?"
    ),
    "economic_dependence": gettext_lazy(
        "Does she or he depend on the income, the house or the papers of another person?"
    ),
    "online_exposure": gettext_lazy(
        "Is she or he exposed online? Such as private data or pictures that were published, false sexual content, "
        "campaigns against her or him."
    ),
    "lgbtqi_risk": gettext_lazy(
        "Is there a danger that is specific to LGBTQI+ persons? Such as being outed, laws against them, rejection by "
        "the family, violence that is meant to “correct”."
    ),
    "health_needs": gettext_lazy(
        "Are there needs of health that a plan must meet? Such as pregnancy, medicines, a disability, care after "
        "violence."
    ),
    "grounds_apply": gettext_lazy(
        "Does discrimination on other grounds make the danger greater or help harder to get?"
    ),
    "children": gettext_lazy("Are there children who must be part of the plan?"),
}
_SHORT = {
    "threats": gettext_lazy("Threats"),
    "gender_threats": gettext_lazy("Gender-based threats"),
    "care_duties": gettext_lazy("Care duties"),
    "family_at_risk": gettext_lazy("Family at risk"),
    "pressure_at_home": gettext_lazy("Pressure at home or in the community"),
    "economic_dependence": gettext_lazy("Economic dependence"),
    "online_exposure": gettext_lazy("Exposure online"),
    "lgbtqi_risk": gettext_lazy("Danger specific to LGBTQI+ persons"),
    "health_needs": gettext_lazy("Needs of health"),
    "grounds_apply": gettext_lazy("Discrimination on other grounds"),
    "children": gettext_lazy("Children"),
    "vulnerabilities": gettext_lazy("Vulnerabilities"),
    "capacities": gettext_lazy("Capacities"),
    "likelihood": gettext_lazy("Likelihood"),
    "likelihood_reasons": gettext_lazy("Reasons for the likelihood"),
    "impact": gettext_lazy("Impact"),
    "impact_reasons": gettext_lazy("Reasons for the impact"),
}
LIKELIHOODS = {
    1: gettext_lazy("1 · Very unlikely"),
    2: gettext_lazy("2 · Unlikely"),
    3: gettext_lazy("3 · Possible"),
    4: gettext_lazy("4 · Likely"),
    5: gettext_lazy("5 · Nearly certain, or happening now"),
}
IMPACTS = {
    1: gettext_lazy("1 · Slight: a nuisance"),
    2: gettext_lazy("2 · Felt: work or life is made harder for a while"),
    3: gettext_lazy("3 · Serious: injury, arrest for days, loss of work or home"),
    4: gettext_lazy("4 · Grave: long imprisonment, sexual violence, lasting injury"),
    5: gettext_lazy("5 · Gravest: death or disappearance"),
}
WORD_LABELS = {
    "name": gettext_lazy("Who needs protection"),
    "contact": gettext_lazy("How to reach her or him safely"),
    "family": gettext_lazy("Who else is in danger"),
    "asked_by": gettext_lazy("Who asks for it"),
    "asked_by_contact": gettext_lazy("How to reach who asks"),
    "reasons": gettext_lazy("What happened, and what is asked for"),
    "lessons": gettext_lazy("What we learnt"),
}
_DEEDS = {
    "protection-requested": gettext_lazy("asked for"),
    "protection-emergency": gettext_lazy("opened as an emergency"),
    "protection-changed": gettext_lazy("request changed"),
    "protection-refused": gettext_lazy("refused"),
    "protection-reopened": gettext_lazy("opened again"),
    "protection-closed": gettext_lazy("closed"),
    "risk-assessed": gettext_lazy("risk assessed"),
    "plan-opened": gettext_lazy("plan opened"),
    "plan-changed": gettext_lazy("owner or review of the plan changed"),
    "plan-reviewed": gettext_lazy("plan reviewed"),
    "plan-printed": gettext_lazy("plan shown for printing"),
    "measure-added": gettext_lazy("measure added"),
    "measure-changed": gettext_lazy("measure changed"),
    "section-opened": gettext_lazy("read"),
}


def describe_gap(gap: Gap) -> str:
    """What lacks, in a sentence. "Not known" says that nobody here knows, not that there is nothing."""
    language = get_language() or "en"
    term = get_vocabulary("national-system-parts").terms.get(gap.kind)
    kind = term.label(language) if term else ""
    return {
        Lack.NOT_KNOWN: _("%(kind)s: none is known to this register."),
        Lack.NOT_WORKING: _("%(kind)s: none is in force."),
        Lack.NOT_FUNDED: _("%(kind)s: it has no money, or not enough."),
        Lack.NO_EVIDENCE: _("%(kind)s: no evidence is given for its state."),
        Lack.NOT_DESIGNED_WITH_DEFENDERS: _("No part is known to have been designed with defenders."),
        Lack.NOT_CONSULTED: _("No consultation is known to this register."),
    }[gap.lack] % {"kind": kind}


def short_label(name: str) -> str:
    """What is asked, in two or three words."""
    return str(_SHORT.get(name, name))


def deed(action: str) -> str:
    """What an action of the log is called on a request's page."""
    return str(_DEEDS.get(action, action))


def explain(code: str) -> str:
    """Why something could not be done, for a person."""
    return {
        "not-now": _("This was not done: the request was closed or refused, or there is no plan yet."),
        "changed-meanwhile": _("Somebody else changed this meanwhile. Look at what it says now, and save again."),
        "keys-closed": _("Not saved: your keys are closed. Copy your words, sign in again, and save them then."),
        "not-ours": _("Whoever you chose does not work with this any more. Choose somebody else."),
        "last-state": _("This is the only state. Take the whole part out instead."),
    }.get(code, _("This was not done."))
