"""Plans of protection: their measures, and how they were looked at again."""

import uuid

from django.db import models

from amparo.cases.models import coded
from amparo.cases.money import DECIMAL_PLACES, MOST_DIGITS, Money
from amparo.institutions.models import User
from amparo.protection.models.requests import ProtectionRequest
from amparo.vault.models import Section


class ProtectionPlan(models.Model):
    """What is done for one request, and when it is looked at again."""

    request = models.OneToOneField(ProtectionRequest, models.CASCADE, related_name="plan")
    opened_on = models.DateField()
    review_on = models.DateField()
    told_on = models.DateField(null=True, help_text="When its owner was last told that a review is due.")

    def __str__(self) -> str:
        return f"protection plan {self.pk}"


class Measure(models.Model):
    """One thing that is done to protect a person, her family or those around her."""

    plan = models.ForeignKey(ProtectionPlan, models.CASCADE, related_name="measures")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = coded("protection-measures")
    for_whom = coded("protection-beneficiaries", default="person")
    agreed = coded("yes-no")
    status = coded("measure-status", default="pending")
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="measures")
    due_on = models.DateField()
    ended_on = models.DateField(null=True, help_text="The day on which it was done, given up or removed.")
    cost = models.DecimalField(max_digits=MOST_DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    told_on = models.DateField(null=True, help_text="When its owner was last told that it is due.")
    version = models.PositiveIntegerField(default=1)
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="protection_measure", help_text="What is done, and obstacles."
    )

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["status", "due_on"])]

    def __str__(self) -> str:
        return f"measure {self.pk}"

    @property
    def money(self) -> Money | None:
        """What it costs; None where nothing is known of that."""
        return None if self.cost is None else Money(self.cost, self.currency)


class PlanReview(models.Model):
    """That a plan was looked at again, and what was decided."""

    plan = models.ForeignKey(ProtectionPlan, models.CASCADE, related_name="reviews")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decision = coded("protection-reviews")
    next_review_on = models.DateField()
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="plan_review")

    class Meta:
        ordering = ["reviewed_on", "pk"]

    def __str__(self) -> str:
        return f"plan review {self.pk}"
