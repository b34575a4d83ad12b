"""The response to an alert: tasks across institutions, what was asked of authorities, and what was learnt."""

import uuid

from django.db import models

from amparo.cases.models import coded
from amparo.institutions.models import Institution, User
from amparo.vault.models import Section
from amparo.warning.models.alerts import Alert


class SharedWith(models.Model):
    """That an institution may read an alert and work on it, and since when. What is sealed needs a consent besides."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="shared_with")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="alerts_shared")
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["alert", "institution"], name="an_alert_shared_once")]

    def __str__(self) -> str:
        return f"share {self.pk} of an alert"


class ResponseTask(models.Model):
    """One thing that an institution does about an alert. What it is in words lies sealed.

    What is done for a threatened NHRI waits for its approval (`needs_approval`, `approved_at`).
    """

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="tasks")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="response_tasks", help_text="Who does it."
    )
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="response_tasks")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = coded("response-tasks")
    coordination = coded("measure-coordination", default="intended")
    status = coded("measure-status", default="pending")
    priority = coded("task-priorities", default="normal")
    due_on = models.DateField()
    ended_on = models.DateField(null=True)
    told_on = models.DateField(null=True, help_text="When its owner was last told that it is due.")
    needs_approval = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="response_task", help_text="What is to be done, and the reply."
    )
    asked = models.OneToOneField(
        Section,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The same words, sealed to the threatened NHRI: it approves what it has read.",
    )

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["institution", "status", "due_on"], name="response_tasks_due")]

    def __str__(self) -> str:
        return f"response task {self.pk}"


class Advice(models.Model):
    """A recommendation to an authority that an alert carries, its answer, and what came of it."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="advice")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    authority = coded("advised-authorities")
    theme = coded("advice-themes")
    given_on = models.DateField()
    answer_by = models.DateField(null=True)
    answer = coded("authority-answers", default="none-yet")
    answered_on = models.DateField(null=True)
    result = coded("advice-results")
    version = models.PositiveIntegerField(default=1)
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="advice")

    class Meta:
        ordering = ["given_on", "pk"]

    def __str__(self) -> str:
        return f"advice {self.pk}"


class Review(models.Model):
    """The after-action review of an alert: intervals, what hindered, what helped, what changes."""

    alert = models.OneToOneField(Alert, models.CASCADE, related_name="review")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    held_on = models.DateField()
    held_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="alert_review")

    def __str__(self) -> str:
        return f"review {self.pk} of an alert"


class Bottleneck(models.Model):
    """What hindered or helped in one of the three intervals; at most three of each."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="bottlenecks")
    interval = coded("response-intervals")
    kind = coded("response-bottlenecks")
    helped = models.BooleanField(default=False, help_text="True: it was there, and helped. False: it was missing.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "interval", "kind", "helped"], name="one_bottleneck_once")
        ]

    def __str__(self) -> str:
        return self.kind
