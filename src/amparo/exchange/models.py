"""What was imported, and when."""

from django.db import models

from amparo.cases.models import Dataset
from amparo.institutions.models import Institution


class ImportRun(models.Model):
    """One import that wrote something. The file's name is not kept: a name of a file can name a person."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="imports")
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="imports")
    file_sha256 = models.CharField(max_length=64)
    mapping_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    recorded = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"import {self.pk}"
