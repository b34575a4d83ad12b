"""Reading what a browser has sealed: codes, sealed sections and the facts of sealed files, as strictly as any input.

Nothing here opens anything: whether it opens is known only to who holds the key. What can be told without one is told
here: forms, lengths, numbers, and whether it was sealed to the key that the receiver has now.

A section travels as three fields: `<name>_id` (its UUID), `<name>_sealed` (Base64) and `<name>_keys` (its data key
wrapped to each holder, in Base64, with a full stop between them). Of a report the name is `report`, of a message
`message`; the fields of files, `file_…`, come once for each of the `sealed_files`, in the same order.
"""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from amparo.channel.form import ABOUT, CODED, CONSENTS, recipients
from amparo.channel.services import SealedAnswers, SealedMessage
from amparo.files.receiving import SealedUpload
from amparo.files.sealed_form import plain_length
from amparo.vault.keys import UnknownFormat
from amparo.vault.padding import padded_length
from amparo.vault.seal import SEALED_V1, Sealed, check_formats
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

# Seventeen texts of 20,000 signs of four bytes, with their names and lists.
LONGEST_REPORT = 1_700_000
# 10,000 signs of four bytes, with escapes.
LONGEST_MESSAGE = 100_000
LONGEST_FACTS = 8_192
# What a form may hold is 2.5 MB (DATA_UPLOAD_MAX_MEMORY_SIZE), and a draft travels in Base64.
LONGEST_DRAFT = 1_800_000
_BETWEEN_KEYS = "."


class NotAsSealed(Exception):
    """What came has not the form of what a browser seals. `code` says of what; no message carries any of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileRefused(Exception):
    """A file was not taken; `upload` says why."""

    def __init__(self, upload: SealedUpload) -> None:
        super().__init__(upload.refused)
        self.upload = upload


class AnotherKey(Exception):
    """It was sealed to keys that its receivers have no more, or not to all of them."""


@dataclass(frozen=True, slots=True)
class SealedFields:
    """A section as it came, with its data key wrapped to each holder."""

    identifier: UUID
    ciphertext: bytes
    wrapped_keys: tuple[bytes, ...]

    def for_first(self) -> Sealed:
        """The section with the wrapped key of its first holder."""
        return Sealed(self.ciphertext, self.wrapped_keys[0])


@dataclass(frozen=True, slots=True)
class SealedFileSent:
    """A file as it came: its sealed bytes, and the section of its facts."""

    upload: SealedUpload
    facts: SealedFields


@dataclass(frozen=True, slots=True)
class SealedReport:
    """A report as a browser sealed it: what travels in clear as codes, and everything else closed."""

    about: str
    urgency: str
    naming: str
    consents: frozenset[str]
    answers: SealedAnswers = field(repr=False)


def read_sealed_report(posted: QueryDict, kind: str, public_key: bytes) -> SealedReport:
    """The report in `posted`, for an institution of `kind` with `public_key`. Raises `NotAsSealed`, `AnotherKey`."""
    check_keys(posted, [public_key])
    about = posted.get("about", "")
    if about not in ABOUT:
        raise NotAsSealed("about")
    consents = frozenset(posted.getlist(CONSENTS))
    if not consents <= frozenset(recipients(about, kind)):
        raise NotAsSealed(CONSENTS)
    fields = read_fields(posted, "report", LONGEST_REPORT)
    return SealedReport(
        about=about,
        urgency=_code(posted, "urgency") or UNKNOWN,
        naming=_code(posted, "naming") or "confidential",
        consents=consents,
        answers=SealedAnswers(fields.identifier, fields.for_first()),
    )


def read_sealed_message(posted: QueryDict, public_keys: Sequence[bytes]) -> SealedMessage:
    """The message in `posted`, for the holders of `public_keys`. Raises `NotAsSealed`, `AnotherKey`."""
    check_keys(posted, public_keys)
    fields = read_fields(posted, "message", LONGEST_MESSAGE, len(public_keys))
    return SealedMessage(fields.identifier, fields.ciphertext, tuple(public_keys), fields.wrapped_keys)


def check_keys(posted: QueryDict, public_keys: Sequence[bytes]) -> None:
    """Whether what is in `posted` says to be sealed to exactly these keys, in this order. Raises `AnotherKey`."""
    if [_base64(each, "sealed_to") for each in posted.get("sealed_to", "").split()] != list(public_keys):
        raise AnotherKey


def read_fields(posted: QueryDict, name: str, longest: int, holders: int = 1) -> SealedFields:
    """The one section `name` in `posted`, wrapped to so many `holders`. Raises `NotAsSealed`."""
    found = _all_fields(posted, name, longest, holders)
    if len(found) != 1:
        raise NotAsSealed(name)
    return found[0]


def read_files(
    posted: QueryDict, uploads: Sequence[SealedUpload], most_bytes: int, holders: int = 1
) -> list[SealedFileSent]:
    """The sealed files of a form, each with its facts. `most_bytes` is the largest that is taken, before it was sealed.

    Raises `FileRefused`, and `NotAsSealed`: for a file that is too large here with the code "file-too-large".
    """
    facts = _all_fields(posted, "file", LONGEST_FACTS, holders)
    if len(facts) != len(uploads) or len({each.identifier for each in facts}) != len(facts):
        raise NotAsSealed("file")
    for upload in uploads:
        if upload.refused:
            raise FileRefused(upload)
        # Padded: how long it was exactly is sealed.
        if (plain_length(upload.sealed_length) or 0) > padded_length(most_bytes):
            raise NotAsSealed("file-too-large")
    return [SealedFileSent(upload, each) for upload, each in zip(uploads, facts, strict=True)]


def read_sealed_draft(posted: QueryDict) -> str:
    """A draft as a browser sealed it for itself, in Base64. Raises `NotAsSealed`."""
    text = posted.get("draft", "")
    sealed = _base64(text, "draft")
    if not sealed.startswith(SEALED_V1) or len(sealed) > LONGEST_DRAFT:
        raise NotAsSealed("draft")
    return text


def _all_fields(posted: QueryDict, name: str, longest: int, holders: int) -> list[SealedFields]:
    columns = [posted.getlist(f"{name}_{part}") for part in ("id", "sealed", "keys")]
    if len(set(map(len, columns))) != 1:
        raise NotAsSealed(name)
    found = []
    for identifier, sealed, keys in zip(*columns, strict=True):
        fields = SealedFields(
            _identifier(identifier, name),
            _base64(sealed, name),
            tuple(_base64(each, name) for each in keys.split(_BETWEEN_KEYS)),
        )
        if len(fields.ciphertext) > longest or len(fields.wrapped_keys) != holders:
            raise NotAsSealed(name)
        try:
            for place in range(holders):
                check_formats(fields.ciphertext, fields.wrapped_keys[place])
        except UnknownFormat:
            raise NotAsSealed(name) from None
        found.append(fields)
    return found


def _identifier(text: str, name: str) -> UUID:
    try:
        identifier = UUID(text)
    except ValueError:
        raise NotAsSealed(name) from None
    # One written in another way, or not drawn at random, was not made by our page.
    if str(identifier) != text or identifier.version != 4:
        raise NotAsSealed(name)
    return identifier


def _base64(text: str, name: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotAsSealed(name) from None


def _code(posted: QueryDict, name: str) -> str:
    code = posted.get(name, "")
    if code and code not in get_vocabulary(CODED[name]).terms:
        raise NotAsSealed(name)
    return code
