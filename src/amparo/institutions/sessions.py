"""Opening one's keys for a session, and finding them again in each request of it.

The private key is closed under a random secret that lies only in the browser's cookie; the closed bytes lie only in
the session on the server. Neither half opens anything alone: not a stolen disk, not a stolen cookie after sign-out.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amparo.institutions.models import User
from amparo.vault import keys
from amparo.vault import services as vault

COOKIE = "amparo-key"
_IN_SESSION = "locked-key"


def open_keys(request: HttpRequest, response: HttpResponse, user: User, password: str) -> None:
    """Open `user`'s keys for this session. Call after sign-in. Raises `keys.WrongSecret`."""
    if user.key_pair is None:
        return
    unlocked = vault.unlock_with_password(user.key_pair, password)
    secret = keys.make_secret()
    locked = keys.lock_with_secret(unlocked.private, secret, _context(user))
    request.session[_IN_SESSION] = urlsafe_b64encode(locked).decode()
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(secret).decode(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def close_keys(response: HttpResponse) -> None:
    """Forget the browser's half. The server's half goes with the session."""
    response.delete_cookie(COOKIE, samesite="Strict")


def unlocked_institution(request: HttpRequest) -> vault.Unlocked | None:
    """The key of the signed-in person's institution, or None where this session's keys are not open."""
    user = request.user
    if not isinstance(user, User) or user.key_pair is None or user.institution is None:
        return None
    try:
        secret = urlsafe_b64decode(request.COOKIES[COOKIE])
        locked = urlsafe_b64decode(request.session[_IN_SESSION])
        private = keys.unlock_with_secret(locked, secret, _context(user))
    except (KeyError, NotBase64, keys.VaultError):
        return None
    return vault.unlock_granted(vault.Unlocked(user.key_pair.pk, private), user.institution.key_pair)


def _context(user: User) -> bytes:
    return b"amparo/session/1/" + str(user.pk).encode()
