"""Pages of coding twice: samples, the blind form, agreement, and what is decided where two codings differ."""

from collections.abc import Mapping
from secrets import token_hex
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.cases.services import note_sections
from amparo.institutions.access import (
    DECIDE_STATUS,
    DOCUMENT_CASES,
    EXPORT_CASES,
    MANAGE_PEOPLE,
    READ_CODED_FACTS,
    desk_page,
    may,
)
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.quality import recoding
from amparo.quality.agreement_tables import (
    AGREEMENT,
    CODERS,
    DIFFERENCES,
    agreement_table,
    coders_table,
    confusion_table,
    differences_table,
)
from amparo.quality.comparing import compare_coders, compare_round, count_progress, list_differences
from amparo.quality.first_codings import is_of_victim
from amparo.quality.forms import CodeAgainForm, DrawForm
from amparo.quality.models import CodingRound, SampledCase
from amparo.quality.recoding import rounds_of, sampled_of, waiting_for
from amparo.quality.tables import Table
from amparo.quality.views import ShownTable, attach
from amparo.quality.words import DECISION_NAMES, coding_name
from amparo.vault import services as vault

FORM_METHODS = ["GET", "HEAD", "POST"]
ROUNDS_PER_PAGE, DIFFERENCES_PER_PAGE = 25, 25
# Of what is sealed only what a story tells: never a text in which an import kept the codes of its file.
_STORY = ("text", "place", "links")
_PERSON = ("name", "function", "organisation", "nationality", "age")
_TOKEN_LETTERS = frozenset("0123456789abcdef")


@require_http_methods(FORM_METHODS)
@desk_page(READ_CODED_FACTS)
def agreement(request: HttpRequest) -> HttpResponse:
    """The samples, and the form that draws a new one."""
    user = cast(User, request.user)
    draws = may(user, DOCUMENT_CASES)
    if request.method == "POST" and not draws:
        return render(request, "institutions/not-allowed.html", status=403)
    form = DrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            drawn = recoding.draw_sample(user, said["size"], said["fields_again"], said["seed"], _token(request))
        except recoding.NothingToDraw as refused:
            form.add_error(None, str(refused.words))
        else:
            messages.success(request, _("The sample is drawn. A colleague can code it now."))
            return redirect("quality-round", drawn.pk)
    page = Paginator(rounds_of(user), ROUNDS_PER_PAGE).get_page(request.GET.get("page"))
    progress = count_progress(page.object_list)
    context = {
        "rounds": [(each, *progress.get(each.pk, (0, 0))) for each in page.object_list],
        "page": page,
        "form": form if draws else None,
        "token": _token(request),
    }
    return render(request, "quality/agreement.html", context, status=422 if form.errors else 200)


@require_safe
@desk_page(READ_CODED_FACTS)
def coding_round(request: HttpRequest, number: int) -> HttpResponse:
    """The agreement in a sample, what is left to code, and where the two differ."""
    user = cast(User, request.user)
    drawn = get_object_or_404(rounds_of(user), pk=number)
    compared, documents, leads = compare_round(drawn), may(user, DOCUMENT_CASES), may(user, MANAGE_PEOPLE)
    exports = may(user, EXPORT_CASES)
    tables = [_shown(drawn, agreement_table(compared), exports)] if compared.coded else []
    if leads and compared.coded:
        tables.append(_shown(drawn, coders_table(compare_coders(drawn)), False))
    differing = [code for code, each in compared.fields.items() if each.agreed < each.number]
    chosen = request.GET.get("field", differing[0] if differing else "")
    differences = list_differences(drawn) if documents else []
    page = Paginator(differences, DIFFERENCES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": drawn,
        "compared": compared,
        "tables": tables,
        "differing": differing,
        "chosen": chosen,
        "confusion": confusion_table(chosen, compared.fields[chosen]) if chosen in differing else None,
        "differences": [
            (each, coding_name(each.field, each.first), coding_name(each.field, each.second))
            for each in page.object_list
        ],
        "differences_file": _file(drawn, DIFFERENCES) if exports and differences else "",
        "page": page,
        "documents": documents,
        "decides": may(user, DECIDE_STATUS),
        "leads": leads,
        "waiting": waiting_for(user, drawn) if documents else None,
        "decisions": [(code, _(name)) for code, name in DECISION_NAMES.items()],
        "decision_names": {code: _(name) for code, name in DECISION_NAMES.items()},
    }
    return render(request, "quality/round.html", context)


@require_safe
@desk_page(EXPORT_CASES)
def round_csv(request: HttpRequest, number: int, table: str) -> HttpResponse:
    """A table of a sample as a file."""
    user = cast(User, request.user)
    drawn = get_object_or_404(rounds_of(user), pk=number)
    if table == AGREEMENT:
        return attach(user, agreement_table(compare_round(drawn)))
    if table == DIFFERENCES and may(user, DOCUMENT_CASES):
        return attach(user, differences_table(list_differences(drawn)))
    if table == CODERS and may(user, MANAGE_PEOPLE):
        return attach(user, coders_table(compare_coders(drawn)))
    raise Http404


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def code_again(request: HttpRequest, sampled: int) -> HttpResponse:
    """The story of a case with the form that codes it again: how it was coded first is on no part of the page."""
    user = cast(User, request.user)
    held = get_object_or_404(sampled_of(user).select_related("round", *_SECTIONS), pk=sampled)
    unlocked = unlocked_institution(request)
    form = CodeAgainForm(request.POST if request.method == "POST" else None, asked=held.round.fields)
    if held.second is not None or recoding.own_cases(user, [held.incident_id]):
        messages.info(request, _("This case is coded already, or you worked on it yourself. Go on with another."))
        return redirect("quality-round", held.round_id)
    # Codes are not sealed: whose keys were closed meanwhile loses nothing of what she chose.
    if request.method == "POST" and form.is_valid():
        try:
            recoding.code_again(user, held.pk, form.coding())
        except (recoding.CodedAlready, recoding.NotBlind) as refused:
            messages.error(request, str(refused.words))
            return redirect("quality-round", held.round_id)
        messages.success(request, _("Coded. Here is the next case."))
        return redirect("quality-round-next", held.round_id)
    if request.method != "POST" and unlocked is None:
        return render(request, "documenting/closed.html")
    story, person = _open(user, held, unlocked)
    context = {
        "sampled": held,
        "round": held.round,
        "form": form,
        "definitions": form.definitions,
        "show_errors": form.is_bound,
        "story": story,
        "person": person,
        "of_victim": any(is_of_victim(code) for code in held.round.fields),
        "cases": held.round.sampled.count(),
    }
    return render(request, "quality/code-again.html", context, status=422 if form.errors else 200)


@require_safe
@desk_page(DOCUMENT_CASES)
def next_case(request: HttpRequest, number: int) -> HttpResponse:
    """On to the first case of the sample that this person may still code."""
    user = cast(User, request.user)
    drawn = get_object_or_404(rounds_of(user), pk=number)
    waiting = waiting_for(user, drawn)
    if waiting.open_to_her:
        return redirect("quality-code-again", waiting.open_to_her[0])
    messages.info(request, _("There is no case left in this sample that you can code again."))
    return redirect("quality-round", drawn.pk)


@require_POST
@desk_page(DECIDE_STATUS)
def resolve(request: HttpRequest, sampled: int, field: str) -> HttpResponse:
    """Decide which coding holds; the case itself is changed by hand, on its own form."""
    user = cast(User, request.user)
    held = get_object_or_404(sampled_of(user), pk=sampled)
    try:
        recoding.resolve(user, held.pk, field, request.POST.get("decision", ""))
    except recoding.NotDisputed as refused:
        messages.error(request, str(refused.words))
    else:
        messages.success(request, _("Decided. Both codings are kept; change the case itself where it has to be."))
    return redirect(f"{reverse('quality-round', args=[held.round_id])}#differences")


@require_http_methods(FORM_METHODS)
@desk_page(DOCUMENT_CASES)
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Give a sample up of which nothing was coded yet, after asking."""
    user = cast(User, request.user)
    drawn = get_object_or_404(rounds_of(user), pk=number)
    if request.method == "POST":
        if recoding.drop_round(user, drawn.pk):
            messages.success(request, _("The sample is given up."))
            return redirect("quality-agreement")
        messages.error(request, _("Some of its cases are coded already: it stays."))
        return redirect("quality-round", drawn.pk)
    return render(request, "quality/drop.html", {"round": drawn})


_SECTIONS = ("incident__section", "incident__institution", "victim__section")


def _open(
    user: User, held: SampledCase, unlocked: vault.Unlocked | None
) -> tuple[dict[str, object] | None, dict[str, object] | None]:
    """What is sealed of the story and of the victim, as far as this session opens it."""
    of_victim = held.victim.section if held.victim is not None else None
    sections = [each for each in (held.incident.section, of_victim) if each is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked is not None and sections else {}
    note_sections(user, held.incident, sum(bool(fields) for fields in opened.values()))
    story = opened.get(held.incident.section.pk) if held.incident.section is not None else {}
    person = opened.get(of_victim.pk) if of_victim is not None else {}
    return _only(story, _STORY), _only(person, _PERSON)


def _only(fields: Mapping[str, object] | None, names: tuple[str, ...]) -> dict[str, object] | None:
    return None if fields is None else {name: fields[name] for name in names if fields.get(name)}


def _shown(drawn: CodingRound, table: Table, exports: bool) -> ShownTable:
    return ShownTable(table, _file(drawn, table.code) if exports else "")


def _file(drawn: CodingRound, table: str) -> str:
    return reverse("quality-round-csv", args=[drawn.pk, table])


def _token(request: HttpRequest) -> str:
    given = request.POST.get("token", "")
    return given if len(given) == 32 and set(given) <= _TOKEN_LETTERS else token_hex(16)
