"""Copies of sound, films and HEIC photos: what was hidden is gone, what is heard and seen stays bit for bit."""

import io
import struct
from collections.abc import Callable

import pytest
from mutagen.apev2 import APEv2
from mutagen.id3 import APIC, COMM, GEOB, ID3, TPE1

from amparo.files.clean_heic import plan_heic
from amparo.files.clean_sound import clean_sound
from amparo.files.clean_video import Blanking, blank, plan_blanking
from amparo.files.errors import NotCleaned
from tests.files import making
from tests.files.making import PLACE, SECRET, assert_gone


def reason(clean: Callable[[], object]) -> str:
    with pytest.raises(NotCleaned) as not_cleaned:
        clean()
    return not_cleaned.value.code


FRAME = b"\xff\xfb\x90\x00" + b"\x55" * 413


def test_an_mp3_keeps_its_sound_and_nothing_else() -> None:
    file = io.BytesIO(FRAME * 20)
    tags = ID3()
    tags.add(TPE1(3, [SECRET]))
    tags.add(COMM(3, "eng", "", SECRET))
    tags.add(APIC(3, "image/jpeg", 3, PLACE, making.jpeg()))
    tags.add(GEOB(3, "text/plain", SECRET, "", SECRET.encode()))
    tags.save(file, v1=2)
    ape = APEv2()
    ape["Artist"] = SECRET
    ape.save(file)
    original = file.getvalue()
    assert original.count(SECRET.encode()) > 2

    cleaned = clean_sound(original, "mp3")

    assert cleaned == FRAME * 20


def test_a_flac_keeps_its_sound_and_nothing_else() -> None:
    def block(kind: int, body: bytes, last: bool = False) -> bytes:
        return bytes([kind | (0x80 if last else 0)]) + len(body).to_bytes(3, "big") + body

    information = bytes(range(34))
    sound = b"\xff\xf8" + b"\x55" * 100
    original = b"fLaC" + block(0, information) + block(4, SECRET.encode()) + block(2, PLACE.encode())
    original += block(6, SECRET.encode()) + block(1, SECRET.encode(), last=True) + sound

    cleaned = clean_sound(original, "flac")

    assert cleaned == b"fLaC" + block(0, information, last=True) + sound
    assert reason(lambda: clean_sound(original[:60], "flac")) == "damaged"


def test_a_wav_keeps_its_sound_and_nothing_else() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    form, sound = chunk(b"fmt ", bytes(16)), chunk(b"data", b"\x55" * 101)
    notes = chunk(b"LIST", b"INFOIART" + SECRET.encode()) + chunk(b"bext", PLACE.encode()) + chunk(b"iXML", XML)
    body = b"WAVE" + form + notes + sound + chunk(b"id3 ", SECRET.encode())

    cleaned = clean_sound(b"RIFF" + struct.pack("<I", len(body)) + body, "wav")

    assert cleaned == b"RIFF" + struct.pack("<I", 4 + len(form) + len(sound)) + b"WAVE" + form + sound


XML = f"<a>{SECRET}</a>".encode()


def ogg_page(number: int, body: bytes, flags: int = 0) -> bytes:
    """One page of an Ogg file with its checksum (RFC 3533)."""
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + struct.pack("<QIII", 0, 7, number, 0) + bytes([len(lacing)]) + lacing
    code = 0
    for byte in head + body:
        code ^= byte << 24
        for _ in range(8):
            code = (code << 1 ^ 0x04C11DB7 if code & 0x80000000 else code << 1) & 0xFFFFFFFF
    return head[:22] + struct.pack("<I", code) + head[26:] + body


def test_an_ogg_keeps_its_sound_and_no_tags() -> None:
    comment = f"ARTIST={SECRET}".encode()
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(comment)) + comment
    original = ogg_page(0, b"OpusHead\x01\x02\0\0\x80\xbb\0\0\0\0\0", 2) + ogg_page(1, tags)
    original += ogg_page(2, b"\x55" * 100, 4)

    cleaned = clean_sound(original, "ogg")

    assert_gone(cleaned)
    assert b"\x55" * 100 in cleaned
    assert cleaned.startswith(b"OggS")


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"M4A ", b"3gp5"])
@pytest.mark.parametrize("index_last", [True, False])
def test_a_film_keeps_its_pictures_in_their_places_and_nothing_else(brand: bytes, index_last: bool) -> None:
    original = making.movie(brand, index_last=index_last)
    assert original.count(SECRET.encode()) > 4
    assert original.count(PLACE.encode()) > 4

    plan = plan_blanking(io.BytesIO(original))
    pieces = [original[start : start + 7] for start in range(0, len(original), 7)]
    cleaned = b"".join(blank(iter(pieces), plan))

    assert len(cleaned) == len(original)
    assert_gone(cleaned)
    assert b"12.34" not in cleaned
    assert cleaned.index(b"film-samples" * 50) == original.index(b"film-samples" * 50)
    assert b"com.apple.quicktime.location" not in cleaned
    assert struct.pack(">I", 3_800_000_001) not in cleaned
    # It still reads as a film of one track.
    again = plan_blanking(io.BytesIO(cleaned))
    assert cleaned.count(b"trak") == 1
    assert b"".join(blank(iter([cleaned]), again)) == cleaned


def test_a_film_whose_positions_cannot_be_found_is_not_said_to_be_clean() -> None:
    film = making.movie().replace(b"stsz", b"stz2")

    assert reason(lambda: plan_blanking(io.BytesIO(film))) == "timed-metadata"


@pytest.mark.parametrize("cut", [4, 30, 700, -30])
def test_a_film_that_was_cut_off_is_said_to_be_damaged(cut: int) -> None:
    assert reason(lambda: plan_blanking(io.BytesIO(making.movie(index_last=True)[:cut]))) in (
        "damaged",
        "timed-metadata",
    )


def test_a_box_that_nobody_knows_is_not_passed_on() -> None:
    film = making.movie() + making.box(b"wh0!", SECRET.encode())

    assert reason(lambda: plan_blanking(io.BytesIO(film))) == "unknown-part"


def test_a_heic_photo_keeps_its_picture_in_its_place_and_nothing_else() -> None:
    original = making.heic()

    cleaned = b"".join(blank(iter([original]), plan_heic(original)))

    assert_gone(cleaned)
    assert len(cleaned) == len(original)
    assert cleaned.index(b"picture-bits" * 20) == original.index(b"picture-bits" * 20)
    assert b"irot\1" in cleaned


def test_a_heic_photo_with_what_nobody_knows_is_not_said_to_be_clean() -> None:
    assert reason(lambda: plan_heic(making.heic(further=b"gps!"))) == "unknown-part"
    for cut in (40, 150, 300):
        assert reason(lambda cut=cut: plan_heic(making.heic()[:cut])) == "damaged"


def test_nothing_to_blank_changes_nothing() -> None:
    assert b"".join(blank(iter([b"abc", b"def"]), Blanking())) == b"abcdef"
