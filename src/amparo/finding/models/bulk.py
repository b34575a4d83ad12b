"""Changes of many cases at once, with what each was before."""

from django.db import models

from amparo.cases.models import Incident
from amparo.institutions.models import Institution, User, this_hour


class BulkChange(models.Model):
    """One change of many cases, by whom; it can be undone for a while."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=40, help_text="Code of the action, such as close.")
    form = models.CharField(max_length=43, unique=True, help_text="Random: the form that asked for it, sent once.")
    made_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"bulk change {self.pk}"


class ChangedCase(models.Model):
    """One case of a bulk change: what it was before and after, and its version then."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="cases")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    stage_before = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    status_before = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    version = models.PositiveIntegerField(
        help_text="After the change: another now says that somebody changed it since."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["change", "incident"], name="one_case_once_in_a_bulk_change")]

    def __str__(self) -> str:
        return f"change {self.change_id} of incident {self.incident_id}"
