"""Rules that raise signals by themselves, and the nightly runs."""

from django.db import models

from amparo.cases.models import coded
from amparo.institutions.models import Institution, User


class Rule(models.Model):
    """A trigger: what has to come together, as data. On only once somebody has seen what it would have raised."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="warning_rules")
    kind = coded("warning-rules")
    parameters = models.JSONField(default=dict, help_text="Numbers and codes, as of triggers/kinds.py.")
    is_on = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True, help_text="When it was last played against what is documented.")
    tested_with = models.JSONField(default=dict, help_text="The parameters with which it was tested.")
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "kind"], name="one_rule_a_kind")]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Run(models.Model):
    """One night's run over one institution. A day has one: run again, it goes on where it was killed."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="warning_runs")
    day = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    done = models.JSONField(default=list, help_text="Codes of the steps that are finished.")
    found = models.PositiveIntegerField(default=0, help_text="Signals raised.")

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "day"], name="one_run_a_day")]

    def __str__(self) -> str:
        return f"run {self.pk}"
