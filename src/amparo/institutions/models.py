"""Institutions, the people who work in them, how they are invited, and where they are signed in."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from amparo.vault.models import KeyPair

INVITATION_DAYS = 7


def this_hour() -> datetime:
    """Now, cut to the hour: a minute could be matched with who was seen at her desk."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _in_a_week() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class Institution(models.Model):
    """An NHRI, a network or GANHRI: who receives, documents and may open what is sealed to its key pair."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, help_text="Code of the vocabulary institution-kinds.")
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3; blank for a network.")
    names = models.JSONField(help_text="The public name by language: {'en': …, 'fr': …, 'es': …, 'ar': …}.")
    invented = models.BooleanField(
        default=False,
        help_text="Demonstration data: labelled so wherever it shows, and open without a second factor.",
    )
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, related_name="institution")
    locked_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody works here: see locking.py.")
    locked_until = models.DateTimeField(null=True, blank=True, help_text="Null: until somebody unlocks.")

    def __str__(self) -> str:
        return self.code

    @property
    def is_locked(self) -> bool:
        """Whether somebody locked this institution, and neither an administrator nor time has unlocked it."""
        return self.locked_at is not None and (self.locked_until is None or timezone.now() < self.locked_until)


class User(AbstractUser):
    """A person who signs in. Her key pair opens what her institution's does, where her role lets her."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    # To the second, it would tell whoever takes the database when each person was at her desk.
    last_login = None
    email = models.EmailField(blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="members")
    role = models.CharField(max_length=20, blank=True, help_text="Code of the vocabulary roles.")
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, null=True, blank=True, related_name="user")

    def __str__(self) -> str:
        return self.username


class SecondFactor(models.Model):
    """What a person shows besides her password. Stolen with the database alone, it opens nothing."""

    PASSKEY, APP, RECOVERY_CODE = "passkey", "app", "recovery-code"

    user = models.ForeignKey(User, models.CASCADE, related_name="second_factors")
    kind = models.CharField(max_length=20, help_text="passkey, app or recovery-code.")
    content = models.BinaryField(
        help_text="Of a passkey its public credential; of an app its secret, closed; of a code its keyed digest."
    )
    counter = models.BigIntegerField(default=-1, help_text="Signatures of the passkey so far; last step of the app.")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(kind="app"), name="one_authenticator_app_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OpenSession(models.Model):
    """A session in which a person is signed in. No address, and of the browser only its family."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="opened")
    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    device = models.CharField(max_length=40, help_text="Such as “Firefox, Linux”.")
    started_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    last_used_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    def __str__(self) -> str:
        return f"session {self.pk}"


class Invitation(models.Model):
    """A way in for one person, opened by a code that is kept nowhere; gone once it is used.

    `key_pair` is closed under that code and holds a grant of the institution's key: without the code nobody opens it.
    Without a code it is a wish: an administrator, who opens nothing, asks for somebody who will.
    """

    institution = models.ForeignKey(
        Institution,
        models.CASCADE,
        null=True,
        related_name="invitations",
        help_text="Null: to administer the installation.",
    )
    role = models.CharField(max_length=20, help_text="Code of the vocabulary roles.")
    look_up = models.BinaryField(
        max_length=32, unique=True, null=True, help_text="SHA-256 of the code: finds, opens nothing. Null: asked for."
    )
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, null=True, related_name="invitation")
    replaces = models.OneToOneField(
        User,
        models.CASCADE,
        null=True,
        related_name="way_back",
        help_text="The member who forgot her password; null for somebody new.",
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_in_a_week)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Attempts(models.Model):
    """How often a secret was guessed at in a row. `bucket` is a keyed digest: no name can be read from it."""

    bucket = models.BinaryField(max_length=32, unique=True)
    number = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"attempts {self.pk}"
