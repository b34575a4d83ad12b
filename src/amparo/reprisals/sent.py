"""What every form of this package carries: a token, so that sent twice it counts once, and the version it opened on."""

from django.http import HttpRequest

_TOKEN_LETTERS = frozenset("0123456789abcdef")


def read_token(request: HttpRequest) -> str:
    """The token that was sent; "" where there is none."""
    given = request.POST.get("token", "")
    return given if is_token(given) else ""


def is_token(given: str) -> bool:
    """Whether `given` has the form of a token."""
    return len(given) == 32 and set(given) <= _TOKEN_LETTERS


def read_version(request: HttpRequest) -> int:
    """The version that the form was opened on; 0, which none has, where it doesn't say."""
    written = request.POST.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def shown_version(request: HttpRequest, current: int, *, renewed: bool) -> int:
    """The version that the page's form carries: the current one when it is opened, or when the person was told of
    another's change; else the one that it was opened on."""
    return current if renewed or request.method != "POST" else read_version(request)
