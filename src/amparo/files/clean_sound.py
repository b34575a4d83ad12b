"""Sound files without tags, pictures and notes: the sound itself stays bit for bit. Pure."""

import io
import struct

import mutagen
from mutagen.apev2 import APENoHeaderError, APEv2
from mutagen.id3 import ID3, ID3NoHeaderError

from amparo.files.errors import NotCleaned

# Of FLAC: what is needed to play it, and where its seconds lie. Of RIFF: form, sound, number of samples.
_FLAC_KEPT = {0, 3}
_RIFF_KEPT = {b"fmt ", b"data", b"fact"}
_TRACES = (b"APETAGEX", b"LYRICSBEGIN", b"LYRICS200")


def clean_sound(content: bytes, kind: str) -> bytes:
    """The same sound. Raises `NotCleaned`: "damaged", or "unknown-part" where something stayed that is no sound."""
    try:
        return {"mp3": _clean_mp3, "flac": _clean_flac, "ogg": _clean_ogg, "wav": _clean_wav}[kind](content)
    except (mutagen.MutagenError, struct.error, IndexError, ValueError, EOFError):
        raise NotCleaned("damaged") from None


def _clean_mp3(content: bytes) -> bytes:
    file = io.BytesIO(content)
    # A file may carry one tag after another.
    for _ in range(8):
        before = len(file.getvalue())
        for delete, missing in ((_delete_id3, ID3NoHeaderError), (_delete_ape, APENoHeaderError)):
            file.seek(0)
            try:
                delete(file)
            except missing:
                continue
        if len(file.getvalue()) == before:
            break
    cleaned = file.getvalue()
    if cleaned.startswith(b"ID3") or cleaned[-128:-125] == b"TAG" or any(trace in cleaned for trace in _TRACES):
        raise NotCleaned("unknown-part")
    return cleaned


def _delete_id3(file: io.BytesIO) -> None:
    ID3(file, load_v1=True).delete(file)  # type: ignore[no-untyped-call]


def _delete_ape(file: io.BytesIO) -> None:
    APEv2(file).delete(file)  # type: ignore[no-untyped-call]


def _clean_flac(content: bytes) -> bytes:
    if not content.startswith(b"fLaC"):
        raise NotCleaned("damaged")
    position, kept, last = 4, list[tuple[int, bytes]](), False
    while not last:
        kind, size = content[position], int.from_bytes(content[position + 1 : position + 4], "big")
        last = bool(kind & 0x80)
        if kind & 0x7F in _FLAC_KEPT:
            kept.append((kind & 0x7F, content[position + 4 : position + 4 + size]))
        position += 4 + size
    if not kept or content[position : position + 1] != b"\xff":
        raise NotCleaned("damaged")
    blocks = b"".join(
        bytes([kind | (0x80 if number == len(kept) else 0)]) + len(block).to_bytes(3, "big") + block
        for number, (kind, block) in enumerate(kept, 1)
    )
    sound = content[position:]
    return b"fLaC" + blocks + (sound[:-128] if sound[-128:-125] == b"TAG" else sound)


def _clean_ogg(content: bytes) -> bytes:
    file = io.BytesIO(content)
    opened = mutagen.File(file)
    if opened is None or type(opened).__name__ not in ("OggVorbis", "OggOpus", "OggSpeex", "OggFLAC"):
        raise NotCleaned("unknown-part")
    file.seek(0)
    opened.delete(file)
    return file.getvalue()


def _clean_wav(content: bytes) -> bytes:
    if content[8:12] != b"WAVE":
        raise NotCleaned("damaged")
    position, kept = 12, bytearray()
    while position + 8 <= len(content):
        name, size = content[position : position + 4], struct.unpack_from("<I", content, position + 4)[0]
        # A recorder that was cut off leaves a size that is too large: to the end, then.
        chunk = content[position + 8 : position + 8 + size]
        if name in _RIFF_KEPT:
            kept += name + struct.pack("<I", len(chunk)) + chunk + b"\0" * (len(chunk) % 2)
        position += 8 + size + size % 2
    if b"data" not in kept:
        raise NotCleaned("damaged")
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WAVE" + bytes(kept)
