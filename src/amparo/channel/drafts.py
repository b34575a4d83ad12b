"""Drafts of reports: kept for a day under the browser's key, so that a broken line loses nothing.

Files of a draft are sealed to a key pair of its own, whose private half lies in the sealed draft.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from amparo.channel.browser_key import derive
from amparo.channel.models import Draft, DraftFile, expiry
from amparo.files.models import SealedFile
from amparo.files.receiving import SealedUpload
from amparo.files.services import FileFacts, destroy_files, keep_upload, read_facts
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyPair, Section

KEPT = timedelta(hours=24)
RECEIPT_SHOWN = timedelta(hours=1)
# What files of all drafts together may take of the disk: nobody knows yet whether they are ever sent.
MOST_WAITING_BYTES = 5 * 1024**3
_KIND = "draft"
# Every draft has a key of its own, so that its name need not go into the seal.
_PLACE = UUID(int=0)


class NoRoom(Exception):
    """Files that wait for their report take too much of the disk already."""


@dataclass(slots=True)
class DraftReport:
    """A report being written. `said` is what the form had, by its names.

    `sealed_here` is that as a browser sealed it under a key of its own, in Base64: nobody but its tab opens it.
    `key_pair` and `private` (in hexadecimal) open its files, where it has any.
    `sent` once it was received: then nothing else is left, and the receipt can be shown again.
    """

    submission: str
    about: str
    institution: str
    said: dict[str, list[str]] = field(default_factory=dict, repr=False)
    sealed_here: str = field(default="", repr=False)
    key_pair: int | None = None
    private: str = field(default="", repr=False)
    sent: bool = False

    @property
    def unlocked(self) -> vault.Unlocked | None:
        return vault.Unlocked(self.key_pair, bytes.fromhex(self.private)) if self.key_pair is not None else None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file of a draft, with what is known of it."""

    file: SealedFile
    facts: FileFacts = field(repr=False)


@transaction.atomic
def keep_draft(draft: DraftReport, browser_key: bytes, uploads: Sequence[SealedUpload] = ()) -> None:
    """Keep `draft` for a day from now, in the place of what this browser wrote before; `uploads` with it.

    Raises `NoRoom` where its files can't be kept, and keeps nothing then.
    """
    if uploads:
        _check_room()
        if draft.key_pair is None:
            pair, unlocked = vault.make_institutional_key_pair()
            draft.key_pair, draft.private = pair.pk, unlocked.private.hex()
    # Files of one that does not open any more would wait for ever.
    for other in Draft.objects.filter(id=derive(browser_key, "draft-name"), files__isnull=False).distinct():
        if other.key_pair_id != draft.key_pair:
            _destroy(other)
    sealed = seal.encrypt_fields(asdict(draft), derive(browser_key, "draft"), _PLACE, _KIND)
    kept, _ = Draft.objects.update_or_create(
        id=derive(browser_key, "draft-name"),
        defaults={"sealed": sealed, "key_pair_id": draft.key_pair, "expires_at": expiry(_kept(draft))},
    )
    for upload in uploads:
        DraftFile.objects.create(draft=kept, file=keep_upload(upload, list(KeyPair.objects.filter(draft=kept))))


def read_draft(browser_key: bytes | None) -> DraftReport | None:
    """What this browser is writing; None where there is nothing, or its day is over."""
    if browser_key is None:
        return None
    kept = Draft.objects.filter(id=derive(browser_key, "draft-name"), expires_at__gt=timezone.now()).first()
    if kept is None:
        return None
    try:
        said = seal.decrypt_fields(bytes(kept.sealed), derive(browser_key, "draft"), _PLACE, _KIND)
        return DraftReport(**said)  # type: ignore[arg-type]
    # What another version of Amparo kept yesterday may have other fields.
    except (VaultError, TypeError):
        return None


def waiting_files(draft: DraftReport, browser_key: bytes) -> list[WaitingFile]:
    """The files that wait for the draft to be sent, in the order in which they came."""
    unlocked = draft.unlocked
    if unlocked is None:
        return []
    found = SealedFile.objects.filter(draft_file__draft_id=derive(browser_key, "draft-name")).select_related("section")
    return [WaitingFile(file, read_facts(file, unlocked)) for file in found.order_by("draft_file__pk")]


def hand_over(waiting: WaitingFile, draft: DraftReport, holders: Sequence[KeyPair], like: Section) -> SealedFile:
    """Seal a waiting file's key to `holders`, as a part of `like`, and take it out of the draft: it was sent."""
    assert draft.unlocked is not None  # noqa: S101  (a draft with files has keys)
    vault.send_section(waiting.file.section, draft.unlocked, holders, like=like)
    DraftFile.objects.filter(file=waiting.file).delete()
    return waiting.file


@transaction.atomic
def remove_file(browser_key: bytes, file: UUID) -> None:
    """Destroy a file that waits in this browser's draft. One of another draft, or none, is left alone."""
    for found in DraftFile.objects.filter(draft_id=derive(browser_key, "draft-name"), file=file).select_related("file"):
        found.delete()
        destroy_files([found.file])


@transaction.atomic
def note_sent(draft: DraftReport, browser_key: bytes) -> None:
    """Forget what was written, and note that it was received: who lost the answer finds the receipt again."""
    drop_draft(browser_key)
    keep_draft(DraftReport(draft.submission, draft.about, draft.institution, sent=True), browser_key)


def drop_draft(browser_key: bytes | None) -> None:
    """Forget what this browser was writing, with the files that waited."""
    if browser_key is not None:
        for kept in Draft.objects.filter(id=derive(browser_key, "draft-name")):
            _destroy(kept)


def drop_old_drafts() -> int:
    """Destroy the drafts whose day is over. How many."""
    old = list(Draft.objects.filter(expires_at__lte=timezone.now()).defer("sealed"))
    for kept in old:
        _destroy(kept)
    return len(old)


@transaction.atomic
def _destroy(draft: Draft) -> None:
    files = [each.file for each in draft.files.select_related("file")]
    key_pair = draft.key_pair
    draft.delete()
    destroy_files(files)
    if key_pair is not None:
        key_pair.delete()


def _kept(draft: DraftReport) -> timedelta:
    return RECEIPT_SHOWN if draft.sent else KEPT


def _check_room() -> None:
    if (DraftFile.objects.aggregate(all=Sum("file__sealed_length"))["all"] or 0) > MOST_WAITING_BYTES:
        raise NoRoom
