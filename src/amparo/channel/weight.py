"""Answers of the channel that weigh the same whatever they say, and that nobody keeps."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# All pages of the channel but long conversations are lighter than this.
WEIGHT = 48 * 1024
_OPEN, _CLOSE = b"<!-- ", b" -->"


def weigh_the_same(response: HttpResponse) -> HttpResponse:
    """Fill a page up to the next whole `WEIGHT`, and forbid everybody to keep it.

    Not compressed: what is compressed tells by its length what is in it.
    """
    if response.get("Content-Type", "").startswith("text/html"):
        short = -(len(response.content) + len(_OPEN) + len(_CLOSE)) % WEIGHT
        response.content = response.content + _OPEN + b"=" * short + _CLOSE
    add_never_cache_headers(response)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Content-Encoding"] = "identity"
    return response


def page_of_the_channel(view: View[P]) -> View[P]:
    """A view whose answers weigh the same and stay nowhere."""

    @wraps(view)
    def weighed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return weigh_the_same(view(request, *args, **kwargs))

    return weighed
