"""Which cases another institution of this installation was let have."""

from django.db import models

from amparo.cases.models.documentation import Incident
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault.models import Section


class Share(models.Model):
    """That an institution may read a case: its coded facts, and those of `sections` that its key opens.

    What opens is the vault's to say, by the consents that hold. Where none is left the share has ended.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="shares")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="cases_shared_with_it")
    purpose = models.CharField(max_length=40, help_text="Code of consent-purposes.")
    sections = models.ManyToManyField(Section, related_name="shares")
    shared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    withdrawn_at = models.DateTimeField(null=True, help_text="To the hour; null while it is shared.")

    class Meta:
        indexes = [models.Index(fields=["institution", "-at", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "institution", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_share_for_a_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"
