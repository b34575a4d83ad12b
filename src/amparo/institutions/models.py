"""Institutions and the people who work in them."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from amparo.vault.models import KeyPair


class Institution(models.Model):
    """An NHRI, a network or GANHRI: who receives, documents and may open what is sealed to its key pair."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, help_text="Code of the vocabulary institution-kinds.")
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3; blank for a network.")
    names = models.JSONField(help_text="The public name by language: {'en': …, 'fr': …, 'es': …, 'ar': …}.")
    invented = models.BooleanField(default=False, help_text="Demonstration data: labelled so wherever it shows.")
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, related_name="institution")

    def __str__(self) -> str:
        return self.code


class User(AbstractUser):
    """A person who signs in. Her key pair opens what her institution's does."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="members")
    role = models.CharField(max_length=20, blank=True, help_text="Code of the vocabulary roles.")
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, null=True, blank=True, related_name="user")

    def __str__(self) -> str:
        return self.username
