"""Pages for what takes a look first: making a case of a report, letting another institution have it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.channel.models import Report
from amparo.channel.triage import accepting, referring, services
from amparo.channel.triage.accepting import CodedFacts
from amparo.channel.triage.forms import FactsForm
from amparo.channel.triage.opened import OpenedReport, first_report, open_report
from amparo.channel.triage.views import ask_address, explain, find_report
from amparo.institutions.access import ANSWER_REPORTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.ui.forms import with_area_of_country
from amparo.vault import services as vault
from amparo.vocabularies.catalogue import Term, get_vocabulary


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(ANSWER_REPORTS)
def accept(request: HttpRequest, report: UUID) -> HttpResponse:
    """The coded facts, prefilled from the answers, to be checked; saving them makes the case."""
    user, found, unlocked = cast(User, request.user), find_report(request, report), unlocked_institution(request)
    if found.incident is not None:
        return redirect("case", found.incident.pk)
    opened = _open(user, found, unlocked)
    if unlocked is None or opened is None or opened.answers is None:
        messages.error(request, explain("closed"))
        return redirect("inbox-report", found.pk)
    # Another country has other areas: shown again with them, and nothing saved yet.
    only_areas = "show-areas" in request.POST
    if request.method == "POST":
        form = FactsForm(with_area_of_country(request))
        if not only_areas and form.is_valid():
            try:
                incident = accepting.accept(user, found.pk, form.facts(), unlocked)
            except services.TriageError as refused:
                messages.error(request, explain(refused.code))
                return redirect("inbox-report", found.pk)
            messages.success(request, _("This is the case now. The report stays linked to it."))
            return redirect("case", incident.pk)
    else:
        form = FactsForm(initial=_initial(accepting.suggest_facts(found, opened.answers)))
    context = {
        "form": form,
        "report": found,
        "opened": opened,
        "definitions": _definitions(),
        "show_errors": not only_areas,
        "institution": user.institution,
    }
    return render(request, "triage/accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(ANSWER_REPORTS)
def refer(request: HttpRequest, report: UUID) -> HttpResponse:
    """Who else of this installation may have the report; sending it is a step of its own, with what it means."""
    user, found, unlocked = cast(User, request.user), find_report(request, report), unlocked_institution(request)
    opened = _open(user, found, unlocked)
    if unlocked is None or opened is None or opened.answers is None:
        messages.error(request, explain("closed"))
        return redirect("inbox-report", found.pk)
    if request.method == "POST":
        to = get_object_or_404(referring.candidates(found), code=request.POST.get("to", ""))
        try:
            referring.refer(user, found.pk, to, unlocked)
        except referring.NotReferred as refused:
            messages.error(request, _why(refused.refusal))
            return redirect("inbox-refer", found.pk)
        messages.success(request, _("Referred. The reporter’s mailbox now reaches both institutions."))
        return redirect("inbox-report", found.pk)
    first = first_report(found)
    others = [
        (to, referring.refusal(first, opened.answers, to), referring.CONSENT_FOR.get(to.kind, ""))
        for to in referring.candidates(found)
    ]
    context = {
        "report": found,
        "allowed": [to for to, why, _code in others if why is None],
        "refused": [
            (to, _why(why), ask_address(found, code) if why is referring.Refusal.NO_CONSENT else "")
            for to, why, code in others
            if why is not None
        ],
        "institution": user.institution,
    }
    return render(request, "triage/refer.html", context)


def _open(user: User, report: Report, unlocked: vault.Unlocked | None) -> OpenedReport | None:
    if unlocked is None:
        return None
    opened = open_report(report, unlocked)
    services.note_opening(user, report, opened.sections)
    return opened


def _why(refusal: referring.Refusal) -> str:
    return {
        referring.Refusal.NO_CONSENT: _("The reporter has not agreed to this."),
        referring.Refusal.OTHER_COUNTRY: _("The reporter agreed for the institution of the country concerned only."),
        referring.Refusal.HAS_IT: _("Has the report already."),
    }[refusal]


def _initial(facts: CodedFacts) -> dict[str, object]:
    said = {name: getattr(facts, name) for name in FactsForm.base_fields}
    said |= {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    return said | {"date": str(facts.date) if facts.date else ""}


def _definitions() -> dict[str, list[tuple[str, str]]]:
    language = get_language() or "en"

    def defined(term: Term) -> tuple[str, str]:
        return term.label(language), term.definition(language)

    return {
        name: [defined(term) for term in get_vocabulary(vocabulary).terms.values() if term.definition(language)]
        for name, vocabulary in FactsForm.VOCABULARIES.items()
    }
