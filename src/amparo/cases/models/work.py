"""The work on cases: what was decided on them, and what is being typed."""

from django.db import models

from amparo.cases.models.documentation import Incident
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault.models import Section


class StatusDecision(models.Model):
    """That somebody decided on the stage of a case, or on the status of its information."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="decisions")
    stage_before = models.CharField(max_length=40)
    stage = models.CharField(max_length=40, help_text="Code of case-stages.")
    status_before = models.CharField(max_length=40)
    status = models.CharField(max_length=40, help_text="Code of information-status.")
    independent_sources = models.PositiveSmallIntegerField(help_text="How many there were when it was decided.")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="decision", help_text="The reasons."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class SealedDraft(models.Model):
    """What somebody is typing into a form and has not sent yet, sealed; one a person, form and record."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sealed_drafts")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="sealed_drafts")
    form = models.CharField(max_length=40, help_text="Code of the form.")
    record = models.CharField(max_length=80, help_text="Such as incident:12; new:TOKEN for a new one.")
    section = models.OneToOneField(Section, models.PROTECT, related_name="draft")
    saved_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form", "record"], name="one_draft_per_form_and_record")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
