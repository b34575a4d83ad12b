"""Releases: what has been published, and what was found to be wrong with it since."""

from pathlib import Path
from typing import Any

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


class SpentOnce(Exception):
    """A row of the ledger was to be changed or taken away."""


class PrivateRelease(models.Model):
    """Counts that were published with noise. The rows of a dataset are the ledger of its budget: they only grow."""

    identifier = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    dataset = models.ForeignKey("cases.Dataset", models.PROTECT, related_name="private_releases")
    epsilon = models.DecimalField(max_digits=6, decimal_places=3, help_text="What it cost.")
    budget = models.DecimalField(
        max_digits=6, decimal_places=3, help_text="All that may be spent on the dataset: the same in all its rows."
    )
    most_of_one_person = models.PositiveSmallIntegerField(help_text="So many acts of one person were counted at most.")
    manifest_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.identifier

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a new row. Raises SpentOnce for one that is there already."""
        if not self._state.adding:
            raise SpentOnce
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises SpentOnce."""
        raise SpentOnce

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.DATA_DIR) / "private-releases" / self.identifier
