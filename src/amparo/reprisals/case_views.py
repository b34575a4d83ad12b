"""The page of a case that tells of the reprisal, and the forms that complete and change it."""

from secrets import token_hex
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.cases.services import note_sections
from amparo.institutions.access import DOCUMENT_CASES, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.reprisals import registering
from amparo.reprisals.forms import CooperationForm, FactsForm, NhriField, detail_form
from amparo.reprisals.forms_of_reprisal import FORMS, QUESTIONS
from amparo.reprisals.guide import begin_detail
from amparo.reprisals.models import Cooperation, DocumentedForm, Reprisal
from amparo.reprisals.opened import open_reprisal
from amparo.reprisals.scope import may_add_profile, profiles_for
from amparo.reprisals.sent import read_token, read_version, shown_version
from amparo.reprisals.words import explain
from amparo.ui.templatetags.ui import label as label_of
from amparo.vault import services as vault

_FORM_METHODS = ["GET", "HEAD", "POST"]


class MarkForm(forms.Form):
    """Against which NHRI a case is a reprisal."""

    nhri = NhriField()

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["nhri"]
        assert isinstance(field, NhriField)  # noqa: S101  (declared above)
        field.queryset = profiles_for(user)


@require_safe
@desk_page(READ_CODED_FACTS)
def reprisal(request: HttpRequest, incident: int) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    unlocked = unlocked_institution(request)
    opened = open_reprisal(case, unlocked)
    if opened is not None and opened.sections:
        note_sections(user, case, opened.sections)
    documents = may(user, DOCUMENT_CASES)
    context = {
        "incident": case,
        "opened": opened,
        "may_change": documents,
        "form": MarkForm(user=user) if documents and opened is None else None,
        "has_nhri": profiles_for(user).exists(),
        "may_add": may_add_profile(user),
        "forms_to_add": list(FORMS),
        "institution": user.institution,
    }
    return render(request, "reprisals/case-reprisal.html", context)


@require_POST
@desk_page(DOCUMENT_CASES)
def mark(request: HttpRequest, incident: int) -> HttpResponse:
    """Say of a case that it is a reprisal against an NHRI."""
    user, case = cast(User, request.user), _find_case(request, incident)
    form = MarkForm(request.POST, user=user)
    if form.is_valid():
        registering.begin_reprisal(user, case.pk, form.cleaned_data["nhri"].pk)
        messages.success(request, _("It is in the register now. Add what documents it."))
    else:
        messages.error(request, _("Choose the institution first."))
    return redirect("case-reprisal", case.pk)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def facts(request: HttpRequest, incident: int) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    kept = get_object_or_404(Reprisal, incident=case)
    names = ("novelty", "extent", "in_un_document")
    begun = {name: getattr(kept, name) for name in names} | {
        "because_of_mandate": case.because_of_mandate,
        "because_of_cooperation": case.because_of_cooperation,
        "consequences": list(kept.consequences.values_list("consequence", flat=True)),
    }
    form, renewed = FactsForm(request.POST or None, initial=begun), False
    if request.method == "POST" and form.is_valid():
        try:
            registering.change_facts(user, case.pk, form.facts(), read_version(request))
        except registering.ReprisalError as refused:
            form.add_error(None, explain(refused.code))
            renewed = True
        else:
            return _done(request, case)
    return _show(request, case, form, _("The reprisal as a whole"), renewed=renewed)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def add_form(request: HttpRequest, incident: int, form: str) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    kept = get_object_or_404(Reprisal.objects.select_related("nhri"), incident=case)
    if form not in FORMS:
        raise Http404
    shown = detail_form(form)(request.POST or None, form=form, initial=begin_detail(form, kept.nhri))
    _offer_victims(shown, case)
    if request.method == "POST" and shown.is_valid():
        victims = shown.cleaned_data["victims"]
        registering.add_form(user, case.pk, shown.draft(), victims, read_token(request) or token_hex(16))
        return _done(request, case)
    return _show(request, case, shown, label_of(form, "nhri-reprisal-forms"))


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def change_form(request: HttpRequest, incident: int, number: int) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    kept = get_object_or_404(DocumentedForm.objects.select_related("section"), pk=number, reprisal__incident=case)
    unlocked, renewed = unlocked_institution(request), False
    shown = detail_form(kept.form)(request.POST or None, form=kept.form, initial=_begin_form(kept, unlocked))
    _offer_victims(shown, case, kept)
    closed = kept.section_id is not None and unlocked is None
    if closed:
        _shut_texts(shown)
    if request.method == "POST" and shown.is_valid():
        try:
            registering.change_form(
                user,
                case.pk,
                number,
                shown.draft(),
                shown.cleaned_data["victims"],
                read_version(request),
                unlocked,
            )
        except registering.ReprisalError as refused:
            shown.add_error(None, explain(refused.code))
            renewed = refused.code == "changed-meanwhile"
        else:
            return _done(request, case)
    title = label_of(kept.form, "nhri-reprisal-forms")
    return _show(request, case, shown, title, renewed=renewed, closed=closed)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def remove_form(request: HttpRequest, incident: int, number: int) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    kept = get_object_or_404(DocumentedForm, pk=number, reprisal__incident=case)
    if request.method == "POST":
        registering.remove_form(user, case.pk, number)
        messages.success(request, _("Removed, with what was sealed in it."))
        return redirect("case-reprisal", case.pk)
    return _ask_removal(request, case, label_of(kept.form, "nhri-reprisal-forms"), has_acts=True)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def cooperation(request: HttpRequest, incident: int, number: int | None = None) -> HttpResponse:
    """Add or change cooperation with the United Nations."""
    user, case = cast(User, request.user), _find_case(request, incident)
    get_object_or_404(Reprisal, incident=case)
    mine = Cooperation.objects.filter(reprisal__incident=case).select_related("section")
    kept = get_object_or_404(mine, pk=number) if number is not None else None
    unlocked, renewed = unlocked_institution(request), False
    form = CooperationForm(request.POST or None, initial=_begin_cooperation(kept, unlocked))
    closed = kept is not None and kept.section_id is not None and unlocked is None
    if closed:
        _shut_texts(form)
    if request.method == "POST" and form.is_valid():
        try:
            if kept is None:
                registering.add_cooperation(user, case.pk, form.draft(), read_token(request) or token_hex(16))
            else:
                registering.change_cooperation(user, case.pk, kept.pk, form.draft(), read_version(request), unlocked)
        except registering.ReprisalError as refused:
            form.add_error(None, explain(refused.code))
            renewed = refused.code == "changed-meanwhile"
        else:
            return _done(request, case)
    return _show(request, case, form, _("Cooperation with the United Nations"), renewed=renewed, closed=closed)


@require_http_methods(_FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def remove_cooperation(request: HttpRequest, incident: int, number: int) -> HttpResponse:
    user, case = cast(User, request.user), _find_case(request, incident)
    kept = get_object_or_404(Cooperation, pk=number, reprisal__incident=case)
    if request.method == "POST":
        registering.remove_cooperation(user, case.pk, number)
        messages.success(request, _("Removed, with what was sealed in it."))
        return redirect("case-reprisal", case.pk)
    return _ask_removal(request, case, label_of(kept.body, "un-bodies"))


def _find_case(request: HttpRequest, incident: int) -> Incident:
    found: Incident = get_object_or_404(incidents_for(cast(User, request.user)), pk=incident)
    return found


def _offer_victims(form: forms.Form, case: Incident, kept: DocumentedForm | None = None) -> None:
    """Let a form say whom of the case's victims it was directed at."""
    victims = list(case.victims.order_by("pk"))
    choices = [
        (
            each.pk,
            _("Victim %(number)s: %(function)s") % {"number": number, "function": label_of(each.target, "targets")},
        )
        for number, each in enumerate(victims, start=1)
    ]
    hit = list(kept.targets.values_list("victim_id", flat=True)) if kept else []
    form.fields["victims"] = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=choices,
        required=False,
        initial=hit,
        label=_("Directed at"),
        widget=forms.CheckboxSelectMultiple,
    )
    form.order_fields(["victims"])


def _begin_form(kept: DocumentedForm, unlocked: vault.Unlocked | None) -> dict[str, Any]:
    begun: dict[str, Any] = dict.fromkeys(QUESTIONS[FORMS[kept.form].detail], ())
    for question, code in kept.codes.order_by("pk").values_list("question", "code"):
        begun[question] = (*begun.get(question, ()), code)
    for name in ("budget_cut", "seat_interference", "mandate_change", "legal_action"):
        record = getattr(kept, name, None)
        if record is not None:
            columns = (each.name for each in record._meta.concrete_fields)
            begun |= {column: getattr(record, column) for column in columns if column not in ("id", "documented")}
    return begun | {"date": kept.date, "sure": True} | _texts(kept, unlocked)


def _begin_cooperation(kept: Cooperation | None, unlocked: vault.Unlocked | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {"body": kept.body, "manner": kept.manner, "date": kept.date} | _texts(kept, unlocked)


def _texts(kept: DocumentedForm | Cooperation, unlocked: vault.Unlocked | None) -> dict[str, object]:
    if kept.section is None or unlocked is None:
        return {}
    return vault.open_sections([kept.section], unlocked).get(kept.section.pk, {})


def _shut_texts(form: forms.Form) -> None:
    """Closed keys: texts that are there can't be read, so they can't be written over either."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.disabled = True


def _done(request: HttpRequest, case: Incident) -> HttpResponse:
    messages.success(request, _("Kept."))
    return redirect("case-reprisal", case.pk)


def _show(
    request: HttpRequest, case: Incident, form: forms.Form, title: str, *, renewed: bool = False, closed: bool = False
) -> HttpResponse:
    context = {
        "incident": case,
        "form": form,
        "title": title,
        "closed": closed,
        "token": read_token(request) or token_hex(16),
        "version": shown_version(request, case.version, renewed=renewed),
        "institution": cast(User, request.user).institution,
    }
    return render(request, "reprisals/detail-form.html", context, status=422 if request.method == "POST" else 200)


def _ask_removal(request: HttpRequest, case: Incident, title: str, *, has_acts: bool = False) -> HttpResponse:
    context = {
        "incident": case,
        "title": title,
        "has_acts": has_acts,
        "back": reverse("case-reprisal", args=[case.pk]),
        "institution": cast(User, request.user).institution,
    }
    return render(request, "reprisals/remove-detail.html", context)
