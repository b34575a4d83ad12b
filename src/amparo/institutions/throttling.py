"""Slowing down who guesses passwords and codes, without keeping any address.

Attempts are counted by the name that was typed, and apart from it for each device that this person let remember her
("device cookies", OWASP: Slow Down Online Guessing Attacks). So whoever guesses from elsewhere closes the door for
himself, and she still comes in from her own device. What is stored is a keyed digest and a number: the typed name may
be anything, a password in the wrong field too.
"""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from amparo.institutions.models import Attempts
from amparo.institutions.problems import MustWait
from amparo.vault.key_files import load_or_make_key

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

PASSWORD = "password"  # noqa: S105  (what is guessed at, not one)
SECOND_FACTOR = "second-factor"


def bucket_of(kind: str, name: str, device: str = "") -> bytes:
    """What attempts of `kind` on `name` from `device` ("" for any that is not known) are counted under."""
    return _digest(kind, _fold(name), device)


def wait_after(number: int) -> timedelta:
    """How long nobody may try again after `number` attempts in a row: nothing at first, then twice as long each."""
    if number < FREE_ATTEMPTS:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(number - FREE_ATTEMPTS, 10)), LONGEST_WAIT)


@transaction.atomic
def take_attempt(bucket: bytes) -> int:
    """Count one attempt before it is made, so that many at once are many. Gives which in a row it is, from 1.

    Raises `MustWait`, and counts nothing, while it must wait.
    """
    now = timezone.now()
    Attempts.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    Attempts.objects.get_or_create(bucket=bucket, defaults={"last_at": now})
    found = Attempts.objects.select_for_update().get(bucket=bucket)
    wait = found.last_at + wait_after(found.number) - now
    if wait > timedelta():
        raise MustWait(wait)
    Attempts.objects.filter(pk=found.pk).update(number=F("number") + 1, last_at=now)
    return found.number + 1


def forgive(bucket: bytes) -> None:
    """The attempt was right: count from nothing again."""
    Attempts.objects.filter(bucket=bucket).delete()


def make_device_cookie(name: str) -> str:
    """What a device keeps so that it is known again as one on which `name` has signed in. It opens nothing."""
    device = secrets.token_hex(16)
    return f"{device}.{_digest('device', _fold(name), device).hex()}"


def device_of(cookie: str, name: str) -> str:
    """The device that `cookie` marks as known to `name`; "" where it is another's, or none."""
    device, _, code = cookie.partition(".")
    expected = _digest("device", _fold(name), device).hex()
    return device if hmac.compare_digest(expected.encode(), code.encode()) else ""


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _digest(*parts: str) -> bytes:
    key = load_or_make_key(settings.KEY_DIR, "throttling.key")
    return hmac.digest(key, "\0".join(parts).encode(errors="surrogatepass"), hashlib.sha256)
