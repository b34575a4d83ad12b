"""Answers that carry a file: for saving and for looking at, so that nothing uploaded can run in our place.

Always with a media type that does nothing, never guessed (`nosniff`), in a box of its own (`sandbox`), kept nowhere
(`no-store`). What is for saving comes piece by piece.
"""

from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from amparo.files.kinds import kind_of
from amparo.files.names import clean_name

_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_OTHER = "application/octet-stream"

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def answer_with_file(name: str, kind: str, length: int, pieces: Iterable[bytes]) -> HttpResponseBase:
    """The file for saving, under a cleaned name. `length` in bytes."""
    answer = StreamingHttpResponse(pieces, content_type=media_type(kind))
    answer["Content-Length"] = str(length)
    answer["Content-Disposition"] = disposition(name)
    return _kept_apart(answer)


def answer_with_image(content: bytes) -> HttpResponse:
    """A preview that `services.preview_image` made."""
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Content-Disposition"] = "inline"
    return _kept_apart(answer)


def media_type(kind: str) -> str:
    """What a kind is announced as: of what is not known, bytes."""
    known = kind_of(kind)
    return known.media_type if known else _OTHER


def disposition(name: str) -> str:
    """`attachment` with a name, for all browsers (RFC 6266, appendix D): ASCII first, then UTF-8 (RFC 8187)."""
    cleaned = clean_name(name)
    plain = "".join(each if " " <= each <= "~" and each not in '"\\%' else "_" for each in cleaned)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(cleaned, safe='')}"


def _kept_apart(answer: _Answer) -> _Answer:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _ALONE
    answer["Cache-Control"] = "no-store, private, no-transform"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
