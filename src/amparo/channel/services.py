"""What can be done with reports from the reporter's side: send one, write, agree, withdraw, leave for good.

Nothing here looks at a request. What the reader's browser sealed and what the server seals come in by the same way.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from amparo.channel.answers import MESSAGE, REPORT, Answers
from amparo.channel.consents import give_in_vault
from amparo.channel.destruction import destroy_conversation, destroy_report
from amparo.channel.form import recipients
from amparo.channel.limits import one_at_a_time
from amparo.channel.mailboxes import make_mailbox, newest_keys, opens_with
from amparo.channel.models import Channel, ConsentGiven, Mailbox, Message, Report, ReportFile
from amparo.channel.triage.referring import withdraw_referrals
from amparo.channel.triage.services import holders_of
from amparo.files.models import SealedFile
from amparo.institutions.models import this_hour
from amparo.notices.kinds import CONSENT_WITHDRAWN, NEW_MESSAGE, NEW_REPORT
from amparo.notices.services import tell
from amparo.vault import log, seal
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, Section

# Puts one file that arrived under the keys of its holders, as a part of the report that the section holds; gives it.
KeepFile = Callable[[Sequence[KeyPair], Section], SealedFile]


class ChannelError(Exception):
    """What was asked for cannot be done. `code` says why; no message carries anything of the report."""

    code = "channel-error"


class AlreadySent(ChannelError):
    """A report with this token was received before, from another browser or by another receipt."""

    code = "already-sent"


class KeysChanged(ChannelError):
    """A message was sealed to others than those who have the report now."""

    code = "keys-changed"


class TooManyFiles(ChannelError):
    """More files than the institution takes with one report or message."""

    code = "too-many-files"


@dataclass(frozen=True, slots=True)
class SealedAnswers:
    """The answers as a browser sealed them to the institution's key, with the identifier that it bound them to."""

    section: UUID
    sealed: seal.Sealed


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message as a browser sealed it to `public_keys`, its data key wrapped to each of them in the same order."""

    section: UUID
    ciphertext: bytes
    public_keys: tuple[bytes, ...]
    wrapped_keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it arrives: codes, and either `answers` or `sealed`."""

    about: str
    language: str
    urgency: str = "unknown"
    naming: str = "confidential"
    consents: frozenset[str] = frozenset()
    answers: Answers | None = field(default=None, repr=False)
    sealed: SealedAnswers | None = None


def receive_report(
    channel: Channel, new: NewReport, *, submission: bytes, receipt: str, files: Sequence[KeepFile] = ()
) -> Report:
    """Take in a report: seal it where the browser has not, make the mailbox that `receipt` opens, tell the institution.

    `submission` (32 bytes) makes it one report however often it is sent: the one that is there is given where `receipt`
    opens its mailbox. Costs one Argon2id. Raises `AlreadySent`, `TooManyFiles`, `limits.TooMany`, `keys.UnknownFormat`
    for what is not sealed as sections are, and ValueError for codes that don't exist.
    """
    _check(channel, new, len(files))
    with one_at_a_time():
        opened_by = newest_keys(receipt)
    try:
        with transaction.atomic():
            report = _keep_report(channel, new, submission)
            make_mailbox(report, opened_by)
            ConsentGiven.objects.bulk_create(
                ConsentGiven(report=report, recipient=code) for code in sorted(new.consents)
            )
            give_in_vault(report, [report.section])
            _keep_files(report, None, files, [channel.institution.key_pair])
            tell(channel.institution, NEW_REPORT)
            _log("report-received", report, {"about": new.about, "sealed-by": report.sealed_by, "files": len(files)})
    except IntegrityError:
        sent = Report.objects.filter(submission=submission).first()
        # The section of a browser's report may be what is there already: a copy of somebody's sealed bytes.
        if sent is None or not opens_with(sent, opened_by):
            raise AlreadySent from None
        return sent
    return report


def readers_of(mailbox: Mailbox) -> list[KeyPair]:
    """Who can open a message: the institutions that have the report, and the reporter."""
    return [*holders_of(mailbox.report), mailbox.key_pair]


@transaction.atomic
def send_message(mailbox: Mailbox, said: str | SealedMessage, files: Sequence[KeepFile] = ()) -> Message:
    """A message of the reporter's, sealed, here or in her browser, to who has her report and to herself.

    Raises `TooManyFiles`, and for what a browser sealed `KeysChanged`, `keys.UnknownFormat` and IntegrityError.
    """
    report = mailbox.report
    channel = Channel.objects.filter(institution=report.institution).first()
    if channel is not None and len(files) > channel.most_files:
        raise TooManyFiles
    readers = readers_of(mailbox)
    section = _keep_message(said, readers, report.section)
    message = Message.objects.create(report=report, section=section, from_reporter=True, sent_at=this_hour())
    _keep_files(report, message, files, readers)
    for institution in {report.institution, *(each.institution for each in report.referrals.all())}:
        tell(institution, NEW_MESSAGE)
    _log("message-sent", report, {"files": len(files)})
    return message


@transaction.atomic
def change_consents(report: Report, agreed: Iterable[str]) -> None:
    """Let exactly the recipients in `agreed` know from now on: give what is new, withdraw what is no more agreed to.

    Codes that this report can't be agreed to for are passed over.
    """
    possible = frozenset(recipients(report.about, report.institution.kind))
    wanted = frozenset(agreed) & possible
    now = current_consents(report)
    for code in sorted(wanted - now):
        ConsentGiven.objects.create(report=report, recipient=code)
        give_in_vault(report)
        _log("consent-given", report, {"recipient": code})
    for code in sorted(now - wanted):
        _withdraw(report, code)


def current_consents(report: Report) -> frozenset[str]:
    """The recipients that the reporter agrees to now."""
    return frozenset(report.consents.filter(withdrawn_at=None).values_list("recipient", flat=True))


def became_case(report: Report) -> bool:
    """Whether an institution that has this report made a case of it."""
    having_it = Q(pk=report.pk) | Q(referred_from=report)
    return Report.objects.filter(having_it, incident__isnull=False).exists()


@transaction.atomic
def leave_for_good(mailbox: Mailbox) -> bool:
    """Destroy what the reporter sent; whether something remains with the institution because it became a case.

    Of a report that nobody made a case of, only a count is left. Of another one messages, mailbox and all consents go;
    the case stays with the institution that answers for it.
    """
    report = mailbox.report
    if not became_case(report):
        destroy_report(report)
        return False
    for code in sorted(current_consents(report)):
        _withdraw(report, code)
    tell(report.institution, CONSENT_WITHDRAWN)
    destroy_conversation(report)
    return True


def _withdraw(report: Report, code: str) -> None:
    report.consents.filter(recipient=code, withdrawn_at=None).update(withdrawn_at=this_hour())
    withdraw_referrals(report, code)
    tell(report.institution, CONSENT_WITHDRAWN)
    _log("consent-withdrawn", report, {"recipient": code})


def _check(channel: Channel, new: NewReport, files: int) -> None:
    if (new.answers is None) == (new.sealed is None):
        raise ValueError("A report has answers, or sealed ones.")
    if not new.consents <= frozenset(recipients(new.about, channel.institution.kind)):
        raise ValueError("There is no such recipient for this report.")
    if files > channel.most_files:
        raise TooManyFiles


def _keep_report(channel: Channel, new: NewReport, submission: bytes) -> Report:
    key_pair = channel.institution.key_pair
    if new.sealed is not None:
        section = vault.keep_sealed_section(new.sealed.section, REPORT, new.sealed.sealed, key_pair)
    else:
        section = vault.keep_section(new.answers or {}, REPORT, [key_pair])
    return Report.objects.create(
        institution=channel.institution,
        submission=submission,
        section=section,
        sealed_by=Report.SealedBy.BROWSER if new.sealed is not None else Report.SealedBy.SERVER,
        about=new.about,
        language=new.language,
        urgency=new.urgency,
        naming=new.naming,
        received_at=this_hour(),
    )


def _keep_message(said: str | SealedMessage, readers: list[KeyPair], like: Section) -> Section:
    if isinstance(said, str):
        return vault.keep_section({"text": said}, MESSAGE, readers, like=like)
    if [bytes(each.public_key) for each in readers] != list(said.public_keys):
        raise KeysChanged
    first, *others = zip(readers, said.wrapped_keys, strict=True)
    sealed = seal.Sealed(said.ciphertext, first[1])
    return vault.keep_sealed_section(said.section, MESSAGE, sealed, first[0], others, like=like)


def _keep_files(report: Report, message: Message | None, files: Sequence[KeepFile], holders: list[KeyPair]) -> None:
    for keep in files:
        file = keep(holders, report.section)
        ReportFile.objects.create(report=report, message=message, file=file)
        _log("file-received", report, {"sha256": bytes(file.sealed_sha256).hex()})


def _log(action: str, report: Report, facts: dict[str, str | int]) -> None:
    log.record(action, institution=report.institution.code, record=f"report:{report.pk}", facts=facts)
