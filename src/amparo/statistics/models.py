"""Releases: what has been published, and what was found to be wrong with it since."""

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


class Erratum(models.Model):
    """What was found to be wrong with a release, which itself stays as it was published."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="errata")
    texts = models.JSONField(help_text="What is wrong, by language.")
    corrected_by = models.ForeignKey(
        Release, models.PROTECT, null=True, related_name="corrects", help_text="The release that has it right, if any."
    )
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"erratum {self.pk} of {self.release_id}"
