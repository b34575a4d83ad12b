"""What a search by name found, for as long as somebody works with it."""

from django.db import models

from amparo.institutions.models import User, this_hour
from amparo.vault.models import Section


class NameSelection(models.Model):
    """The cases that a search by name found, sealed: that they share a name is told to nobody. Never the name."""

    key = models.CharField(max_length=43, unique=True, help_text="Random: how an address names it.")
    user = models.ForeignKey(User, models.CASCADE, related_name="name_selections")
    section = models.OneToOneField(Section, models.PROTECT, related_name="name_selection")
    made_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        indexes = [models.Index(fields=["user", "made_at"])]

    def __str__(self) -> str:
        return f"selection {self.pk}"
