"""The grave steps of a statement at the desk: issued after a confirmation, corrected, withdrawn."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.institutions.access import DECIDE_ALERTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import person
from amparo.ui.forms import status_of, with_version
from amparo.warning.desk import show, try_or_tell
from amparo.warning.models import PublicStatement, StatementNote
from amparo.warning.statements import issuing, signing
from amparo.warning.statements.forms import IssueForm, NoteForm
from amparo.warning.statements.held import parties_of
from amparo.warning.statements.views import find_draft, find_statement, open_text


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """The page that says what issuing does, with the whole text once more; then it is public."""
    user = person(request)
    if request.method == "POST" and hasattr(find_statement(user, number), "public"):
        # Sent twice: it is issued.
        return redirect("statement", number)
    statement = find_draft(user, number, own=True)
    parties = parties_of(statement)
    standing = signing.find_standing(statement, parties)
    form = IssueForm(request.POST or None, initial={"version": statement.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        unlocked = unlocked_institution(request)
        done = try_or_tell(form, lambda: issuing.issue(user, number, version=version, unlocked=unlocked))
        if done is not None:
            messages.success(request, _("Issued: everybody can read it now."))
            return redirect("statement", number)
        # Another text than the one that was read is to be read, and ticked, anew.
        form.data = with_version(request, statement.version)
        form.data.pop("no_names", None)
    return show(
        request,
        "warning/statements/issue.html",
        status=status_of(form),
        statement=statement,
        standing=standing,
        text=open_text(request, statement, parties),
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def correct(request: HttpRequest, number: int) -> HttpResponse:
    return _note(
        request,
        number,
        issuing.correct,
        _("The correction stands above the statement now."),
        _("Correct a statement"),
        _(
            "A statement that was issued is not rewritten. The correction is put above it with today’s date, and is "
            "public at once; it cannot be taken back."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return _note(
        request,
        number,
        issuing.withdraw,
        _("Withdrawn: a notice with today’s date stands in its place."),
        _("Withdraw a statement"),
        _(
            "Its words are taken off this site, and a notice with today’s date and your reason stays in their place. "
            "That cannot be undone, and what others have copied stays with them. Do not repeat what should not be read."
        ),
    )


def _note(
    request: HttpRequest,
    number: int,
    do: Callable[[User, int, Mapping[str, str], UUID], StatementNote],
    done: str,
    heading: str,
    warning: str,
) -> HttpResponse:
    """A page with one text about a public statement of one's own institution."""
    user = person(request)
    statement = find_statement(user, number)
    ours = PublicStatement.objects.filter(statement__institution=user.institution_id)
    public = get_object_or_404(ours, statement=statement)
    languages = [public.language, *sorted(code for code in public.texts if code != public.language)]
    form = NoteForm(request.POST or None, languages=languages)
    if request.method == "POST" and form.is_valid():
        try:
            kept = try_or_tell(form, lambda: do(user, public.pk, form.texts(), form.cleaned_data["token"]))
        except PublicStatement.DoesNotExist:
            raise Http404 from None
        if kept is not None:
            messages.success(request, done)
            return redirect("statement", number)
    if request.method != "POST" and public.withdrawn_on is not None:
        raise Http404
    return show(
        request,
        "warning/statements/note.html",
        status=status_of(form),
        statement=statement,
        public=public,
        form=form,
        heading=heading,
        warning=warning,
    )
