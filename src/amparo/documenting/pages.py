"""The steps of a case and the parts written in each: what their pages are called, and which form they have."""

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext_noop as _

from amparo.cases.parts import ACT, CONTACT, INFORMATION, PERPETRATOR, PLACE, STORY, VICTIM, WHAT, Part
from amparo.documenting.forms import (
    ActForm,
    ContactForm,
    NewActsForm,
    NewPerpetratorForm,
    PerpetratorForm,
    PlaceForm,
    SourceForm,
    StoryForm,
    VictimForm,
    WhatForm,
)
from amparo.documenting.part_form import PartForm


@dataclass(frozen=True, slots=True)
class Step:
    """A step of documenting, in order; `label` is marked by `gettext_noop`."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class PartPage:
    """The page of one part: `step` is where it belongs; without `new_form` it isn't added by itself."""

    part: Part
    step: str
    form: type[PartForm]
    title: str
    new_form: type[PartForm] | None = None
    new_title: str = ""
    removed: str = ""


STEPS = (
    Step("what", _("What, when, where")),
    Step("victims", _("Victims")),
    Step("acts", _("Acts")),
    Step("perpetrators", _("Alleged perpetrators")),
    Step("sources", _("Sources")),
    Step("story", _("Story and notes")),
    Step("check", _("Check")),
)
PAGES = {
    page.part.code: page
    for page in (
        PartPage(WHAT, "what", WhatForm, _("What happened, when and where")),
        PartPage(STORY, "story", StoryForm, _("Story and notes")),
        PartPage(
            PLACE, "what", PlaceForm, _("Change a place"), PlaceForm, _("Add a place"), _("The place was removed.")
        ),
        PartPage(
            VICTIM,
            "victims",
            VictimForm,
            _("Change a victim"),
            VictimForm,
            _("Add a victim"),
            _("The victim was removed."),
        ),
        PartPage(CONTACT, "victims", ContactForm, _("How to reach a victim")),
        PartPage(ACT, "acts", ActForm, _("Change an act"), NewActsForm, _("Add acts"), _("The act was removed.")),
        PartPage(
            PERPETRATOR,
            "perpetrators",
            PerpetratorForm,
            _("Change an alleged perpetrator"),
            NewPerpetratorForm,
            _("Add an alleged perpetrator"),
            _("The alleged perpetrator was removed."),
        ),
        PartPage(
            INFORMATION,
            "sources",
            SourceForm,
            _("Change a source"),
            SourceForm,
            _("Add a source"),
            _("The source was removed."),
        ),
    )
}


def find_page(code: str) -> PartPage:
    """The page of a part. Raises Http404."""
    if code not in PAGES:
        raise Http404
    return PAGES[code]


def step_after(code: str) -> str:
    """The step that comes after `code`; the last one after itself."""
    codes = [step.code for step in STEPS]
    return codes[min(codes.index(code) + 1, len(codes) - 1)]


def step_before(code: str) -> str:
    """The step that comes before `code`; the first one before itself."""
    codes = [step.code for step in STEPS]
    return codes[max(codes.index(code) - 1, 0)]
