"""What can be done with files: keep what arrived, open it, make the copy without metadata, destroy it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amparo.files.cleaning import clean, run
from amparo.files.errors import NotCleaned, UploadRefused
from amparo.files.kinds import KINDS, Kind, RefusedKind, tell_kind
from amparo.files.look import Look
from amparo.files.models import SealedFile
from amparo.files.names import clean_name
from amparo.files.places import place_of, put_in_place, remove_after_commit, sweep
from amparo.files.previews import first_lines
from amparo.files.receiving import Receiving, SealedUpload, UploadLimits
from amparo.files.virus_scan import Scan, VirusFound
from amparo.vault import files as vault_files
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyPair, Section, SectionKey

FILE = "file"
_CODE = re.compile(r"[a-z0-9-]{1,20}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_SAID = 1000
_ANY_BYTES = 2**62


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is sealed with a file: its name, the code of its kind, its length in bytes, the SHA-256 of its plaintext.

    As whoever sealed it says: of a file that a browser sealed, nobody has checked `kind` and `sha256`.
    """

    name: str = field(repr=False)
    kind: str
    length: int
    sha256: str


@transaction.atomic
def keep_upload(upload: SealedUpload, holders: Sequence[KeyPair], like: Section | None = None) -> SealedFile:
    """Keep a file that has arrived, for `holders` to open. Raises `UploadRefused` for one that was not taken.

    `like` is the section to which it belongs, as in `vault.keep_section`.

    In the caller's transaction; where that is rolled back, the upload can be kept again in the same request.
    """
    _check(upload, is_sealed=False)
    fields = {"name": upload.name, "kind": upload.kind, "length": upload.length, "sha256": upload.sha256}
    section = vault.keep_section(fields, FILE, holders, data_key=upload.data_key, like=like)
    return _keep(upload, upload.identifier, section.pk)


@transaction.atomic
def keep_file_sealed_by_browser(
    identifier: UUID,
    metadata: seal.Sealed,
    holder: KeyPair,
    upload: SealedUpload,
    others: Iterable[tuple[KeyPair, bytes]] = (),
    like: Section | None = None,
) -> SealedFile:
    """Keep a file that a browser sealed to `holder` as `uploads.py` says; `metadata` is the section of its facts.

    `others` are further holders, each with the wrapped key of that section; `like` as in `vault.keep_section`.

    Raises `UploadRefused`, `keys.UnknownFormat` for metadata that is not sealed as sections are, and IntegrityError
    where there is something under that identifier.
    """
    _check(upload, is_sealed=True)
    section = vault.keep_sealed_section(identifier, FILE, metadata, holder, others, like=like)
    return _keep(upload, identifier, section.pk)


def read_facts(file: SealedFile, unlocked: vault.Unlocked) -> FileFacts:
    """What is sealed with `file`. Raises `keys.VaultError`, and `SectionKey.DoesNotExist` where there is no key."""
    data_key = vault.data_key_of(file.section, unlocked)
    return _facts(seal.decrypt_fields(bytes(file.section.ciphertext), data_key, file.section_id, FILE))


def read_all_facts(files: Iterable[SealedFile], unlocked: vault.Unlocked) -> dict[UUID, FileFacts]:
    """What is sealed with each of `files`, by file, in a constant number of queries; what does not open is left out."""
    by_section = {file.section_id: file for file in files}
    try:
        opened = vault.open_sections([file.section for file in by_section.values()], unlocked)
    except VaultError:
        # One of them is damaged: the others are read one by one.
        return {file.pk: facts for file in by_section.values() if (facts := _facts_if_open(file, unlocked))}
    return {by_section[section].pk: _facts(fields) for section, fields in opened.items()}


def seal_made(pieces: Iterable[bytes], name: str, made_as: str) -> SealedUpload:
    """What Amparo itself made, of a kind of `kinds.MADE_HERE`, sealed while it comes; to be kept by `keep_upload`.

    Raises `UploadRefused` where the disk is full. Who calls discards it when it is kept.
    """
    upload = SealedUpload(name, "made-here", UploadLimits(most_bytes=_ANY_BYTES, most_together=_ANY_BYTES))
    receiving = Receiving(upload, made_as)
    try:
        for piece in pieces:
            receiving.take(piece)
            if upload.refused:
                raise UploadRefused("There is no room for this file.", code=upload.refused)
        receiving.finish()
    except BaseException:
        receiving.give_up()
        raise
    return upload


def open_file(file: SealedFile, unlocked: vault.Unlocked) -> Iterator[bytes]:
    """The plaintext of `file` in pieces of at most 65,536 bytes.

    Raises, before the first piece, `SectionKey.DoesNotExist`, `keys.VaultError` and FileNotFoundError; at any piece
    `keys.WrongSecret`: then what came before is to be thrown away.
    """
    data_key = vault.data_key_of(file.section, unlocked)
    length = _facts(seal.decrypt_fields(bytes(file.section.ciphertext), data_key, file.section_id, FILE)).length
    # Opened here and not at the first piece: a file that is destroyed meanwhile is still read to its end.
    return _pieces(file, place_of(file).open("rb"), data_key, length)


def clean_copy(file: SealedFile, unlocked: vault.Unlocked, holders: Sequence[KeyPair]) -> SealedFile | None:
    """The copy of `file` without metadata, made on first asking and sealed to `holders`; None where none can be made.

    Then `file.not_cleaned` says why, as a code (`labels.describe_not_cleaned`). What `file` is, is told from its bytes,
    whoever sealed it; where a virus scanner is set up it looks at them. The copy's name says nothing: it may have been
    telling, too. The original stays as it is. Raises `virus_scan.NotScanned`, `UploadRefused` where the disk is full,
    and as `open_file` does.
    """
    if file.not_cleaned:
        return None
    found = SealedFile.objects.filter(original=file).select_related("section").first()
    if found is not None:
        return found
    try:
        kind = _look_again(file, unlocked)
        upload = _clean(file, unlocked, kind)
    except (NotCleaned, RefusedKind, VirusFound) as refused:
        file.not_cleaned = refused.code
        file.save(update_fields=["not_cleaned"])
        return None
    try:
        return _keep_copy(file, upload, holders)
    finally:
        upload.discard()


def preview_image(file: SealedFile, unlocked: vault.Unlocked) -> bytes | None:
    """A small JPEG of `file`, a clean copy, made in memory and kept nowhere; None where it is no image.

    Raises `NotCleaned`, and as `open_file` does.
    """
    kind = KINDS.get(read_facts(file, unlocked).kind)
    if kind is None or kind.shown != "image":
        return None
    return b"".join(run(open_file(file, unlocked), f"small-{kind.code}"))


def preview_text(file: SealedFile, unlocked: vault.Unlocked) -> str | None:
    """The first 10 kB of a text; None where `file` is none. Raises as `open_file` does."""
    kind = KINDS.get(read_facts(file, unlocked).kind)
    if kind is None or kind.shown != "text":
        return None
    # Pieces are far larger than what is shown; one more byte says that there is more.
    return first_lines(next(iter(open_file(file, unlocked)), b""))


@transaction.atomic
def destroy_files(files: Iterable[SealedFile]) -> None:
    """Destroy files with their clean copies: rows, sections with all keys, and bytes once that is committed.

    Raises ProtectedError where a record still points to one.
    """
    gone = {file.pk: file for file in files}
    gone |= {copy.pk: copy for copy in SealedFile.objects.filter(original__in=gone)}
    sections = [file.section_id for file in gone.values()]
    # Copies go with their originals.
    SealedFile.objects.filter(pk__in=gone).delete()
    vault.destroy_sections(sections)
    for file in gone.values():
        remove_after_commit(place_of(file))


def remove_abandoned() -> int:
    """Remove bytes that a broken line, a killed process or a transaction that failed left behind. How many files."""
    return sweep()


def _look_again(file: SealedFile, unlocked: vault.Unlocked) -> Kind:
    look, scan = Look(), Scan(settings.CLAMD) if settings.CLAMD else None
    for piece in open_file(file, unlocked):
        look.update(piece)
        if scan is not None:
            scan.update(piece)
    if scan is not None:
        scan.finish()
    return tell_kind(look.seen())


def _clean(file: SealedFile, unlocked: vault.Unlocked, kind: Kind) -> SealedUpload:
    limits = UploadLimits(most_bytes=_ANY_BYTES, most_together=_ANY_BYTES)
    upload = SealedUpload(f"file-{file.pk.hex[:8]}.{kind.ending}", "cleaned", limits)
    receiving = Receiving(upload)
    try:
        for piece in clean(lambda: open_file(file, unlocked), kind):
            receiving.take(piece)
            if upload.refused:
                raise UploadRefused("There is no room for the copy.", code=upload.refused)
        receiving.finish()
    except BaseException:
        receiving.give_up()
        raise
    if upload.kind != kind.code:
        receiving.give_up()
        raise NotCleaned("unknown-part")
    return upload


@transaction.atomic
def _keep_copy(file: SealedFile, upload: SealedUpload, holders: Sequence[KeyPair]) -> SealedFile:
    # Two who open it at once make one copy.
    SealedFile.objects.select_for_update().get(pk=file.pk)
    found = SealedFile.objects.filter(original=file).select_related("section").first()
    if found is not None:
        return found
    kept = keep_upload(upload, holders, file.section)
    kept.original = file
    kept.save(update_fields=["original"])
    return kept


def _keep(upload: SealedUpload, identifier: UUID, section: UUID) -> SealedFile:
    file = SealedFile(
        id=identifier,
        section_id=section,
        sealed_sha256=upload.sealed_sha256,
        sealed_length=upload.sealed_length,
    )
    file.save(force_insert=True)
    put_in_place(upload.path, file)
    return file


def _check(upload: SealedUpload, *, is_sealed: bool) -> None:
    if upload.refused:
        raise UploadRefused("This upload was not taken.", code=upload.refused)
    if upload.is_sealed != is_sealed:
        raise UploadRefused("This field is for files that are sealed in another place.", code="wrong-field")


def _facts_if_open(file: SealedFile, unlocked: vault.Unlocked) -> FileFacts | None:
    try:
        return read_facts(file, unlocked)
    except (VaultError, SectionKey.DoesNotExist):
        return None


def _pieces(file: SealedFile, source: IO[bytes], data_key: bytes, length: int) -> Iterator[bytes]:
    with source:
        yield from vault_files.open_stream(source, data_key, file.pk, length)


def _facts(said: Mapping[str, object]) -> FileFacts:
    """The facts in what was sealed, by a browser perhaps: whatever is not of the right form is left empty."""
    name, kind, length, sha256 = (said.get(each) for each in ("name", "kind", "length", "sha256"))
    return FileFacts(
        name=clean_name(name[:_LONGEST_SAID]) if isinstance(name, str) else clean_name(""),
        kind=kind if isinstance(kind, str) and _CODE.fullmatch(kind) else "",
        length=length if isinstance(length, int) and length >= 0 else 0,
        sha256=sha256 if isinstance(sha256, str) and _DIGEST.fullmatch(sha256) else "",
    )
