"""What is kept of coding twice: samples, both codings of each case, what was decided where they differ. Codes only."""

from django.db import models

from amparo.cases.models import Incident, Victim
from amparo.institutions.models import Institution, User, this_hour

FIRST, SECOND, NEITHER = "first", "second", "neither"


class CodingRound(models.Model):
    """A sample of cases that colleagues code again. The same seed draws the same cases from the same list."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="coding_rounds")
    seed = models.PositiveIntegerField()
    fields = models.JSONField(help_text="Codes of the vocabulary coded-fields.")
    drawn_from = models.PositiveIntegerField(help_text="How many cases there were to draw from.")
    drawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    token = models.CharField(max_length=32, unique=True, help_text="Of the form: sent twice, it draws once.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"coding round {self.pk}"


class SampledCase(models.Model):
    """A case of a sample with its two codings: field → code, several codes joined. The first as it was when drawn."""

    round = models.ForeignKey(CodingRound, models.CASCADE, related_name="sampled")
    order = models.PositiveSmallIntegerField()
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="sampled")
    victim = models.ForeignKey(
        Victim, models.SET_NULL, null=True, related_name="sampled", help_text="Whom the codes of a person are about."
    )
    first = models.JSONField()
    second = models.JSONField(null=True, help_text="Null: not coded again yet.")
    coded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    coded_at = models.DateTimeField(null=True, help_text="To the hour.")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["round", "incident"], name="one_case_once_in_a_round")]

    def __str__(self) -> str:
        return f"sampled case {self.pk}"


class Resolution(models.Model):
    """Which of two codings holds for a field of a case; both are kept."""

    sampled = models.ForeignKey(SampledCase, models.CASCADE, related_name="resolutions")
    field = models.CharField(max_length=40, help_text="Code of the vocabulary coded-fields.")
    decision = models.CharField(max_length=10, help_text="first, second or neither.")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sampled", "field"], name="one_resolution_a_field")]

    def __str__(self) -> str:
        return f"resolution {self.pk}"
