"""A person's sessions, and her keys open in each of them.

The private key is closed under a random secret that lies only in the browser's cookie; the closed bytes lie only in
the session on the server. Neither half opens anything alone: not a stolen disk, not a stolen cookie after sign-out.

Until the second factor was given nobody is signed in: the session only remembers whose password was right.
"""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from amparo.institutions.devices import device_family
from amparo.institutions.models import OpenSession, User, this_hour
from amparo.vault import keys
from amparo.vault import services as vault
from amparo.vault.log import record
from amparo.vault.models import KeyGrant

COOKIE = "amparo-key"
# A desk that nobody sits at. Shorter would take from people the long story that they are writing.
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 8 * 60 * 60
PENDING_SECONDS = 10 * 60
_USED_EVERY = 60
_IN_SESSION = "locked-key"
_PENDING = "pending"
_STARTED, _USED = "started", "used"


def begin_sign_in(request: HttpRequest, response: HttpResponse, user: User, password: str, then: str) -> None:
    """Remember, in a fresh session, that the password was right, with the keys closed in it. Opens no page yet.

    `then` is the address to go to once the person is signed in. Raises `keys.WrongSecret`.
    """
    request.session.flush()
    request.user = AnonymousUser()
    open_keys(request, response, user, password)
    request.session[_PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
        "then": then,
    }


def pending_user(request: HttpRequest) -> User | None:
    """Whose password was right a short while ago in this session, and whose second factor is still to come."""
    pending = request.session.get(_PENDING)
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    user = User.objects.select_related("institution", "key_pair").filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return None if user.institution is not None and user.institution.is_locked else user


def pending_address(request: HttpRequest) -> str:
    """Where the person wanted to go when she was asked to sign in; "" for nowhere."""
    return str(request.session.get(_PENDING, {}).get("then", ""))


def complete_sign_in(request: HttpRequest, user: User) -> None:
    """Sign `user` in, under a new session key."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.pop(_PENDING, None)
    request.session.save()
    OpenSession.objects.create(
        session=Session.objects.get(session_key=request.session.session_key),
        user=user,
        device=device_family(request.headers.get("User-Agent", "")),
    )
    record("signed-in", actor=user.pk, institution=code_of(user))


@receiver(user_logged_in)
def _stamp(request: HttpRequest, **_: object) -> None:
    request.session[_STARTED] = request.session[_USED] = int(time.time())


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in, unless the session lay idle, is too old, or the institution was locked: then it ends here."""
    user = get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    session, now = request.session, int(time.time())
    started, used = session.get(_STARTED, 0), session.get(_USED, 0)
    locked = user.institution is not None and user.institution.is_locked
    if locked or now - used > IDLE_SECONDS or now - started > LONGEST_SECONDS:
        session.flush()
        return AnonymousUser()
    if now - used >= _USED_EVERY:
        session[_USED] = now
        hour = this_hour()
        OpenSession.objects.filter(session_id=session.session_key, last_used_at__lt=hour).update(last_used_at=hour)
    return user


def end_sessions(users: Iterable[User], but: str | None = None) -> int:
    """End the sessions of `users`, save the one whose key is `but`. Gives how many."""
    found = Session.objects.filter(opened__user__in=list(users)).exclude(session_key=but)
    number = found.count()
    found.delete()
    return number


def open_keys(request: HttpRequest, response: HttpResponse, user: User, password: str) -> None:
    """Open `user`'s keys for this session. Raises `keys.WrongSecret`."""
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
    """The key of the signed-in person's institution; None where her keys are not open, or her role opens nothing."""
    user = request.user
    if not isinstance(user, User) or user.key_pair is None or user.institution is None:
        return None
    try:
        secret = urlsafe_b64decode(request.COOKIES[COOKIE])
        locked = urlsafe_b64decode(request.session[_IN_SESSION])
        private = keys.unlock_with_secret(locked, secret, _context(user))
        return vault.unlock_granted(vault.Unlocked(user.key_pair.pk, private), user.institution.key_pair)
    except (KeyError, NotBase64, keys.VaultError, KeyGrant.DoesNotExist):
        return None


def code_of(user: User) -> str:
    """The code of the person's institution, as the log has it; "" for who belongs to none."""
    return user.institution.code if user.institution else ""


def _context(user: User) -> bytes:
    return b"amparo/session/1/" + str(user.pk).encode()
