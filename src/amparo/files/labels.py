"""What people read of files: names of kinds, and why a file was not taken."""

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from amparo.files.receiving import (
    NO_ROOM,
    NOT_SCANNED,
    NOT_SEALED,
    TOO_LARGE,
    TOO_LARGE_TOGETHER,
    TOO_MANY,
    VIRUS,
    SealedUpload,
)

KIND_LABELS: dict[str, str | Promise] = {
    "jpeg": _("Photo (JPEG)"),
    "png": _("Image (PNG)"),
    "webp": _("Image (WebP)"),
    "gif": _("Image (GIF)"),
    "tiff": _("Image (TIFF)"),
    "heic": _("Photo (HEIC)"),
    "avif": _("Image (AVIF)"),
    "pdf": _("PDF document"),
    "docx": _("Word document"),
    "xlsx": _("Excel table"),
    "pptx": _("PowerPoint slides"),
    "odt": _("OpenDocument text"),
    "ods": _("OpenDocument table"),
    "odp": _("OpenDocument slides"),
    "old-office": _("Word, Excel or PowerPoint file of before 2007"),
    "rtf": _("Text with formatting (RTF)"),
    "txt": _("Plain text"),
    "mp3": _("Sound (MP3)"),
    "ogg": _("Sound (Ogg)"),
    "flac": _("Sound (FLAC)"),
    "wav": _("Sound (WAV)"),
    "aac": _("Sound (AAC)"),
    "amr": _("Sound (AMR)"),
    "m4a": _("Sound (M4A)"),
    "mp4": _("Video (MP4)"),
    "mov": _("Video (QuickTime)"),
    "3gp": _("Video (3GP)"),
    "webm": _("Video (WebM or Matroska)"),
    "avi": _("Video (AVI)"),
    "zip": _("Archive (ZIP)"),
}

_MADE_HERE: dict[str, str | Promise] = {"warc": _("Web page as it was answered (WARC)")}

_REFUSALS: dict[str, str | Promise] = {
    NO_ROOM: _("There is no room for this file on the server now. Please send it later."),
    NOT_SEALED: _("This file did not arrive as it was sent. Please send it again."),
    VIRUS: _("The virus scanner found something in this file, so it was not kept."),
    NOT_SCANNED: _("This file could not be checked for viruses now, so it was not kept. Please send it later."),
    "empty": _("This file is empty."),
    "program": _("This is a program, and programs are not taken."),
    "web-page": _("This is a web page, which may carry a program. Please save it as a PDF, or take a picture of it."),
    "svg": _("This is an SVG drawing, which may carry a program. Please save it as PNG or PDF."),
    "macros": _("This document carries a program (macros). Please save it without macros, or as a PDF."),
    "encrypted": _("This file is closed by a password. Please send it without one: it is sealed here."),
    "bomb": _("This archive would become far too large when it is unpacked."),
    "bad-archive": _("This archive is damaged, or made in a way that is not safe to unpack."),
    "two-kinds": _("This file pretends to be of two kinds at once, which is not safe to open."),
    "unknown-kind": _("Files of this kind are not taken. Photos, videos, sound, PDF, Office and plain text are."),
    "kind-not-wanted": _("Files of this kind are not taken here."),
}


_NOT_CLEANED: dict[str, str | Promise] = {
    "kind-not-cleaned": _("What is hidden in files of this kind cannot be removed here."),
    "damaged": _("This file is damaged, so that what is hidden in it cannot be removed."),
    "too-large": _("This file is too large for what is hidden in it to be removed here."),
    "too-much": _("Removing what is hidden in this file takes too much time or memory: it may be made to do harm."),
    "embedded-file": _("There is a file inside this document that what is hidden cannot be removed from."),
    "timed-metadata": _("This video carries positions or other notes along its pictures that cannot be removed here."),
    "unknown-part": _("There are parts in this file that are not known here and may tell of who made it."),
    "virus": _("The virus scanner found something in this file. Do not open it."),
    "bomb": _("This file would become far too large when it is opened: it may be made to do harm."),
    "encrypted": _("This file is closed by a password, so that what is hidden in it cannot be removed."),
    "program": _("This is a program. Do not open it."),
    "macros": _("This document carries a program (macros). Do not open it outside a protected computer."),
    "web-page": _("This is a web page, which may carry a program."),
    "svg": _("This is an SVG drawing, which may carry a program."),
}


def describe_not_cleaned(code: str) -> str:
    """Why there is no copy of a file without metadata, in words; empty for the empty code."""
    return str(_NOT_CLEANED.get(code) or _REFUSALS.get(code) or _NOT_CLEANED["kind-not-cleaned"]) if code else ""


def kind_label(code: str) -> str:
    """What a kind is called; "File" for one that is not known."""
    return str(KIND_LABELS.get(code) or _MADE_HERE.get(code) or _("File"))


def describe_refusal(upload: SealedUpload) -> str:
    """Why `upload` was not taken, and what is allowed, in words; empty where it was."""
    limits = upload.limits
    if upload.refused == TOO_LARGE:
        return gettext("This file is too large: %(most)s at most.") % {"most": filesizeformat(limits.most_bytes)}
    if upload.refused == TOO_LARGE_TOGETHER:
        most = filesizeformat(limits.most_together)
        return gettext("These files are too large together: %(most)s at most.") % {"most": most}
    if upload.refused == TOO_MANY:
        return ngettext(
            "Too many files: %(most)d at a time.", "Too many files: %(most)d at a time.", limits.most_files
        ) % {"most": limits.most_files}
    return str(_REFUSALS.get(upload.refused, ""))
