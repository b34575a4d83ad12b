"""What is counted and by what, defined: where the definitions under each figure lead."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from amparo.portal.comparing.rates import POPULATIONS
from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.notes import describe_note
from amparo.statistics.published import PUBLISHED
from amparo.statistics.unseen_words import describe_caveats

DEFINITIONS = {
    "year": _("The calendar year in which it happened. What cannot be dated within one year is “not known”."),
    "calendar_month": _("The month of a year in which it happened. What cannot be dated within one is “not known”."),
    "country": _("The country in which it happened, which need not be that of the victim."),
    "area": _("The first-level area of the country in which it happened, such as a state, province or department."),
    "regional_group": _("The regional group of the United Nations to which the country belongs."),
    "network": _("The regional network of national human rights institutions in whose region the country lies."),
    "act": _("What was done to the victim. An act has one kind, the most exact one that is known."),
    "act_group": _("The group to which the kind of act belongs in the vocabulary of acts."),
    "target": _(
        "In which capacity the victim was attacked, such as human rights defender, journalist or trade unionist."
    ),
    "profile": _("What the victim defends or stands for. A victim can have several profiles, and counts once in each."),
    "sex": _("The victim’s sex as recorded by the source. It says nothing about the victim’s gender."),
    "age_band": _("The victim’s age when it happened, in bands."),
    "perpetrator": _("Who is alleged to have done it. There can be several, and the record counts once for each."),
    "sector": _("The sector of the economy to which the incident is linked, if it is."),
    "status": _("How far the information has been checked: reported, verified, and so on."),
}


@dataclass(frozen=True, slots=True)
class DefinedDimension:
    """A dimension in the reader's language. `terms` leads to the definitions of its codes; "" where it has none."""

    code: str
    name: str
    definition: str
    terms: str


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """The page of definitions, each at an anchor of its code."""
    shown = {
        "measures": MEASURES.values(),
        "dimensions": [_define(code) for code in PUBLISHED],
        "caveats": describe_caveats(),
        "notes": [describe_note(note) for note in ("suppressed", "finest", "multivalued", "not-zero")],
    }
    return render(request, "portal/methods.html", shown)


@require_safe
def populations(request: HttpRequest) -> HttpResponse:
    """The populations that rates are computed with."""
    headers = {"Content-Disposition": 'attachment; filename="populations.csv"'}
    return HttpResponse(POPULATIONS.read_bytes(), content_type="text/csv; charset=utf-8", headers=headers)


def _define(code: str) -> DefinedDimension:
    dimension = DIMENSIONS[code]
    terms = reverse("vocabulary", args=[dimension.vocabulary]) if dimension.vocabulary else ""
    return DefinedDimension(code, str(dimension.name), gettext(DEFINITIONS[code]), terms)
