"""Joint statements at the desk: drafted, edited, signed, left. Issuing and what follows: `issuing_views.py`."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_version
from amparo.vault import log
from amparo.warning.desk import explain, page_of, posted_version, read_number, show, try_or_tell
from amparo.warning.held import AlertError, ChangedMeanwhile, KeysClosed
from amparo.warning.models import Alert, Statement, StatementParty
from amparo.warning.scope import alerts_for
from amparo.warning.statements import drafting, signing
from amparo.warning.statements.forms import BeginForm, InviteForm, TextForm
from amparo.warning.statements.held import part_of, parties_of, read_copy, statements_for
from amparo.warning.statements.texts import Text

_MOST_EDITS = 50


@require_safe
@desk_page(HANDLE_ALERTS)
def statement_list(request: HttpRequest) -> HttpResponse:
    """The statements in which one's institution takes part, drafts and issued ones."""
    found = statements_for(person(request)).select_related("institution", "public", "alert")
    return show(request, "warning/statements/list.html", page=page_of(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """A statement about the alert of this number."""
    user = person(request)
    readable = alerts_for(user).select_related("threatened")
    alert = get_object_or_404(readable.filter(state__in=("open", "muted"), is_drill=False), pk=number)
    others = [each for each in drafting.who_could_join(alert) if each.pk != user.institution_id]
    form = BeginForm(request.POST or None, institutions=others)
    if request.method == "POST" and form.is_valid():
        made = try_or_tell(form, lambda: drafting.begin_statement(user, number, form.draft()))
        if made is not None:
            messages.success(
                request, _("The draft is kept, and those invited are told that there is something to read.")
            )
            return redirect("statement", made.pk)
    return show(
        request, "warning/statements/begin.html", status=status_of(form), form=form, alert=alert, others=bool(others)
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def statement_page(request: HttpRequest, number: int) -> HttpResponse:
    """A draft: its text, who signed it, what is missing; or what became of it."""
    user = person(request)
    statement = find_statement(user, number)
    parties = parties_of(statement)
    text = open_text(request, statement, parties)
    is_draft = statement.dropped_at is None and not hasattr(statement, "public")
    is_ours = statement.institution_id == user.institution_id
    joining = drafting.who_could_join(statement.alert, statement) if is_draft and is_ours else []
    return show(
        request,
        "warning/statements/statement.html",
        statement=statement,
        alert=statement.alert,
        reads_alert=alerts_for(user).filter(pk=statement.alert_id).exists(),
        parties=parties,
        mine=part_of(user, parties),
        gone=list(statement.parties.exclude(left_at=None).select_related("institution")),
        standing=signing.find_standing(statement, parties),
        text=text,
        edits=list(statement.edits.select_related("institution", "edited_by")[:_MOST_EDITS]),
        is_draft=is_draft,
        is_ours=is_ours,
        is_threatened=statement.alert.threatened_id == user.institution_id,
        decides=may(user, DECIDE_ALERTS),
        invite_form=InviteForm(institutions=joining) if joining else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def change(request: HttpRequest, number: int, language: str = "") -> HttpResponse:
    """The words in one language, or in a further one that is chosen with them."""
    user = person(request)
    statement = find_draft(user, number)
    text = open_text(request, statement, parties_of(statement))
    if language and text is not None and language not in text.versions:
        raise Http404
    words = text.versions.get(language) if text is not None else None
    kept = {"version": statement.version} | ({"title": words.title, "body": words.body} if words else {})
    there, first = (text.versions, text.language) if text is not None else ((), "")
    form = TextForm(request.POST or None, initial=kept, language=language, first=first, there=there)
    changed_meanwhile = False
    if request.method == "POST" and form.is_valid():
        chosen = language or form.cleaned_data["language"]
        try:
            drafting.change_text(
                user,
                number,
                chosen,
                form.words(),
                version=form.cleaned_data["version"],
                unlocked=unlocked_institution(request),
            )
        except ChangedMeanwhile as refused:
            form.add_error(None, explain(refused.code))
            form.data, changed_meanwhile = with_version(request, statement.version), True
        except AlertError as refused:
            form.add_error(None, explain(refused.code))
        else:
            messages.success(request, _("Kept. Signatures hold for the text that was signed: it is signed anew."))
            return redirect("statement", number)
    return show(
        request,
        "warning/statements/text.html",
        status=status_of(form),
        statement=statement,
        form=form,
        language=language,
        closed=text is None,
        now=words if changed_meanwhile else None,
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def sign(request: HttpRequest, number: int) -> HttpResponse:
    return do_and_return(
        request,
        number,
        lambda user: signing.sign(user, number, version=posted_version(request)),
        _("Signed. Whoever drafted it is told; while it is a draft you can take the signature back."),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    return do_and_return(
        request, number, lambda user: signing.take_back_signature(user, number), _("The signature is taken back.")
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve what others say about one's own threatened institution, or take that back."""
    approved = request.POST.get("approve") == "yes"
    return do_and_return(
        request,
        number,
        lambda user: signing.approve(user, number, approved=approved, version=posted_version(request)),
        _("Approved.") if approved else _("Not approved: it cannot be issued. You can still approve it."),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def invite(request: HttpRequest, number: int) -> HttpResponse:
    chosen = read_number(request.POST.get("institution", ""))
    if chosen is None:
        messages.error(request, _("Choose an institution first."))
        return redirect("statement", find_draft(person(request), number).pk)
    return do_and_return(
        request,
        number,
        lambda user: drafting.invite(user, number, chosen, unlocked=unlocked_institution(request)),
        _("Invited, and told that there is something to read."),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def take_off(request: HttpRequest, number: int, institution: int) -> HttpResponse:
    return do_and_return(
        request,
        number,
        lambda user: drafting.take_off(user, number, institution),
        _("Taken off: it has the text no more. You can invite it again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Decline or withdraw, after a page that says what goes."""
    user = person(request)
    if request.method == "POST":
        try:
            drafting.leave(user, number)
        except Statement.DoesNotExist:
            raise Http404 from None
        except AlertError as refused:
            messages.error(request, explain(refused.code))
            return redirect("statement", number)
        messages.success(request, _("Your institution takes no part in it any more."))
        return redirect("statements")
    statement = find_draft(user, number)
    return show(
        request,
        "warning/statements/leave.html",
        statement=statement,
        is_ours=statement.institution_id == user.institution_id,
        is_threatened=statement.alert.threatened_id == user.institution_id,
    )


def find_statement(user: User, number: int) -> Statement:
    """A statement in which `user`'s institution takes part. Raises Http404."""
    related = ("institution", "public", "alert__institution", "alert__threatened", "approved_by")
    found: Statement = get_object_or_404(statements_for(user).select_related(*related), pk=number)
    return found


def find_draft(user: User, number: int, *, own: bool = False) -> Statement:
    """The same while it is a draft; with `own`, where her institution drafted it. Raises Http404."""
    found = find_statement(user, number)
    if found.dropped_at is not None or hasattr(found, "public"):
        raise Http404
    if own and found.institution_id != user.institution_id:
        raise Http404
    return found


def open_text(request: HttpRequest, statement: Statement, parties: list[StatementParty]) -> Text | None:
    """The text of a draft, noted in the log as read; None where it is closed to this session, or no draft any more."""
    user = person(request)
    part = part_of(user, parties)
    try:
        text = read_copy(part, unlocked_institution(request))
    except KeysClosed:
        return None
    log.record(
        "section-opened",
        actor=user.pk,
        institution=institution_of(request).code,
        record=f"statement:{statement.pk}",
        facts={"sections": 1},
    )
    return text


def do_and_return(request: HttpRequest, number: int, do: Callable[[User], object], done: str) -> HttpResponse:
    """Do one thing with a statement, say what came of it, and go back to its page."""
    try:
        do(person(request))
    except (Statement.DoesNotExist, Alert.DoesNotExist):
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, done)
    return redirect("statement", number)
