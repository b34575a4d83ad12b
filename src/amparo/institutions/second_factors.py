"""What a person shows besides her password: set up, checked, taken away.

What is in the database opens nothing by itself: secrets of apps are closed, and recovery codes digested, under a key
in the key folder; of a passkey there is only the public half.
"""

import base64
import hmac
import os
import time
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amparo.institutions.access import must_have_second_factor
from amparo.institutions.codes import FACTOR_LETTERS, make_code, read_code
from amparo.institutions.models import SecondFactor, User
from amparo.institutions.passkeys import State, read_made, read_shown
from amparo.institutions.problems import AccountProblem, NotAllowed, WrongCode
from amparo.institutions.sessions import code_of
from amparo.institutions.throttling import SECOND_FACTOR, bucket_of, forgive, take_attempt
from amparo.institutions.totp import DIGITS, matching_step, plain_digits
from amparo.vault.key_files import load_or_make_key
from amparo.vault.log import record

RECOVERY_CODES = 8
MOST_PASSKEYS = 10
_SECRET_BYTES = 20
_NONCE_BYTES = 12


def passkeys_of(user: User) -> list[SecondFactor]:
    return list(user.second_factors.filter(kind=SecondFactor.PASSKEY).order_by("pk"))


def has_second_factor(user: User) -> bool:
    """Whether `user` has one that lasts: recovery codes alone run out."""
    return user.second_factors.filter(kind__in=[SecondFactor.PASSKEY, SecondFactor.APP]).exists()


def make_app_secret() -> str:
    """A fresh secret for an authenticator app, in base32 (RFC 6238 wants twenty bytes)."""
    return base64.b32encode(os.urandom(_SECRET_BYTES)).decode()


def app_address(user: User, secret: str, host: str) -> str:
    """The otpauth:// address that an app reads from a QR code."""
    label = quote(f"Amparo:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': f'Amparo {host}'}, quote_via=quote)}"


def close_secret(user: User, secret: str) -> bytes:
    """`secret` closed for `user` under the key in the key folder."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(_key()).encrypt(nonce, secret.encode(), _context(user))


def open_secret(user: User, closed: bytes) -> str | None:
    """What `close_secret` closed; None where the key folder is another, or the bytes were changed."""
    try:
        opened = ChaCha20Poly1305(_key()).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], _context(user))
    except (InvalidTag, ValueError):
        return None
    return opened.decode()


@transaction.atomic
def add_app(user: User, secret: str, typed: str) -> None:
    """Take `secret`, in the place of an earlier one, once a code shows that an app has it. Raises `WrongCode`."""
    step = matching_step(secret, plain_digits(typed), time.time())
    if step is None:
        raise WrongCode
    SecondFactor.objects.update_or_create(
        user=user, kind=SecondFactor.APP, defaults={"content": close_secret(user, secret), "counter": step}
    )
    record("second-factor-added", actor=user.pk, institution=code_of(user), facts={"kind": SecondFactor.APP})


@transaction.atomic
def add_passkey(user: User, host: str, state: State, answer: str) -> None:
    """Keep the passkey that the browser made. Raises `WrongCode`."""
    content, counter = read_made(host, state, answer)
    if user.second_factors.filter(kind=SecondFactor.PASSKEY).count() >= MOST_PASSKEYS:
        raise AccountProblem(_("You have many passkeys already. Remove one first."))
    SecondFactor.objects.create(user=user, kind=SecondFactor.PASSKEY, content=content, counter=counter)
    record("second-factor-added", actor=user.pk, institution=code_of(user), facts={"kind": SecondFactor.PASSKEY})


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """New one-time codes in the place of earlier ones, for the day on which passkey and telephone are gone."""
    user.second_factors.filter(kind=SecondFactor.RECOVERY_CODE).delete()
    made = [make_code(FACTOR_LETTERS) for _number in range(RECOVERY_CODES)]
    SecondFactor.objects.bulk_create(
        SecondFactor(user=user, kind=SecondFactor.RECOVERY_CODE, content=_digest(user, code)) for code in made
    )
    record("second-factor-added", actor=user.pk, institution=code_of(user), facts={"kind": SecondFactor.RECOVERY_CODE})
    return made


@transaction.atomic
def take_away(user: User, factor: int) -> None:
    """Remove one of the person's own. Raises `NotAllowed` for the last of who must have one."""
    others = user.second_factors.exclude(pk=factor).exclude(kind=SecondFactor.RECOVERY_CODE)
    if must_have_second_factor(user) and not others.exists():
        raise NotAllowed(_("Your role needs a second factor. Add another one before you remove this."))
    if user.second_factors.filter(pk=factor).delete()[0]:
        record("second-factor-removed", actor=user.pk, institution=code_of(user), record=f"person:{user.pk}")


def check_code(user: User, typed: str) -> None:
    """Whether `typed` is the code that the app shows now, or an unused recovery code; it is used up by this.

    Raises `MustWait` and `WrongCode`.
    """
    with _counted(user):
        digits = plain_digits(typed)
        right = _use_step(user, digits) if len(digits) == DIGITS and digits.isdecimal() else _use_code(user, typed)
        if not right:
            raise WrongCode


def check_passkey(user: User, host: str, state: State, answer: str) -> None:
    """Whether the browser showed one of the person's passkeys. Raises `MustWait` and `WrongCode`."""
    with _counted(user):
        factor, counter = read_shown(host, state, passkeys_of(user), answer)
        # A count that does not grow is that of a copy (WebAuthn, section 6.1.1). Synchronised passkeys have none.
        known = SecondFactor.objects.filter(pk=factor.pk)
        if (counter or factor.counter > 0) and not known.filter(counter__lt=counter).update(counter=counter):
            raise WrongCode


class _counted:  # noqa: N801  (read as: with counted attempts)
    """Counts an attempt before it is made, and forgives it when it was right; a wrong one goes to the log."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.bucket = bucket_of(SECOND_FACTOR, str(user.pk))

    def __enter__(self) -> None:
        take_attempt(self.bucket)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            forgive(self.bucket)
        elif issubclass(kind, WrongCode):
            # The password was right: this is somebody who has it.
            facts = {"reason": "second-factor"}
            record("sign-in-refused", actor=self.user.pk, institution=code_of(self.user), facts=facts)


def _use_step(user: User, digits: str) -> bool:
    factor = user.second_factors.filter(kind=SecondFactor.APP).first()
    secret = open_secret(user, bytes(factor.content)) if factor else None
    if factor is None or secret is None:
        return False
    step = matching_step(secret, digits, time.time(), after=factor.counter)
    # In one statement: of two who send the same code at once, one comes in.
    known = SecondFactor.objects.filter(pk=factor.pk)
    return step is not None and known.filter(counter__lt=step).update(counter=step) == 1


def _use_code(user: User, typed: str) -> bool:
    digest = _digest(user, read_code(typed))
    return user.second_factors.filter(kind=SecondFactor.RECOVERY_CODE, content=digest).delete()[0] == 1


def _digest(user: User, code: str) -> bytes:
    return hmac.digest(_key(), b"amparo/recovery-code/1/" + f"{user.pk}/{code}".encode(), "sha256")


def _context(user: User) -> bytes:
    return b"amparo/app-secret/1/" + str(user.pk).encode()


def _key() -> bytes:
    return load_or_make_key(settings.KEY_DIR, "second-factors.key")
