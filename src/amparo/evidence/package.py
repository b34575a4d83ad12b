"""A case with its evidence as a package that anybody can verify: BagIt (RFC 8493) in a ZIP, streamed.

Files are decrypted piece by piece into the answer, and never in clear on a disk. Names in it are numbers.
"""

import csv
import hashlib
import io
import json
import queue
import threading
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyrage
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from amparo.cases.models import Evidence, Incident
from amparo.evidence.case_content import CaseContent, Leaving, as_json, describe_case, open_for
from amparo.evidence.custody import record_steps
from amparo.evidence.desk import list_evidence
from amparo.evidence.opening import copy_of
from amparo.evidence.package_readme import README
from amparo.evidence.shown_custody import custody_rows, details_lines
from amparo.evidence.time_stamps import open_stamps
from amparo.evidence.verifying import Outcome, Verified, check_evidence, step_of
from amparo.files.kinds import kind_of
from amparo.files.models import SealedFile
from amparo.files.services import open_file, read_facts
from amparo.institutions.models import User, this_hour
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import LogEntry

_PIECE = 65536
# The same for all: a ZIP's own times are of no use, and tell minutes.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file as it lies in the package: which, under which name."""

    evidence: Evidence
    file: SealedFile
    name: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """All of a package but the files' bytes. `left_out`: pieces that are damaged, or that may not leave."""

    incident: Incident
    texts: Sequence[tuple[str, bytes]] = field(repr=False)
    files: Sequence[PackedFile] = field(repr=False)
    left_out: Sequence[tuple[Evidence, str]] = ()


@transaction.atomic
def prepare_package(
    user: User, incident: Incident, unlocked: vault.Unlocked, leaving: Leaving, *, originals: bool
) -> Prepared:
    """What goes into the package; that it leaves is noted in the chain of each piece, and in the log.

    Each file is read to its end first: one that is damaged, or gone, is left out and named. For a recipient only what
    a consent lets leave is opened. Without `originals`, clean copies go, and pieces that have none are left out.
    """
    opened = open_for(incident, unlocked, leaving, user)
    pieces = list(list_evidence(incident))
    numbers = {each.pk: number for number, each in enumerate(pieces, 1)}
    packed, left_out, steps, checked = list[PackedFile](), list[tuple[Evidence, str]](), [], dict[int, Verified]()
    to = {"recipient": leaving.recipient, "purpose": leaving.purpose} if leaving.recipient else {}
    for each in pieces:
        each.incident = incident
        if each.file.section_id not in opened:
            left_out.append((each, "no-consent"))
            continue
        found = check_evidence(each, unlocked)
        if found.outcome not in (Outcome.WHOLE, Outcome.OTHER):
            left_out.append((each, found.outcome.value))
            continue
        file = each.file if originals else copy_of(each, user, unlocked)
        if file is None:
            left_out.append((each, "no-copy"))
            continue
        kind = kind_of(read_facts(file, unlocked).kind)
        packed.append(PackedFile(each, file, f"data/files/{numbers[each.pk]:04}.{kind.ending if kind else 'bin'}"))
        checked[each.pk] = found
        steps.append((each, step_of(found, "exported", which="original" if originals else "copy", **to)))
    record_steps(user.pk, steps)
    content = describe_case(incident, opened)
    texts = _texts(incident, content, pieces, numbers, packed, left_out, checked, unlocked, leaving)
    log.record(
        "package-exported",
        actor=user.pk,
        institution=incident.institution.code,
        record=f"incident:{incident.pk}",
        facts={"files": len(packed), "left-out": len(left_out), "which": "original" if originals else "copy", **to},
    )
    return Prepared(incident, texts, packed, left_out)


def stream_package(prepared: Prepared, unlocked: vault.Unlocked) -> Iterator[bytes]:
    """The ZIP, piece by piece. A file that goes or is changed meanwhile ends it there: then it is no whole ZIP."""
    out = _Sink()
    payload, tags, octets = dict[str, str](), dict[str, str](), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
        for name, text in prepared.texts:
            (payload if name.startswith("data/") else tags)[name] = _write(package, name, text)
            octets += len(text) if name.startswith("data/") else 0
            yield out.take()
        for each in prepared.files:
            digest = hashlib.sha256()
            with package.open(_entry(each.name), "w", force_zip64=True) as entry:
                for piece in open_file(each.file, unlocked):
                    digest.update(piece)
                    octets += len(piece)
                    entry.write(piece)
                    yield out.take()
            payload[each.name] = digest.hexdigest()
        info = f"Bag-Software-Agent: Amparo\nPayload-Oxum: {octets}.{len(payload)}\n"
        tags["bag-info.txt"] = _write(package, "bag-info.txt", info.encode())
        manifest = "".join(f"{digest}  {name}\n" for name, digest in sorted(payload.items()))
        tags["manifest-sha256.txt"] = _write(package, "manifest-sha256.txt", manifest.encode())
        tag_manifest = "".join(f"{digest}  {name}\n" for name, digest in sorted(tags.items()))
        _write(package, "tagmanifest-sha256.txt", tag_manifest.encode())
    yield out.take()


def read_age_key(said: str) -> pyrage.x25519.Recipient:
    """The recipient that an age key names. Raises ValueError."""
    try:
        return pyrage.x25519.Recipient.from_str(said.strip())
    except Exception:
        raise ValueError("This is no age key.") from None


def encrypt(pieces: Iterable[bytes], recipient: pyrage.x25519.Recipient) -> Iterator[bytes]:
    """`pieces` as age encrypts them to `recipient`, in bounded memory. Whatever `pieces` raise is raised here."""
    waiting: queue.Queue[bytes | None] = queue.Queue(4)
    ready: queue.Queue[bytes | None] = queue.Queue()
    thread = threading.Thread(target=_encrypt, args=(waiting, ready, recipient), name="amparo-age", daemon=True)
    thread.start()
    whole = False
    try:
        for piece in pieces:
            if piece:
                _hand(piece, waiting, thread)
            while not ready.empty():
                yield ready.get() or b""
        whole = True
    finally:
        # Without its end, what was written so far does not open: age says that it was cut off.
        _hand(None if whole else b"", waiting, thread)
    while (encrypted := ready.get()) is not None:
        yield encrypted
    thread.join()


def _hand(piece: bytes | None, waiting: "queue.Queue[bytes | None]", thread: threading.Thread) -> None:
    while thread.is_alive():
        try:
            waiting.put(piece, timeout=1)
            return
        except queue.Full:
            continue
    raise OSError("The package could not be encrypted.")


def _encrypt(waiting: "queue.Queue[bytes | None]", ready: "queue.Queue[bytes | None]", recipient: object) -> None:
    try:
        pyrage.encrypt_io(_Reader(waiting), _Writer(ready), [recipient])
    except Exception:  # noqa: S110  (what came so far is thrown away by who reads it: it has no end)
        pass
    finally:
        ready.put(None)


class _Reader(io.RawIOBase):
    """What is waiting, as a file."""

    def __init__(self, waiting: "queue.Queue[bytes | None]") -> None:
        self._waiting, self._some, self._over = waiting, b"", False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._some and not self._over:
            piece = self._waiting.get()
            if piece == b"":
                raise OSError("The package broke off.")
            self._some, self._over = piece or b"", piece is None
        given, self._some = (self._some, b"") if size < 0 else (self._some[:size], self._some[size:])
        return given


class _Writer(io.RawIOBase):
    """A file that hands on what is written."""

    def __init__(self, ready: "queue.Queue[bytes | None]") -> None:
        self._ready = ready

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self._ready.put(bytes(some))
        return len(some)


class _Sink(io.RawIOBase):
    """Takes what the ZIP writes, until it is sent. It cannot be gone back in: sizes then stand after each file."""

    def __init__(self) -> None:
        self._some = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self._some += some
        return len(some)

    def take(self) -> bytes:
        taken = bytes(self._some)
        self._some.clear()
        return taken


def _texts(
    incident: Incident,
    content: CaseContent,
    pieces: Sequence[Evidence],
    numbers: dict[int, int],
    packed: Sequence[PackedFile],
    left_out: Sequence[tuple[Evidence, str]],
    checked: dict[int, Verified],
    unlocked: vault.Unlocked,
    leaving: Leaving,
) -> list[tuple[str, bytes]]:
    listed = [
        {
            "number": numbers[each.evidence.pk],
            "piece": each.evidence.pk,
            "file": each.name,
            "sha256_of_original": checked[each.evidence.pk].checked.sha256,
            "check": checked[each.evidence.pk].outcome.value,
        }
        for each in packed
    ]
    missing = [{"number": numbers[each.pk], "piece": each.pk, "reason": reason} for each, reason in left_out]
    about = {
        "format": "amparo/package/1",
        "exported": this_hour().strftime("%Y-%m-%dT%H"),
        "institution": incident.institution.code,
        "recipient": leaving.recipient or None,
        "purpose": leaving.purpose or None,
        "evidence": listed,
        "left_out": missing,
    }
    leave = [each.evidence for each in packed]
    page = {"content": content, "language": get_language(), "rtl": get_language_bidi()}
    texts = [
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        ("README.txt", README.encode()),
        ("data/case.json", _json(as_json(content))),
        ("data/case.html", render_to_string("evidence/package-case.html", page).encode()),
        ("data/evidence.json", _json(about)),
        ("data/custody.csv", _csv(custody_rows(leave, numbers))),
        *_stamps(leave, numbers, unlocked),
    ]
    if not leaving.recipient:
        texts.append(("data/custody-details.jsonl", "".join(details_lines(leave, unlocked)).encode()))
        texts.append(("data/log.jsonl", "".join(_log_lines(incident)).encode()))
    return texts


def _stamps(
    pieces: Sequence[Evidence], numbers: dict[int, int], unlocked: vault.Unlocked
) -> Iterator[tuple[str, bytes]]:
    held = [stamp for each in pieces for stamp in each.time_stamps.select_related("section", "answer")]
    opened = open_stamps(held, unlocked)
    for each in opened:
        name = f"data/stamps/{numbers[each.stamp.evidence_id]:04}-{each.stamp.pk}"
        yield f"{name}.txt", each.statement
        yield f"{name}.tsr", each.answer
    if opened and settings.TSA_CA is not None:
        yield "data/stamps/authority.pem", settings.TSA_CA.read_bytes()


def _log_lines(incident: Incident) -> Iterator[str]:
    entries = LogEntry.objects.filter(record=f"incident:{incident.pk}", institution=incident.institution.code)
    for each in entries.order_by("number").iterator(2000):
        said = {
            "number": each.number,
            "hour": each.at.strftime("%Y-%m-%dT%H"),
            "person": each.actor,
            "action": each.action,
            "facts": each.facts,
            "previous": bytes(each.previous).hex(),
            "code": bytes(each.code).hex(),
        }
        yield json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n"


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _TIME)


def _write(package: zipfile.ZipFile, name: str, content: bytes) -> str:
    package.writestr(_entry(name), content)
    return hashlib.sha256(content).hexdigest()


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8-sig")
