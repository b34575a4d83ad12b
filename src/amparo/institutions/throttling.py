"""Slowing down who guesses passwords and codes, without keeping any address.

Attempts are counted by the name that was typed, and apart from it for each device on which that person has signed in
before ("device cookies", OWASP: Slow Down Online Guessing Attacks). So whoever guesses from elsewhere closes the door
for himself, and she still comes in from her own device. What is stored is a keyed digest and a number: the typed name
may be anything, a password in the wrong field too.
"""

import hashlib
import hmac
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from amparo.institutions.models import Attempts
from amparo.vault.key_files import load_or_make_key

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

PASSWORD = "password"  # noqa: S105  (what is guessed at, not one)
SECOND_FACTOR = "second-factor"


def bucket_of(kind: str, name: str, device: str = "") -> bytes:
    """What attempts of `kind` on `name` from `device` ("" for any that is not known) are counted under."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    key = load_or_make_key(settings.KEY_DIR, "throttling.key")
    return hmac.digest(key, "\0".join((kind, folded, device)).encode(), hashlib.sha256)


def wait_after(number: int) -> timedelta:
    """How long nobody may try again after `number` attempts in a row: nothing at first, then twice as long each."""
    if number < FREE_ATTEMPTS:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(number - FREE_ATTEMPTS, 10)), LONGEST_WAIT)


@transaction.atomic
def take_attempt(bucket: bytes) -> bool:
    """Count one attempt before it is made, so that many at once are many. False, uncounted, while it must wait."""
    now = timezone.now()
    Attempts.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    Attempts.objects.get_or_create(bucket=bucket, defaults={"last_at": now})
    found = Attempts.objects.select_for_update().get(bucket=bucket)
    if now < found.last_at + wait_after(found.number):
        return False
    Attempts.objects.filter(pk=found.pk).update(number=F("number") + 1, last_at=now)
    return True


def forgive(bucket: bytes) -> None:
    """The attempt was right: count from nothing again."""
    Attempts.objects.filter(bucket=bucket).delete()
