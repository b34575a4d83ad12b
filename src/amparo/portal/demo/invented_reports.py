"""The invented reports of the demonstration, and the photo that one of them has. Pure: no Django."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

FILE = Path(__file__).parent / "data" / "invented-reports.toml"
_GPS, _MODEL = 0x8825, 0x0110


@dataclass(frozen=True, slots=True)
class InventedMessage:
    """One message of an invented conversation."""

    from_reporter: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InventedReport:
    """An invented report: codes, answers, and what became of it. `receipt` is "" where nobody comes back."""

    institution: str
    about: str
    language: str
    urgency: str
    naming: str
    consents: frozenset[str]
    state: str
    days: int
    receipt: str = field(repr=False)
    refer_to: str
    photo: str
    answers: Mapping[str, Any] = field(repr=False)
    messages: tuple[InventedMessage, ...]


@lru_cache(maxsize=1)
def read_invented_reports() -> tuple[InventedReport, ...]:
    """The reports in the order in which they came."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))["reports"]
    return tuple(sorted((_report(each) for each in said), key=lambda report: -report.days))


def receipts() -> Iterator[tuple[str, str]]:
    """Institution and receipt of each mailbox that can be tried, as they are printed for all to see."""
    for report in read_invented_reports():
        if report.receipt:
            yield report.institution, report.receipt


def draw_photo(words: str) -> bytes:
    """A small JPEG that says it is invented, with an invented camera and an invented place in its metadata."""
    image = Image.new("RGB", (640, 420), "#8fa7b3")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 260, 640, 420), fill="#5d6b57")
    draw.rectangle((220, 130, 420, 300), fill="#c9b79c")
    draw.polygon([(200, 130), (440, 130), (320, 60)], fill="#8a4b3a")
    draw.rectangle((300, 220, 340, 300), fill="#4a3728")
    draw.text((240, 340), words, fill="white", font_size=36)
    exif = Image.Exif()
    exif[_MODEL] = "Invented Camera 1"
    place = exif.get_ifd(_GPS)
    place[1], place[2] = "S", (IFDRational(12), IFDRational(34), IFDRational(56))
    place[3], place[4] = "W", (IFDRational(65), IFDRational(43), IFDRational(21))
    written = BytesIO()
    image.save(written, "JPEG", quality=80, exif=exif)
    return written.getvalue()


def _report(said: Mapping[str, Any]) -> InventedReport:
    return InventedReport(
        institution=said["institution"],
        about=said["about"],
        language=said["language"],
        urgency=said["urgency"],
        naming=said["naming"],
        consents=frozenset(said["consents"]),
        state=said["state"],
        days=said["days"],
        receipt=said.get("receipt", ""),
        refer_to=said.get("refer_to", ""),
        photo=said.get("photo", ""),
        answers=said["answers"],
        messages=tuple(InventedMessage(each["from"] == "reporter", each["text"]) for each in said.get("messages", ())),
    )
