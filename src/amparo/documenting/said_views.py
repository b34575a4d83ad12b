"""What one source says of single facts: of the case, and of each victim."""

import json
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases import changing
from amparo.cases.merging import Merged, Value
from amparo.cases.parts import INFORMATION, records_of
from amparo.cases.records import numbers_of, open_records, opened_sections
from amparo.cases.services import note_sections
from amparo.cases.statements import FACT_NAMES, OF_INCIDENT, OF_VICTIM, SEVERAL
from amparo.documenting.form_page import FormPlace, keep_typed, keep_while_closed, read_sent, show_form, to_step
from amparo.documenting.opened import case_choices, find_case
from amparo.documenting.part_views import FORM_METHODS, in_words
from amparo.documenting.said_form import SaidForm
from amparo.documenting.typed import destroy_drafts
from amparo.institutions.access import DOCUMENT_CASES, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def said(request: HttpRequest, incident: int, source: int, victim: int | None = None) -> HttpResponse:
    """What a source says of the case, or of one victim: kept beside what the case takes, also where it differs."""
    case, user, unlocked = find_case(request, incident), cast(User, request.user), unlocked_institution(request)
    record = get_object_or_404(records_of(INFORMATION, case), pk=source)
    if victim is not None:
        get_object_or_404(case.victims, pk=victim)
    place = FormPlace("said", f"source:{source}:{victim or ''}")
    if unlocked is None:
        return keep_while_closed(request, place)
    if "keep-draft" in request.POST and keep_typed(request, place):
        return to_step(case, "sources")
    facts = OF_VICTIM if victim is not None else OF_INCIDENT
    sent = read_sent(request, place, unlocked)
    kept = changing.facts_said(record, victim, list(facts))
    form = _form(facts, kept, case.country, sent.data)
    asked = form.warnings() if sent.saves and form.is_valid() else []
    merged, opened = Merged({}), sent.opened or changing.digests_of(INFORMATION, source, kept)
    if sent.saves and form.is_valid() and (not asked or sent.sure):
        with transaction.atomic():
            destroy_drafts(user, place.form, place.record)
            merged = changing.say_facts(user, case.pk, source, victim, form.values(), opened, sent.choices)
            if merged.conflicts:
                transaction.set_rollback(True)
        if not merged.conflicts:
            messages.success(request, _("Saved.") if merged.changed else _("Nothing was changed."))
            return to_step(case, "sources")
        opened = changing.digests_of(INFORMATION, source, changing.facts_said(record, victim, list(facts)))
        form = _form(facts, merged.values, case.country, None)
    (shown,) = open_records(INFORMATION, [record], unlocked, numbers_of(INFORMATION, case))
    note_sections(user, case, opened_sections(INFORMATION, [shown]))
    conflicts = [
        {
            "name": name,
            "label": str(form.fields[name].label),
            "mine": in_words(form, name, merged.values[name]),
            "theirs": in_words(form, name, theirs),
        }
        for name, theirs in merged.conflicts.items()
    ]
    return show_form(
        request,
        "documenting/said.html",
        place,
        form,
        sent,
        incident=case,
        step="sources",
        title=_("What the source says of single facts"),
        opened=json.dumps(opened),
        asked=asked,
        conflicts=conflicts,
        source=shown,
        of_victim=victim,
        victims=case_choices(case, unlocked).victims,
        has_areas=victim is None,
        status=422 if sent.saves else 200,
    )


def _form(facts: Any, values: Any, country: str, data: Any) -> SaidForm:
    initial: dict[str, Value | list[str]] = {"country": country}
    for fact in facts:
        given = list(values.get(fact, ()))
        initial[fact] = given if fact in SEVERAL else (given[0] if given else "")
    return SaidForm(facts, FACT_NAMES, SEVERAL, data, initial=initial)
