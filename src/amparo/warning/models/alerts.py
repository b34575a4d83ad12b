"""Alerts: how grave, who is called about them and answered when, and how they ended."""

import uuid

from django.db import models

from amparo.cases.models import coded
from amparo.institutions.models import Institution, User
from amparo.vault.models import Section


class Alert(models.Model):
    """That defenders are in danger somewhere, as a person decided. Columns are codes and times; words lie sealed.

    The four times are those of 7-1-7: emergence, detection, notification, response.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="alerts", help_text="Whose alert it is.")
    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: one sent twice is one alert.")
    country = coded("countries")
    area = coded("areas")
    kind = coded("signal-kinds")
    level = coded("alert-levels", default="watch")
    state = coded("alert-states", default="open")
    is_drill = models.BooleanField(default=False)
    threatened = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        related_name="threats",
        help_text="The NHRI that is threatened: what is done for it needs its approval.",
    )
    emerged_on = models.DateField(null=True, help_text="When what endangers them began.")
    detected_on = models.DateField(help_text="The day of the first signal.")
    opened_at = models.DateTimeField(help_text="To the quarter of an hour; notification counts from here.")
    answered_at = models.DateTimeField(null=True, help_text="When the first response was done.")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    muted_until = models.DateField(null=True)
    muted_because = coded("mute-reasons", default="", blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    outcome = coded("alert-outcomes", default="", blank=True)
    harmed_on = models.DateField(null=True, help_text="When the harm came that the alert was about, where it did.")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change: two who edit are told.")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="alert", help_text="What is known.")
    ending = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="alert_ended", help_text="Outcome and lessons, in words."
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["institution", "state", "-opened_at", "-id"], name="alerts_by_state")]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class AlertReason(models.Model):
    """One of the reasons for an alert's level."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="reasons")
    reason = coded("alert-reasons")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["alert", "reason"], name="one_reason_once")]

    def __str__(self) -> str:
        return self.reason


class LevelChange(models.Model):
    """That somebody set an alert's level. Each level begins a round of calls of its own."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="level_changes")
    level = coded("alert-levels")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.level} of alert {self.alert_id}"


class Call(models.Model):
    """That an institution was told of an alert and has to answer by some time; whoever is silent is passed over.

    One in each round for each institution: nobody is told twice, whatever dies on the way.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="calls")
    round = models.ForeignKey(LevelChange, models.CASCADE, related_name="calls")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="calls")
    told_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    deputies_told_at = models.DateTimeField(null=True, help_text="Half way to the deadline, where nobody had answered.")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    passed_on_at = models.DateTimeField(null=True, help_text="When, for want of an answer, the next was told.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["answered_at", "passed_on_at", "answer_by"], name="calls_waiting")]
        constraints = [models.UniqueConstraint(fields=["round", "institution"], name="one_call_a_round")]

    def __str__(self) -> str:
        return f"call {self.pk}"
