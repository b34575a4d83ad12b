"""Files at rest: sealed bytes on the disk, and what is known of them sealed in a section."""

import uuid

from django.db import models
from django.utils import timezone

from amparo.vault.models import Section


class SealedFile(models.Model):
    """A file whose bytes lie sealed under the data key of `section`, in the format of `vault/files.py`.

    `section` (kind "file") holds its name, kind, true length and the SHA-256 of its plaintext; where it lies on the
    disk follows from `id` and `generation`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    section = models.OneToOneField(Section, models.PROTECT, related_name="file")
    sealed_sha256 = models.BinaryField(max_length=32, help_text="Of the sealed bytes, as they arrived.")
    sealed_length = models.PositiveBigIntegerField()
    generation = models.PositiveIntegerField(default=0, help_text="How often its bytes were sealed anew.")
    original = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        related_name="cleaned",
        help_text="The file that this is the copy of without metadata; null for what arrived.",
    )
    not_cleaned = models.CharField(
        max_length=40, blank=True, help_text="Code: why there is no copy of it without metadata. Empty: not tried."
    )
    arrived_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"file {self.pk}"
