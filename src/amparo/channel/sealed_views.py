"""Where the script of the pages sends what it has sealed. Answers are small objects; pages are shown as ever."""

from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from amparo.channel import drafts
from amparo.channel.browser_key import give_browser_key, read_browser_key, receipt_for
from amparo.channel.drafts import DraftReport
from amparo.channel.form import ABOUT
from amparo.channel.limits import TooMany, admit
from amparo.channel.mailboxes import keep_open, opened_in
from amparo.channel.models import Channel
from amparo.channel.receivers import open_channel
from amparo.channel.sealed_in_browser import (
    AnotherKey,
    FileRefused,
    NotAsSealed,
    SealedFileSent,
    read_files,
    read_sealed_draft,
    read_sealed_message,
    read_sealed_report,
)
from amparo.channel.services import (
    AlreadySent,
    KeepFile,
    KeysChanged,
    NewReport,
    TooManyFiles,
    readers_of,
    receive_report,
    send_message,
)
from amparo.channel.templatetags.channel import base64
from amparo.channel.tokens import BadToken, make_token, read_token, spend_token
from amparo.channel.uploads import sealed_uploads, takes_sealed_files
from amparo.channel.views import too_many_files, wait_words
from amparo.files.labels import describe_refusal
from amparo.files.models import SealedFile
from amparo.files.receiving import MOST_BYTES
from amparo.files.services import keep_file_sealed_by_browser
from amparo.vault.models import KeyPair, Section


@takes_sealed_files
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take in a report that the browser sealed. `next` is where its receipt is shown."""
    key, channel = read_browser_key(request), open_channel(request.POST.get("institution", ""))
    if key is None or channel is None:
        return _no_receiver(key)
    draft = drafts.read_draft(key) or DraftReport("", "", "")
    draft.submission = request.POST.get("submission", "")
    try:
        response = _receive(request, key, channel, draft)
    except BadToken:
        response = _refuse("form-too-old", fields={"submission": make_token()})
    except TooMany as full:
        response = busy(full)
    except AnotherKey:
        response = _refuse("key-changed", public_key=public_keys([channel.institution.key_pair]))
    except NotAsSealed as problem:
        response = not_as_sealed(problem)
    except FileRefused as refused:
        response = _refuse("file-refused", describe_refusal(refused.upload))
    except TooManyFiles:
        response = _refuse("too-many-files", too_many_files(channel.most_files + 1, channel))
    except AlreadySent:
        words = gettext("The same form was sent before, and was received once. It is not taken a second time.")
        response = _refuse("already-sent", words, status=409)
    give_browser_key(response, key)
    return response


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a draft that the browser sealed under a key of its own, in the place of what it wrote before."""
    key, channel = read_browser_key(request), open_channel(request.POST.get("institution", ""))
    about, submission = request.POST.get("about", ""), request.POST.get("submission", "")
    if key is None or channel is None or about not in ABOUT:
        return _no_receiver(key)
    try:
        read_token(submission)
    except BadToken:
        submission = make_token()
    draft = drafts.read_draft(key)
    if draft is not None and draft.sent and draft.submission == submission:
        # It overtook nothing but itself on the way: the receipt stays.
        return JsonResponse({"kept": True})
    if draft is None or draft.sent:
        draft = DraftReport(submission, about, channel.institution.code)
    draft.submission, draft.about, draft.institution = submission, about, channel.institution.code
    try:
        draft.sealed_here = read_sealed_draft(request.POST)
        # What the server has sealed itself is older.
        draft.said = {}
        admit("draft")
        drafts.keep_draft(draft, key)
    except NotAsSealed as problem:
        return not_as_sealed(problem)
    except TooMany as full:
        return busy(full)
    response = JsonResponse({"kept": True})
    give_browser_key(response, key)
    return response


@takes_sealed_files
@require_POST
def send_message_sealed(request: HttpRequest) -> HttpResponse:
    """Take in a message that the browser sealed to all who can read it. `next` is the mailbox."""
    key = read_browser_key(request)
    opened = opened_in(key)
    if key is None or opened is None:
        words = gettext(
            "Your mailbox was closed after half an hour. Open it in another tab, then send again from here."
        )
        return _refuse("mailbox-closed", words)
    keep_open(key)
    channel = Channel.objects.filter(institution=opened.mailbox.report.institution).first()
    readers = readers_of(opened.mailbox)
    try:
        message = read_sealed_message(request.POST, [bytes(each.public_key) for each in readers])
        most_bytes = channel.most_file_bytes if channel else MOST_BYTES
        files = read_files(request.POST, sealed_uploads(request), most_bytes, len(readers))
        admit("message", request.POST.get("challenge", ""), request.POST.get("proof", ""))
        with transaction.atomic():
            if spend_token(request.POST.get("token", "")):
                send_message(opened.mailbox, message, keepers(files))
    except BadToken:
        return _refuse("form-too-old", fields={"token": make_token()})
    except TooMany as full:
        return busy(full)
    except (AnotherKey, KeysChanged):
        return _refuse("key-changed", public_key=public_keys(readers_of(opened.mailbox)))
    except (NotAsSealed, IntegrityError) as problem:
        return not_as_sealed(problem if isinstance(problem, NotAsSealed) else NotAsSealed("message"))
    except FileRefused as refused:
        return _refuse("file-refused", describe_refusal(refused.upload))
    except TooManyFiles:
        return _refuse("too-many-files", gettext("These are more files than can be sent with a message."))
    return JsonResponse({"next": reverse("report-mailbox")})


def public_keys(holders: Sequence[KeyPair]) -> str:
    """The public keys of `holders` as the script reads them: Base64, with a space between them."""
    return " ".join(base64(bytes(each.public_key)) for each in holders)


def keepers(files: list[SealedFileSent]) -> list[KeepFile]:
    """What puts each sealed file under the keys of its holders."""
    return [partial(_keep_file, each) for each in files]


def busy(full: TooMany) -> HttpResponse:
    """That the channel is busy, with a challenge on which a browser can work to get through."""
    words = wait_words(full.seconds)
    return _refuse("busy", words, status=429, seconds=full.seconds, challenge=make_token())


def not_as_sealed(problem: NotAsSealed) -> HttpResponse:
    """That what came is not what a browser of ours seals, and what can be done."""
    if problem.code == "file-too-large":
        return _refuse(problem.code, gettext("A file is too large for this institution. Remove it, and send again."))
    words = gettext(
        "What this browser sealed did not arrive whole. Nothing is lost: please send again, or switch scripts off and "
        "send the form without them."
    )
    return _refuse("not-as-sealed", words, part=problem.code)


def _receive(request: HttpRequest, key: bytes, channel: Channel, draft: DraftReport) -> HttpResponse:
    submission = read_token(draft.submission)
    institution = channel.institution
    report = read_sealed_report(request.POST, institution.kind, bytes(institution.key_pair.public_key))
    files = read_files(request.POST, sealed_uploads(request), channel.most_file_bytes)
    waiting = drafts.waiting_files(draft, key)
    new = NewReport(
        about=report.about,
        language=get_language() or "en",
        urgency=report.urgency,
        naming=report.naming,
        consents=report.consents,
        sealed=report.answers,
    )
    admit("report", request.POST.get("challenge", ""), request.POST.get("proof", ""))
    before: list[KeepFile] = [partial(drafts.hand_over, each, draft) for each in waiting]
    receipt = receipt_for(key, submission)
    receive_report(channel, new, submission=submission, receipt=receipt, files=before + keepers(files))
    draft.about, draft.institution = report.about, institution.code
    drafts.note_sent(draft, key)
    return JsonResponse({"next": reverse("report-write")})


def _keep_file(sent: SealedFileSent, holders: Sequence[KeyPair], like: Section) -> SealedFile:
    first, *others = zip(holders, sent.facts.wrapped_keys, strict=True)
    facts = sent.facts
    return keep_file_sealed_by_browser(facts.identifier, facts.for_first(), first[0], sent.upload, others, like)


def _no_receiver(key: bytes | None) -> HttpResponse:
    if key is None:
        return _refuse("no-cookie", gettext("Cookies must be allowed; they are gone when you close the browser."))
    words = gettext("This institution takes no reports any more. Choose another one: what you wrote is kept.")
    return _refuse("no-receiver", words)


def _refuse(problem: str, words: str = "", *, status: int = 422, **more: object) -> HttpResponse:
    return JsonResponse({"problem": problem, "words": words, **more}, status=status)
