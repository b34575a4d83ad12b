"""The reporter's mailbox, at one address for everybody: its receipt is typed, and never part of the address."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from amparo.channel.answers import MESSAGE
from amparo.channel.browser_key import give_browser_key, read_browser_key
from amparo.channel.form import CONSENTS, show_consents
from amparo.channel.limits import PROOF_BITS, TooMany, admit
from amparo.channel.mailboxes import Opened, WrongReceipt, close_mailbox, keep_open, open_mailbox, opened_in
from amparo.channel.messages import LONGEST_MESSAGE, list_messages
from amparo.channel.models import Channel
from amparo.channel.services import (
    TooManyFiles,
    became_case,
    change_consents,
    current_consents,
    leave_for_good,
    readers_of,
    send_message,
)
from amparo.channel.tokens import BadToken, make_token, spend_token
from amparo.channel.uploads import Uploads, read_uploads, takes_report_files
from amparo.channel.views import FORM, wait_words
from amparo.institutions.names import public_name
from amparo.vault.keys import make_secret


@dataclass(slots=True)
class Reading:
    """One request of somebody who has her mailbox open, with what she typed and what is to be told her."""

    request: HttpRequest
    opened: Opened
    key: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    problems: dict[str, str] = field(default_factory=dict)
    told: str = ""
    status: int = 200


@takes_report_files
@require_http_methods(FORM)
def mailbox(request: HttpRequest) -> HttpResponse:
    key = read_browser_key(request)
    opened = opened_in(key)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if action == "open":
        return _open(request, key or make_secret())
    if action == "close":
        close_mailbox(key)
        return redirect("report")
    if key is None or opened is None:
        closed = gettext("Your mailbox was closed after half an hour. Type the receipt again: nothing is lost.")
        return _ask_for_receipt(request, told=closed if action else "", status=403 if action else 200)
    reading = Reading(request, opened, key, text=request.POST.get("text", "").replace("\r\n", "\n"))
    if action:
        keep_open(key)
    return _ACTIONS.get(action, show_mailbox)(reading)


def show_mailbox(reading: Reading) -> HttpResponse:
    """What the mailbox holds, and what can be done there."""
    report = reading.opened.mailbox.report
    channel = _channel(reading)
    context = {
        "report": report,
        "name": public_name(report.institution),
        "channel": channel,
        "messages": list_messages(reading.opened),
        "consents": show_consents(current_consents(report), report.about, report.institution.kind),
        "files_number": report.files.filter(message=None).count(),
        "remains": became_case(report),
        "token": make_token(),
        "public_keys": [bytes(each.public_key) for each in readers_of(reading.opened.mailbox)],
        "message_kind": MESSAGE,
        "longest_message": LONGEST_MESSAGE,
        "proof_bits": PROOF_BITS,
        "text": reading.text,
        "problems": reading.problems,
        "told": reading.told,
        "delete_word": gettext("delete"),
    }
    return render(reading.request, "channel/mailbox.html", context, status=reading.status)


def _open(request: HttpRequest, key: bytes) -> HttpResponse:
    try:
        admit("receipt", request.POST.get("challenge", ""), request.POST.get("proof", ""))
        open_mailbox(request.POST.get("receipt", ""), key)
    except TooMany as full:
        return _ask_for_receipt(request, told=wait_words(full.seconds), status=429)
    except WrongReceipt:
        wrong = gettext("No mailbox opens with this. A receipt has 16 digits: please check each of them.")
        return _ask_for_receipt(request, problem=wrong, status=422)
    text = request.POST.get("text", "")
    if text:
        reading = Reading(request, opened_in(key), key, text=text)  # type: ignore[arg-type]
        reading.told = gettext("Your mailbox is open again. Your message was not sent yet: please press “Send”.")
        response = show_mailbox(reading)
    else:
        response = redirect("report-mailbox")
    give_browser_key(response, key)
    return response


def _ask_for_receipt(request: HttpRequest, problem: str = "", told: str = "", status: int = 200) -> HttpResponse:
    context = {
        "receipt": request.POST.get("receipt", ""),
        "text": request.POST.get("text", ""),
        "problem": problem,
        "told": told,
        "challenge": make_token(),
        "proof_bits": PROOF_BITS,
    }
    return render(request, "channel/receipt-asked.html", context, status=status)


def _send(reading: Reading) -> HttpResponse:
    channel = _channel(reading)
    uploads = read_uploads(reading.request, channel)
    reading.problems = _problems(reading.text, uploads)
    if reading.problems:
        reading.status = 422
        return show_mailbox(reading)
    try:
        admit("message")
        if spend_token(reading.request.POST.get("token", "")):
            send_message(reading.opened.mailbox, reading.text.strip(), uploads.keepers())
    except BadToken:
        reading.told, reading.status = gettext("This page was open for too long. Please press “Send” once more."), 422
        return show_mailbox(reading)
    except TooMany as full:
        reading.told, reading.status = wait_words(full.seconds), 429
        return show_mailbox(reading)
    except TooManyFiles:
        reading.problems, reading.status = {"files": _too_many(channel)}, 422
        return show_mailbox(reading)
    return redirect("report-mailbox")


def _agree(reading: Reading) -> HttpResponse:
    change_consents(reading.opened.mailbox.report, reading.request.POST.getlist(CONSENTS))
    return redirect("report-mailbox")


def _delete(reading: Reading) -> HttpResponse:
    typed = reading.request.POST.get("confirmation", "").strip().casefold()
    if typed != gettext("delete").casefold():
        reading.problems = {"confirmation": gettext("Nothing was deleted. Please type the word as it is shown.")}
        reading.status = 422
        return show_mailbox(reading)
    remains = leave_for_good(reading.opened.mailbox)
    return render(reading.request, "channel/deleted.html", {"remains": remains})


_ACTIONS: dict[str, Callable[[Reading], HttpResponse]] = {"send": _send, "agree": _agree, "delete": _delete}


def _problems(text: str, uploads: Uploads) -> dict[str, str]:
    problems = {}
    if len(text.strip()) > LONGEST_MESSAGE:
        over = len(text.strip()) - LONGEST_MESSAGE
        problems["text"] = ngettext(
            "This message is %(over)d character too long: send it in two.",
            "This message is %(over)d characters too long: send it in two.",
            over,
        ) % {"over": over}
    if not text.strip() and not uploads.good and not uploads.problem:
        problems["text"] = gettext("Please write something, or add a file.")
    if uploads.problem:
        problems["files"] = uploads.problem
    return problems


def _too_many(channel: Channel) -> str:
    return ngettext(
        "%(most)d file can be sent with a message.", "%(most)d files can be sent with a message.", channel.most_files
    ) % {"most": channel.most_files}


def _channel(reading: Reading) -> Channel:
    institution = reading.opened.mailbox.report.institution
    return Channel.objects.filter(institution=institution).first() or Channel(institution=institution)
