"""Releases: what has been published."""

from pathlib import Path

from django.conf import settings
from django.db import models


class Release(models.Model):
    """The row that vouches for a release's folder: whoever changes a byte there no longer fits the hash here."""

    identifier = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    threshold = models.PositiveSmallIntegerField(help_text="Counts from 1 to one less than this are not shown.")
    manifest_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.identifier

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.DATA_DIR) / "releases" / self.identifier
