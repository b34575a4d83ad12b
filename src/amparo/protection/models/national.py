"""The register of national systems for the protection of defenders: public facts, and consultations on them."""

import uuid

from django.db import models

from amparo.cases.fields import EventDateField
from amparo.cases.models import coded
from amparo.institutions.models import Institution
from amparo.vault.models import Section


class SystemPart(models.Model):
    """A part of a country's system: a law, a body, a protocol, a budget, a focal point. What it is called is public."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="system_parts", help_text="Who keeps it.")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    country = coded("countries")
    kind = coded("national-system-parts")
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=8, blank=True, help_text="Of the title.")
    with_defenders = coded("yes-no", verbose_name="designed with defenders")
    state = coded("national-system-states")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["country", "kind", "title", "pk"]
        indexes = [models.Index(fields=["country", "kind"])]

    def __str__(self) -> str:
        return f"part {self.pk} of a national system"


class PartState(models.Model):
    """In which state a part was from some date on, and where that can be read: public facts."""

    part = models.ForeignKey(SystemPart, models.CASCADE, related_name="states")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    state = coded("national-system-states")
    since = EventDateField()
    since_earliest = models.DateField(null=True, editable=False, help_text="First day that `since` allows; for order.")
    evidence_title = models.CharField(max_length=300, blank=True)
    evidence_link = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = [models.F("since_earliest").asc(nulls_first=True), "pk"]

    def __str__(self) -> str:
        return self.state


class Consultation(models.Model):
    """That people were asked about a part. Who they are is sealed; what they said only where it was not made public."""

    part = models.ForeignKey(SystemPart, models.CASCADE, related_name="consultations")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    held = EventDateField()
    held_earliest = models.DateField(null=True, editable=False)
    took_part = models.PositiveIntegerField(null=True)
    women_took_part = models.PositiveIntegerField(null=True)
    is_public = models.BooleanField(default=False, help_text="What they said, and what changed, may be read by all.")
    said_in_public = models.TextField(blank=True)
    changed_in_public = models.TextField(blank=True)
    effect = coded("consultation-effects")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="consultation")

    class Meta:
        ordering = [models.F("held_earliest").desc(nulls_last=True), "-pk"]

    def __str__(self) -> str:
        return f"consultation {self.pk}"


class ConsultedGroup(models.Model):
    """A kind of group that was asked."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="groups")
    group = coded("consulted-groups")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["consultation", "group"], name="one_group_once")]

    def __str__(self) -> str:
        return self.group
