"""Focal points: who is there for defenders at an institution, when, and by which channel she is told."""

import uuid

from django.db import models

from amparo.cases.models import coded
from amparo.institutions.models import Institution, User
from amparo.warning.models.alerts import Alert


class FocalPoint(models.Model):
    """A person who answers for an institution: its focal point, or a deputy. `user` is null where nobody signs in here.

    Her name and addresses lie sealed in her contacts; here is only what is needed to choose whom to tell.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="focal_points")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="focal_points")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    rank = models.PositiveSmallIntegerField(default=1, help_text="1: focal point; 2 and on: deputies, in order.")
    languages = models.JSONField(default=list, help_text="ISO 639-1 codes.")
    time_zone = models.CharField(max_length=60, default="UTC", help_text="IANA name.")
    week_days = models.JSONField(default=list, help_text="Of her hours: 0 is Monday. None: every day.")
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=24)
    in_post_since = models.DateField(null=True)
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["institution", "rank", "pk"]

    def __str__(self) -> str:
        return f"focal point {self.pk}"


class Contact(models.Model):
    """One channel by which a focal point is told that there is something to read; never what.

    `sealed` holds number or address under a key file outside the database: the server must read it to send.
    """

    focal_point = models.ForeignKey(FocalPoint, models.CASCADE, related_name="contacts")
    channel = coded("contact-channels")
    place = models.UUIDField(default=uuid.uuid4, editable=False, help_text="What the seal is bound to.")
    sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    last_problem = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["focal_point", "channel"], name="one_contact_a_channel")]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class DutyShift(models.Model):
    """That somebody is on call for her institution from one time to another: told first, whatever her rank."""

    focal_point = models.ForeignKey(FocalPoint, models.CASCADE, related_name="shifts")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"shift {self.pk}"


class Drill(models.Model):
    """A test alarm, at most one an institution and month: its alert is marked as a drill wherever it shows."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="drills")
    month = models.DateField(help_text="The first of the month.")
    alert = models.OneToOneField(Alert, models.CASCADE, related_name="drill")

    class Meta:
        ordering = ["-month", "pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "month"], name="one_drill_a_month")]

    def __str__(self) -> str:
        return f"drill {self.pk}"
