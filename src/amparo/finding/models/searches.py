"""Searches that are kept, and how each person has her list."""

from django.db import models

from amparo.institutions.models import Institution, User, this_hour
from amparo.vault.models import Section


class SavedSearch(models.Model):
    """A search under a name, for one person or for her whole institution. Its conditions are codes."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="saved_searches")
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_searches")
    shared = models.BooleanField(default=False, help_text="Whether all of the institution see it.")
    asked = models.JSONField(help_text="The conditions: lists of codes by facet; words of labels; dates.")
    section = models.OneToOneField(Section, models.PROTECT, related_name="saved_search", help_text="Its name.")
    form = models.CharField(max_length=43, unique=True, help_text="Random: the form that made it, sent once.")
    saved_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["institution", "shared"])]

    def __str__(self) -> str:
        return f"saved search {self.pk}"


class ListColumns(models.Model):
    """The columns that a person wants in her list of cases."""

    user = models.OneToOneField(User, models.CASCADE, related_name="list_columns")
    columns = models.JSONField(help_text="Codes of columns, in order.")

    def __str__(self) -> str:
        return f"columns of {self.user_id}"
