"""The standard procedure of each level, as an institution set it for itself, and what of it was done for an alert."""

import uuid

from django.db import models

from amparo.cases.models import coded
from amparo.institutions.models import Institution, User
from amparo.warning.models.alerts import LevelChange


class ProcedureStep(models.Model):
    """A step of an institution's procedure: one that Amparo ships, by its code, or one in its own words.

    An institution that changed nothing of a level has no row for it. The words are house rules and name nobody, so
    they lie open. A step is hidden, never deleted: what was done by it stays readable.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="procedure_steps")
    level = coded("alert-levels")
    step = coded("alert-steps", default="", blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="House rules in the institution's own words.")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    position = models.PositiveSmallIntegerField()
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "level", "step"], condition=~models.Q(step=""), name="one_shipped_step_once"
            )
        ]

    def __str__(self) -> str:
        return f"step {self.pk} of a procedure"


class StepDone(models.Model):
    """That an institution did a step about an alert, in the round that a level began. Taken back, it is deleted."""

    round = models.ForeignKey(LevelChange, models.CASCADE, related_name="steps_done")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    key = models.CharField(max_length=50, help_text="Code of a shipped step, or own-NUMBER of an own one.")
    done_at = models.DateTimeField(help_text="To the quarter of an hour.")
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "institution", "key"], name="one_step_done_once_a_round")
        ]

    def __str__(self) -> str:
        return f"step {self.pk} done"
