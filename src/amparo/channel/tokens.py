"""Tokens of forms: made here, good for a day, and good once. None of them says whose it is."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from amparo.channel.models import SpentToken, expiry

GOOD_FOR = timedelta(hours=24)
_SIGNER = signing.TimestampSigner(salt="amparo.channel.token")
_LONGEST = 200


class BadToken(Exception):
    """The token was not made here, or its day is over."""


def make_token() -> str:
    """A fresh token for one form."""
    return _SIGNER.sign(secrets.token_urlsafe(24))


def read_token(token: str, *, at_any_age: bool = False) -> bytes:
    """The digest (32 bytes) by which `token` is kept. Raises `BadToken`; not for its age where that is `at_any_age`."""
    try:
        return sha256(_SIGNER.unsign(token[:_LONGEST], None if at_any_age else GOOD_FOR).encode()).digest()
    except signing.BadSignature:
        raise BadToken from None


def spend_token(token: str) -> bool:
    """Use `token` up; False where it was used before. Raises `BadToken`."""
    digest = read_token(token)
    try:
        with transaction.atomic():
            SpentToken.objects.create(digest=digest, expires_at=expiry(GOOD_FOR))
    except IntegrityError:
        return False
    return True


def drop_old_tokens() -> int:
    """Forget the tokens that could not be used again anyway. How many."""
    return SpentToken.objects.filter(expires_at__lte=timezone.now()).delete()[0]
