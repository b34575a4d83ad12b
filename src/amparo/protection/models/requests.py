"""Requests for protection, and what was found of the risk. Columns are codes, days and numbers; words lie sealed."""

import uuid

from django.db import models

from amparo.cases.models import Incident, coded
from amparo.channel.models import Report
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault.models import Section


class ProtectionRequest(models.Model):
    """That somebody needs protection: who asks for whom is sealed, what is counted is coded."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="protection_requests")
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, related_name="protection_requests", help_text="The case it comes from."
    )
    report = models.ForeignKey(Report, models.SET_NULL, null=True, related_name="protection_requests")
    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: one sent twice is one request.")
    is_emergency = models.BooleanField(default=False)
    received_on = models.DateField()
    assess_by = models.DateField(help_text="By the urgency: see risk.assess_by.")
    first_assessed_on = models.DateField(null=True)
    country = coded("countries")
    area = coded("areas")
    sex = coded("sex")
    gender = coded("gender")
    urgency = coded("report-urgency")
    received_by = coded("protection-channels")
    consent_asked = coded("yes-no")
    status = coded("protection-status", default="requested")
    level = coded("risk-levels")
    refusal = coded("protection-refusals", default="", blank=True)
    outcome = coded("protection-outcomes", default="", blank=True)
    attacked_again = coded("yes-no")
    attacked_in = models.ForeignKey(
        Incident, models.SET_NULL, null=True, related_name="attacks_on_protected", help_text="The case of that attack."
    )
    closed_on = models.DateField(null=True, help_text="Closed or refused on that day.")
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="protection_requests")
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change: two who edit are told.")
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="protection_request", help_text="Who asks for whom, and why."
    )
    ending = models.OneToOneField(
        Section,
        models.PROTECT,
        null=True,
        related_name="protection_ended",
        help_text="Lessons, or why it was refused, in words.",
    )

    class Meta:
        ordering = ["-received_on", "-pk"]
        indexes = [models.Index(fields=["institution", "status", "-received_on", "-id"], name="protection_by_status")]

    def __str__(self) -> str:
        return f"protection request {self.pk}"


class ProtectedProfile(models.Model):
    """A field in which the person defends rights; she may have several."""

    request = models.ForeignKey(ProtectionRequest, models.CASCADE, related_name="profiles")
    profile = coded("defender-profiles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "profile"], name="one_profile_once_in_a_request")]

    def __str__(self) -> str:
        return self.profile


def grade() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(null=True, help_text="1 to 5; null: not graded.")


class RiskAssessment(models.Model):
    """What was found of the risk on one day: never changed afterwards, the next one is compared with it.

    The words to every question and factor lie in one section, under the question's name or "side:code".
    """

    request = models.ForeignKey(ProtectionRequest, models.CASCADE, related_name="assessments")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    assessed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    assessed_on = models.DateField()
    next_review_on = models.DateField()
    gender_threats = coded("yes-no")
    care_duties = coded("yes-no")
    family_at_risk = coded("yes-no")
    pressure_at_home = coded("yes-no")
    economic_dependence = coded("yes-no")
    online_exposure = coded("yes-no")
    lgbtqi_risk = coded("yes-no")
    health_needs = coded("yes-no")
    grounds_apply = coded("yes-no")
    children = coded("yes-no")
    likelihood = grade()
    impact = grade()
    level = coded("risk-levels")
    likelihood_after = grade()
    impact_after = grade()
    level_after = coded("risk-levels")
    has_gender_analysis = models.BooleanField(
        default=False, help_text="Every gender-specific question has a yes or a no."
    )
    answered = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="risk_assessment")

    class Meta:
        ordering = ["assessed_on", "pk"]

    def __str__(self) -> str:
        return f"risk assessment {self.pk}"


class RiskFactor(models.Model):
    """A threat, a vulnerability or a capacity that was found; the words to it are with the assessment."""

    class Side(models.TextChoices):
        THREAT = "threat"
        VULNERABILITY = "vulnerability"
        CAPACITY = "capacity"

    assessment = models.ForeignKey(RiskAssessment, models.CASCADE, related_name="factors")
    side = models.CharField(max_length=20, choices=Side)
    kind = models.CharField(
        max_length=40, help_text="Code of the vocabulary risk-threats, risk-vulnerabilities or risk-capacities."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "side", "kind"], name="one_factor_once")]

    def __str__(self) -> str:
        return f"{self.side} {self.kind}"


class RiskGround(models.Model):
    """A ground on which the person is discriminated against besides."""

    assessment = models.ForeignKey(RiskAssessment, models.CASCADE, related_name="grounds")
    ground = coded("grounds")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "ground"], name="one_ground_once")]

    def __str__(self) -> str:
        return self.ground
