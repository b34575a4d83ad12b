"""Feeds of newspapers and other media that an institution follows by their addresses."""

import uuid

from django.db import models
from django.db.models import Q

from amparo.institutions.models import Institution, User


class Feed(models.Model):
    """An RSS or Atom feed that is looked at again and again. Public words; what came of it is `MediaItem`s."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="feeds")
    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: one sent twice is one feed.")
    address = models.URLField(max_length=1000, help_text="As it is asked for: in ASCII, without a fragment.")
    publisher = models.CharField(max_length=200, blank=True, help_text="Empty until given, or read in the feed.")
    language = models.CharField(max_length=8, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(help_text="To the hour.")
    is_on = models.BooleanField(default=True)
    off_because = models.CharField(max_length=20, blank=True, help_text='"by-hand", "failures" or "gone".')
    looked_at = models.DateTimeField(null=True, help_text="To the hour.")
    look_next_at = models.DateTimeField(help_text="To the hour; not before.")
    outcome = models.CharField(max_length=40, blank=True, help_text="Code of what the last look gave; see outcomes.py.")
    new_items = models.PositiveIntegerField(default=0, help_text="At the last look.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row, of looks that nobody asked for.")
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    answered_from = models.URLField(
        max_length=1000, blank=True, help_text="Whose ETag and Last-Modified these are: nobody else is sent them."
    )

    class Meta:
        ordering = ["publisher", "pk"]
        indexes = [models.Index(fields=["look_next_at", "id"], condition=Q(is_on=True), name="feeds_to_look_at")]
        constraints = [models.UniqueConstraint(fields=["institution", "address"], name="one_feed_an_address")]

    def __str__(self) -> str:
        return f"feed {self.pk}"
