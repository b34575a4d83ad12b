"""Answers of the channel: they weigh the same whatever they say, nobody keeps them, and no huge one is taken in."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control

# All pages of the channel but long conversations are lighter than this.
WEIGHT = 64 * 1024
# Of a whole form with its files. What is longer is refused before a byte of it is read.
LARGEST_BODY = 4 * 1024**3
_CHANNEL = re.compile(r"/(?:[a-z]{2}/)?report(?:/|$)")
_NOT_PUBLIC = re.compile(r"/[a-z]{2}/(?:desk|account)/")
_OPEN, _CLOSE = b"<!-- ", b" -->"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReportPages:
    """Middleware: every answer below /report/, errors and redirections included, weighs the same and stays nowhere.

    Where there is an onion service, public pages and these tell Tor Browser of it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        of_channel = _CHANNEL.match(request.path_info) is not None
        response = too_large(request) if of_channel and _length(request) > LARGEST_BODY else self.get_response(request)
        if settings.ONION and not _NOT_PUBLIC.match(request.path_info) and _is_page(response):
            response["Onion-Location"] = f"http://{settings.ONION}{request.get_full_path()}"
        if of_channel and isinstance(response, HttpResponse):
            weigh_the_same(response)
        return response


def weigh_the_same(response: HttpResponse) -> None:
    """Fill an answer up to the next whole `WEIGHT`, and forbid everybody to keep it.

    Not compressed: what is compressed tells by its length what is in it.
    """
    content_type = response.get("Content-Type", "")
    if content_type.startswith("text/html"):
        short = -(len(response.content) + len(_OPEN) + len(_CLOSE)) % WEIGHT
        response.content = response.content + _OPEN + b"=" * short + _CLOSE
    elif content_type.startswith("application/json"):
        response.content = response.content + b" " * (-len(response.content) % WEIGHT)
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
    add_never_cache_headers(response)
    patch_cache_control(response, private=True, no_store=True, no_transform=True)
    response["X-Robots-Tag"] = "noindex, noarchive"
    # Answers that are made before the middleware of Django which says so.
    response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
    # Web servers in front leave alone what names an encoding.
    response["Content-Encoding"] = "identity"


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for who sends more than is taken in."""
    with translation.override(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        response = render(request, "channel/too-large.html", {"most": LARGEST_BODY // 1024**3}, status=413)
    response["Connection"] = "close"
    return response


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else LARGEST_BODY + 1


def _is_page(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith("text/html")
