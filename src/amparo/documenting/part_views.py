"""Adding, changing and removing one record of a case, whatever part it is."""

import json
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from amparo.cases import changing
from amparo.cases.merging import Merged, Value, Values
from amparo.cases.models import Incident
from amparo.cases.parts import ACT, OF_CASE, PERPETRATOR, PLACE, WHAT, Part, records_of
from amparo.cases.records import OpenedRecord, numbers_of, open_records, opened_sections
from amparo.cases.services import note_sections
from amparo.documenting.form_page import (
    FormPlace,
    Sent,
    as_initial,
    keep_typed,
    keep_while_closed,
    read_sent,
    show_form,
    to_step,
)
from amparo.documenting.forms import NewActsForm, NewPerpetratorForm
from amparo.documenting.opened import MOST_OFFERED, case_choices, find_case
from amparo.documenting.pages import PartPage, find_page, step_after, step_before
from amparo.documenting.part_form import PartForm
from amparo.documenting.typed import destroy_drafts
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault import services as vault
from amparo.vocabularies.choices import choices_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def change(request: HttpRequest, incident: int, part: str, number: int) -> HttpResponse:
    """Change a record. Another's changes of other fields stand; of the same ones this person chooses."""
    return change_part(request, find_case(request, incident), find_page(part), number)


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def add(request: HttpRequest, incident: int, part: str) -> HttpResponse:
    """Add a record; acts and perpetrators several at once."""
    case, page = find_case(request, incident), find_page(part)
    if page.new_form is None:
        raise Http404
    place, unlocked = FormPlace(f"add-{part}", f"incident:{case.pk}"), unlocked_institution(request)
    if unlocked is None:
        return keep_while_closed(request, place)
    if "keep-draft" in request.POST and keep_typed(request, place):
        return to_step(case, page.step)
    sent = read_sent(request, place, unlocked)
    form = page.new_form(sent.data, choices=case_choices(case, unlocked), initial=_begun(request))
    asked = form.warnings() if sent.saves and form.is_valid() else []
    if sent.saves and form.is_valid() and (not asked or sent.sure):
        try:
            added = _add(cast(User, request.user), case, page, form, sent, place, unlocked)
        except changing.NotChanged as refused:
            form.add_error("source" if refused.code == "source-there" else None, explain(refused.code))
        else:
            if added:
                messages.success(request, added)
            return _after(request, case, page, sent)
    return show_form(
        request,
        "documenting/part-form.html",
        place,
        form,
        sent,
        incident=case,
        step=page.step,
        title=_(page.new_title),
        page=page,
        adds=True,
        asked=asked,
        status=422 if sent.saves else 200,
    )


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def remove(request: HttpRequest, incident: int, part: str, number: int) -> HttpResponse:
    """Remove a record, once it was asked and said what goes with it."""
    case, page = find_case(request, incident), find_page(part)
    if not page.removed:
        raise Http404
    if request.method == "POST":
        try:
            changing.remove_record(cast(User, request.user), case.pk, page.part, number)
            messages.success(request, _(page.removed))
        except changing.NotChanged as refused:
            messages.error(request, explain(refused.code))
        return to_step(case, page.step)
    unlocked = unlocked_institution(request)
    record = get_object_or_404(records_of(page.part, case), pk=number)
    (opened,) = open_records(page.part, [record], unlocked, numbers_of(page.part, case))
    note_sections(cast(User, request.user), case, opened_sections(page.part, [opened]))
    context = {"incident": case, "page": page, "opened": opened, "goes": _goes_with(opened), "part": part}
    return render(request, "documenting/remove.html", context | {"institution": case.institution})


def change_part(request: HttpRequest, case: Incident, page: PartPage, number: int) -> HttpResponse:
    """The page that changes record `number` of a case, or says that it was removed meanwhile."""
    user, unlocked = cast(User, request.user), unlocked_institution(request)
    place = FormPlace(page.part.code, f"{page.part.code}:{number}")
    if unlocked is None:
        return keep_while_closed(request, place)
    if "keep-draft" in request.POST and keep_typed(request, place):
        return to_step(case, page.step)
    record = records_of(page.part, case).filter(pk=number).first()
    if record is None:
        return _removed_meanwhile(request, case, page, unlocked)
    sent = read_sent(request, place, unlocked)
    opened = _open(page.part, case, record, unlocked)
    if request.method != "POST":
        note_sections(user, case, opened_sections(page.part, [opened]))
    form = _form(page, case, opened.values, sent.data, unlocked)
    asked = form.warnings() if sent.saves and form.is_valid() else []
    merged, said = Merged({}), sent.opened or changing.digests_of(page.part, number, opened.values)
    if sent.saves and form.is_valid() and (not asked or sent.sure):
        try:
            merged = _change(user, case, page.part, number, form.values(), said, unlocked, sent, place)
        except ObjectDoesNotExist:
            return _removed_meanwhile(request, case, page, unlocked)
        except changing.NotChanged as refused:
            form.add_error("source" if refused.code == "source-there" else None, explain(refused.code))
        else:
            if not merged.conflicts:
                messages.success(request, _("Saved.") if merged.changed else _("Nothing was changed."))
                return _after(request, case, page, sent)
            # Shown again on what is kept now: what only the other changed stands, what both did is to be chosen.
            kept = _open(page.part, case, records_of(page.part, case).get(pk=number), unlocked).values
            said = changing.digests_of(page.part, number, kept)
            form = _form(page, case, dict(merged.values), None, unlocked)
    return show_form(
        request,
        "documenting/part-form.html",
        place,
        form,
        sent,
        incident=case,
        step=page.step,
        title=_(page.title),
        page=page,
        opened=json.dumps(said),
        asked=asked,
        conflicts=_conflicts(form, merged),
        number=opened.number,
        called=opened.name,
        places=_places(case, unlocked) if page.part is WHAT else [],
        status=422 if sent.saves else 200,
    )


def _places(case: Incident, unlocked: vault.Unlocked) -> list[OpenedRecord]:
    return open_records(PLACE, list(records_of(PLACE, case)[:MOST_OFFERED]), unlocked)


def explain(code: str) -> str:
    """Why something could not be done, for a person."""
    return {
        "source-there": _("This source is in the case already. Change it there, or choose another."),
        "still-needed": _("It was not removed: something else hangs on it, such as a plan or a file."),
    }.get(code, _("This was not done: what it points to is no longer in the case. Look, and choose again."))


def _open(part: Part, case: Incident, record: Any, unlocked: vault.Unlocked) -> OpenedRecord:
    numbers = {} if part.code in OF_CASE else numbers_of(part, case)
    (opened,) = open_records(part, [record], unlocked, numbers)
    return opened


def _form(page: PartPage, case: Incident, values: Values, data: Any, unlocked: vault.Unlocked) -> PartForm:
    closed = page.part.sealed_names - values.keys()
    return page.form(data, choices=case_choices(case, unlocked), closed=closed, initial=as_initial(values))


@transaction.atomic
def _change(
    user: User,
    case: Incident,
    part: Part,
    number: int,
    values: dict[str, Value],
    said: Any,
    unlocked: vault.Unlocked,
    sent: Sent,
    place: FormPlace,
) -> Merged:
    destroy_drafts(user, place.form, place.record)
    merged = changing.change_record(user, case.pk, part, number, values, said, unlocked, sent.choices)
    if merged.conflicts:
        transaction.set_rollback(True)
    return merged


@transaction.atomic
def _add(
    user: User, case: Incident, page: PartPage, form: PartForm, sent: Sent, place: FormPlace, unlocked: vault.Unlocked
) -> str:
    """Add what the form says; what is told of it, "" where it was sent before."""
    destroy_drafts(user, place.form, place.record)
    if isinstance(form, NewActsForm):
        values = form.values()
        victims = [int(each) for each in values.pop("victims")]
        number = changing.add_acts(user, case.pk, victims, list(values.pop("kinds")), values, sent.token)
        if number is None:
            return ""
        return ngettext("%(number)s act was added.", "%(number)s acts were added.", number) % {"number": number}
    added = changing.add_record(user, case.pk, page.part, form.values(), sent.token, unlocked)
    if added is None:
        return ""
    if page.part is PERPETRATOR and isinstance(form, NewPerpetratorForm):
        acts, degree = form.involved()
        changing.involve(user, case.pk, added, acts, degree)
    return _("Added.")


def _after(request: HttpRequest, case: Incident, page: PartPage, sent: Sent) -> HttpResponse:
    if sent.then == "another":
        return redirect("case-part-add", case.pk, page.part.code)
    if sent.then == "next":
        return to_step(case, step_after(page.step))
    if sent.then == "back":
        return to_step(case, step_before(page.step))
    return to_step(case, page.step)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What a new record begins with: the victim from whose line it was asked for."""
    victim = request.GET.get("victim", "")
    return {"victims": [victim], "victim": victim} if victim.isdecimal() else {}


def _removed_meanwhile(request: HttpRequest, case: Incident, page: PartPage, unlocked: vault.Unlocked) -> HttpResponse:
    """A record that another removed while this person was typing: what was typed can be added anew."""
    if request.method != "POST" or page.part.code in OF_CASE:
        raise Http404
    sent = Sent(request.POST)
    form = page.form(request.POST, choices=case_choices(case, unlocked))
    # Who adds it again does so with the form of a new one, which for acts has several to choose.
    if page.part is ACT:
        data = request.POST.copy()
        data.setlist("kinds", request.POST.getlist("kind"))
        data.setlist("victims", request.POST.getlist("victim"))
        form = NewActsForm(data, choices=case_choices(case, unlocked))
    place = FormPlace(f"add-{page.part.code}", f"incident:{case.pk}")
    return show_form(
        request,
        "documenting/part-form.html",
        place,
        form,
        sent,
        incident=case,
        step=page.step,
        title=_(page.new_title or page.title),
        page=page,
        adds=True,
        was_removed=True,
        status=409,
    )


def _conflicts(form: PartForm, merged: Merged) -> list[dict[str, str]]:
    """Each field that two changed: what it is called, and both values in words."""
    return [
        {
            "name": name,
            "label": str(form.fields[name].label) if name in form.fields else _("Involvement"),
            "mine": in_words(form, name, merged.values[name]),
            "theirs": in_words(form, name, theirs),
        }
        for name, theirs in merged.conflicts.items()
    ]


def in_words(form: Any, name: str, value: Value) -> str:
    """A value as its form shows it."""
    if name == "involvements":
        called, degrees = dict(form.case.perpetrators), dict(choices_of("degrees-of-involvement"))
        each = (written.split(":") for written in value)
        return " · ".join(f"{called.get(who, who)} ({degrees.get(how, how)})" for who, how in each) or _("nothing")
    field = form.fields.get(name)
    choices: dict[str, str] = {}
    for code, label in getattr(field, "choices", ()):
        choices |= (
            {str(c): str(each) for c, each in label} if isinstance(label, list | tuple) else {str(code): str(label)}
        )
    values = (value,) if isinstance(value, str) else value
    return " · ".join(choices.get(each, each) for each in values) or _("nothing")


def _goes_with(opened: OpenedRecord) -> dict[str, int]:
    """How many records go with this one, by the names of their relations."""
    record: Any = opened.record
    relations = {
        "victim": ("acts", "places", "statements"),
        "information": ("statements",),
        "allegedperpetrator": ("involvements",),
    }.get(record._meta.model_name, ())
    counts = {name: getattr(record, name).count() for name in relations}
    return {name: number for name, number in counts.items() if number}
