"""What all pages with a form of a case share: going on with a draft, keeping one, asking what looks wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.cases.merging import Values
from amparo.cases.models import Incident
from amparo.documenting.pages import STEPS
from amparo.documenting.typed import TooLong, Typed, find_drafts, keep_draft
from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import get_vocabulary

_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Which form of which record this is: by it a draft is found again."""

    form: str
    record: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page was sent: the data to fill the form with, and what is to be done with it.

    `data` None: nothing yet, the form shows what is kept. `saves`: it is to be checked and saved.
    """

    data: QueryDict | None = field(repr=False)
    saves: bool = False
    drafts: tuple[Typed, ...] = ()
    went_on: bool = False

    @property
    def token(self) -> str:
        """The token of the form: its own where it has one."""
        given = self.data.get("token", "") if self.data is not None else ""
        is_token = len(given) == 2 * _TOKEN_BYTES and set(given) <= set("0123456789abcdef")
        return given if is_token else token_hex(_TOKEN_BYTES)

    @property
    def opened(self) -> Mapping[str, str]:
        """The digests that the form was opened with."""
        try:
            given = json.loads(self.data.get("opened", "")) if self.data is not None else {}
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(each) for name, each in given.items()} if isinstance(given, dict) else {}

    @property
    def choices(self) -> dict[str, str]:
        """How conflicts were settled: field → mine or theirs."""
        start = "choose-"
        given = self.data.items() if self.data is not None else ()
        return {name.removeprefix(start): str(value) for name, value in given if name.startswith(start)}

    @property
    def sure(self) -> bool:
        """Whether what looks wrong was said to be right."""
        return self.data is not None and self.data.get("sure") == "yes"

    @property
    def then(self) -> str:
        """Where to go once it is saved."""
        return self.data.get("then", "") if self.data is not None else ""


def read_sent(request: HttpRequest, place: FormPlace, unlocked: vault.Unlocked | None) -> Sent:
    """What this request asks of a form; a draft that is gone on with counts as sent and not to be saved."""
    if request.method == "POST":
        return Sent(request.POST, saves="show-areas" not in request.POST)
    drafts = tuple(find_drafts(cast(User, request.user), place.form, place.record, unlocked))
    if drafts and request.GET.get("go-on") == str(drafts[0].pk) and drafts[0].fields is not None:
        return Sent(drafts[0].fields, went_on=True)
    return Sent(None, drafts=drafts)


def keep_typed(request: HttpRequest, place: FormPlace) -> bool:
    """Keep what was sent as a draft, and say so. Whether that could be done."""
    try:
        keep_draft(cast(User, request.user), place.form, place.record, dict(request.POST.lists()))
    except TooLong:
        messages.error(request, _("This is too long to be kept as a draft. Save it, or shorten it."))
        return False
    messages.success(request, _("Kept as a draft, sealed. Come back to this form to go on; nobody else sees it."))
    return True


def keep_while_closed(request: HttpRequest, place: FormPlace) -> HttpResponse:
    """The page for closed keys. What was typed is kept: to seal takes no key."""
    kept = request.method == "POST" and keep_typed(request, place)
    return render(request, "documenting/closed.html", {"kept": kept}, status=422 if request.method == "POST" else 200)


def show_form(
    request: HttpRequest,
    template: str,
    place: FormPlace,
    form: forms.Form,
    sent: Sent,
    *,
    incident: Incident | None = None,
    step: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page with a form, its definitions, drafts and steps."""
    asked: dict[str, Any] = {
        "form": form,
        "place": place,
        "incident": incident,
        "step": step,
        "steps": STEPS,
        "drafts": sent.drafts,
        "went_on": sent.went_on,
        "show_errors": sent.saves,
        "token": sent.token,
        "definitions": definitions_of(getattr(form, "VOCABULARIES", {})),
        "institution": cast(User, request.user).institution,
        "has_areas": "area" in form.fields,
    }
    return render(request, template, asked | context, status=status)


def to_step(incident: Incident, step: str) -> HttpResponse:
    """On to a step of a case."""
    return redirect("case-document", incident.pk, step)


def definitions_of(vocabularies: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Field → the terms of its vocabulary with their definitions, in the active language."""
    language = get_language() or "en"
    return {
        name: [
            (term.label(language), term.definition(language))
            for term in get_vocabulary(vocabulary).terms.values()
            if term.definition(language)
        ]
        for name, vocabulary in vocabularies.items()
    }


def as_initial(values: Values) -> dict[str, Any]:
    """Values as what a form begins with."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
