"""Signals: what may mean that defenders are in danger, before anybody has looked at it."""

import uuid

from django.db import models

from amparo.cases.fields import EventDateField
from amparo.cases.models import Incident, coded
from amparo.institutions.models import Institution, User
from amparo.vault.models import Section
from amparo.warning.models.alerts import Alert


class Signal(models.Model):
    """Something noticed by a person, in the media, in the data or by a rule. What it says in words lies sealed."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="signals")
    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: one sent twice is one signal.")
    origin = coded("signal-origins")
    kind = coded("signal-kinds")
    state = coded("signal-states", default="new")
    country = coded("countries")
    area = coded("areas")
    happened = EventDateField(null=True)
    raised_at = models.DateTimeField(help_text="To the quarter of an hour.")
    raised_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="signals")
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, related_name="signals")
    source = models.CharField(
        max_length=200, blank=True, help_text="What found it, for which time: one run twice finds it once."
    )
    facts = models.JSONField(default=dict, help_text="Of a detector or a rule: codes and numbers, no words.")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="signal")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["institution", "state", "-raised_at", "-id"], name="signals_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "source"], condition=~models.Q(source=""), name="one_signal_a_find"
            )
        ]

    def __str__(self) -> str:
        return f"signal {self.pk}"


class MediaItem(models.Model):
    """A published report that was brought in from a feed or a table, to be read and coded by hand. Public words."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="media_items")
    key = models.CharField(max_length=64, help_text="SHA-256 of its address: the same item twice is one.")
    title = models.CharField(max_length=500)
    link = models.URLField(max_length=1000)
    publisher = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    published_on = models.DateField(null=True)
    brought_in_at = models.DateTimeField()
    is_put_aside = models.BooleanField(default=False)
    signal = models.OneToOneField(Signal, models.SET_NULL, null=True, related_name="media_item")

    class Meta:
        ordering = ["-published_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "key"], name="one_media_item_once")]

    def __str__(self) -> str:
        return f"media item {self.pk}"
