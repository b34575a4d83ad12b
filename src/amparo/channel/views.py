"""Pages of who reports: what the channel is, the form, the receipt, and the way out."""

from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from amparo.channel import drafts
from amparo.channel.answers import LONGEST_TEXT, REPORT
from amparo.channel.browser_key import (
    give_browser_key,
    read_browser_key,
    receipt_for,
    take_browser_key_away,
)
from amparo.channel.drafts import DraftReport, NoRoom
from amparo.channel.form import ABOUT, CODED, CONSENTS, ReadForm, read_form, said_in, show_fields
from amparo.channel.limits import PROOF_BITS, TooMany, admit
from amparo.channel.mailboxes import close_mailbox
from amparo.channel.models import Channel
from amparo.channel.receivers import key_fingerprint, list_receivers, open_channel
from amparo.channel.services import AlreadySent, KeepFile, NewReport, TooManyFiles, receive_report
from amparo.channel.tokens import BadToken, make_token, read_token
from amparo.channel.triage.labels import answer_label
from amparo.channel.uploads import Uploads, read_uploads, takes_report_files
from amparo.institutions.names import public_name
from amparo.vault.keys import make_secret
from amparo.vault.receipts import show_receipt

FORM = ["GET", "HEAD", "POST"]


@dataclass(slots=True)
class Writing:
    """One request of somebody who writes a report: her browser's key, what she has said, what came with it."""

    request: HttpRequest
    key: bytes = field(repr=False)
    draft: DraftReport
    channel: Channel
    uploads: Uploads

    def keep(self) -> str:
        """Keep what was written and the files that came; what could not be kept, in words."""
        try:
            admit("draft")
            drafts.keep_draft(self.draft, self.key, self.uploads.good)
        except TooMany:
            return gettext(
                "What you wrote could not be kept just now. It is still in this form: try again in a minute."
            )
        except NoRoom:
            drafts.keep_draft(self.draft, self.key)
            return gettext("What you wrote is kept, but not the files: there is no room for them now. Add them again.")
        return ""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return show_start(request)


def show_start(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    """The first page, with what this browser has begun."""
    receivers = list_receivers()
    context = {
        "receivers": receivers,
        "number": sum(map(len, receivers.values())),
        "draft": drafts.read_draft(read_browser_key(request)),
        "problem": problem,
        "onion": settings.ONION,
    }
    return render(request, "channel/start.html", context, status=status)


@takes_report_files
@require_http_methods(FORM)
def write(request: HttpRequest) -> HttpResponse:
    known = read_browser_key(request)
    draft = drafts.read_draft(known)
    action, _, detail = request.POST.get("action", "").partition(":")
    if request.method != "POST" or action == "forget":
        return _come_back(request, known, draft, forget=action == "forget")
    key = known or make_secret()
    writing, problem = _begin(request, key, draft, is_new=action == "begin")
    if writing is None:
        response = show_start(request, problem, status=422)
    elif action == "send":
        response = _send(writing)
    else:
        response = _keep(writing, action, detail)
    give_browser_key(response, key)
    return response


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Forget this browser's key, and with it what it was writing and reading; then go to a page that tells nothing."""
    key = read_browser_key(request)
    close_mailbox(key)
    drafts.drop_draft(key)
    response = redirect(settings.QUICK_EXIT)
    take_browser_key_away(response)
    response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


def show_written(
    writing: Writing, *, problems: dict[str, str] | None = None, told: str = "", status: int = 200
) -> HttpResponse:
    """The form, filled with what was said."""
    channel, draft = writing.channel, writing.draft
    context = {
        "fields": show_fields(draft.said, draft.about, channel, problems or {}),
        "problems": problems or {},
        "problem_list": [_named(name, text) for name, text in (problems or {}).items()],
        "told": told,
        "about": draft.about,
        "submission": draft.submission,
        "challenge": make_token(),
        "institution": channel.institution,
        "name": public_name(channel.institution),
        "fingerprint": key_fingerprint(channel.institution),
        "public_key": bytes(channel.institution.key_pair.public_key),
        "section_kind": REPORT,
        "proof_bits": PROOF_BITS,
        "longest_text": LONGEST_TEXT,
        "channel": channel,
        "waiting": drafts.waiting_files(draft, writing.key),
        "sealed_draft": draft.sealed_here,
        "in_clear": " ".join((*CODED, CONSENTS)),
    }
    return render(writing.request, "channel/write.html", context, status=status)


def show_receipt_page(request: HttpRequest, channel: Channel, receipt: str) -> HttpResponse:
    """The receipt, this once. The browser's script shows the same page after it has sealed and sent."""
    context = {"receipt": show_receipt(receipt), "name": public_name(channel.institution), "channel": channel}
    return render(request, "channel/receipt.html", context)


def _come_back(request: HttpRequest, key: bytes | None, draft: DraftReport | None, *, forget: bool) -> HttpResponse:
    """What this browser has: its report, or the receipt of one that was sent; else the first page."""
    if forget:
        drafts.drop_draft(key)
        return redirect("report")
    channel = open_channel(draft.institution) if draft else None
    if key is None or draft is None or channel is None:
        return redirect("report")
    if draft.sent:
        return show_receipt_page(request, channel, receipt_for(key, read_token(draft.submission, at_any_age=True)))
    told = gettext("This is what you have written. It is kept for a day from when you last kept it.")
    return show_written(Writing(request, key, draft, channel, Uploads()), told=told)


def _begin(request: HttpRequest, key: bytes, draft: DraftReport | None, *, is_new: bool) -> tuple[Writing | None, str]:
    """What this request writes on; None, and why, where it says for whom or about what in a way that can't be."""
    about, code = request.POST.get("about", ""), request.POST.get("institution", "")
    channel = open_channel(code)
    if draft is None or draft.sent:
        draft = DraftReport(make_token(), about, code)
    if not is_new:
        draft.said = said_in(request.POST)
        draft.submission = _token_in(request) or make_token()
        if draft.said:
            # What the browser sealed for itself is older than what it sends in clear now.
            draft.sealed_here = ""
    if channel is None or about not in ABOUT:
        if draft.said and draft.about in ABOUT:
            drafts.keep_draft(draft, key)
        return None, gettext("Please choose who receives your report, and in what you report.")
    draft.about, draft.institution = about, code
    return Writing(request, key, draft, channel, read_uploads(request, channel)), ""


def _keep(writing: Writing, action: str, detail: str) -> HttpResponse:
    if action == "begin" and not writing.draft.said and not writing.draft.sealed_here:
        return show_written(writing)
    if action == "remove" and (file := _identifier(detail)):
        drafts.remove_file(writing.key, file)
    problem = writing.keep()
    if action == "language" and not problem and detail in dict(settings.LANGUAGES):
        return redirect(translate_url(writing.request.path, detail))
    told = problem or gettext("Kept for a day. You can close this page and come back in this browser while it is open.")
    problems = {"files": writing.uploads.problem} if writing.uploads.problem else {}
    return show_written(writing, problems=problems, told=told)


def _send(writing: Writing) -> HttpResponse:
    request, draft, channel = writing.request, writing.draft, writing.channel
    form = read_form(draft.said, draft.about, channel.institution.kind)
    problems = dict(form.problems)
    waiting = drafts.waiting_files(draft, writing.key)
    if too_many := too_many_files(len(waiting) + len(writing.uploads.good), channel):
        problems["files"] = too_many
    if writing.uploads.problem:
        problems["files"] = writing.uploads.problem
    if _token_in(request) is None:
        told = gettext("This form was open for more than a day. Nothing is lost: please press “Send” once more.")
        return _ask_again(writing, problems, told)
    if problems:
        return _ask_again(writing, problems, "")
    files: list[KeepFile] = [partial(drafts.hand_over, each, draft) for each in waiting]
    files += writing.uploads.keepers()
    try:
        admit("report", request.POST.get("challenge", ""), request.POST.get("proof", ""))
        submission = read_token(draft.submission)
        receipt = receipt_for(writing.key, submission)
        receive_report(channel, _report(draft, form), submission=submission, receipt=receipt, files=files)
    except TooMany as full:
        return _ask_again(writing, {}, wait_words(full.seconds), status=429)
    except TooManyFiles:
        return _ask_again(writing, {"files": too_many_files(len(files), channel)}, "")
    except AlreadySent:
        return render(request, "channel/already-sent.html", status=409)
    drafts.note_sent(draft, writing.key)
    return show_receipt_page(request, channel, receipt)


def _ask_again(writing: Writing, problems: dict[str, str], told: str, status: int = 422) -> HttpResponse:
    """The form once more, with what was typed, and kept in case it gets lost on the way."""
    return show_written(writing, problems=problems, told=" ".join(filter(None, (told, writing.keep()))), status=status)


def wait_words(seconds: int) -> str:
    """That the channel is busy, and for how long."""
    return ngettext(
        "Very many people write at this moment. Nothing is lost: please try again in %(seconds)d second.",
        "Very many people write at this moment. Nothing is lost: please try again in %(seconds)d seconds.",
        seconds,
    ) % {"seconds": seconds}


def _report(draft: DraftReport, form: ReadForm) -> NewReport:
    return NewReport(
        about=draft.about,
        language=get_language() or settings.LANGUAGE_CODE,
        urgency=form.urgency,
        naming=form.naming,
        consents=form.consents,
        answers=form.answers,
    )


def _named(name: str, text: str) -> dict[str, str]:
    others = {
        "files": gettext("Files"),
        CONSENTS: gettext("Sharing"),
        "urgency": gettext("Danger"),
        "naming": gettext("You"),
    }
    return {"name": name, "label": others.get(name) or answer_label(name), "text": text}


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _token_in(request: HttpRequest) -> str | None:
    token = request.POST.get("submission", "")
    try:
        read_token(token)
    except BadToken:
        return None
    return token


def too_many_files(number: int, channel: Channel) -> str:
    """That so many files are more than the institution takes with a report; "" where they are not."""
    if number <= channel.most_files:
        return ""
    return ngettext(
        "%(most)d file can be sent with a report. Remove some; more can follow as a message.",
        "%(most)d files can be sent with a report. Remove some; more can follow as a message.",
        channel.most_files,
    ) % {"most": channel.most_files}
