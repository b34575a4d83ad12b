"""What is kept of linkage: candidates, and merges with what they changed. Codes and numbers only; names stay sealed."""

from django.db import models

from amparo.cases.models import Incident, Person, Victim
from amparo.institutions.models import Institution, User, this_hour

BANDS = ("surely", "probably", "perhaps")
OPEN, LATER, SAME_EVENT, OTHER_EVENT, NOT_SAME = "open", "later", "same-event", "another-event", "not-the-same"


class Candidate(models.Model):
    """Two victims who may be one person. Asked once: what was refused is not asked again."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="candidates")
    one = models.ForeignKey(Victim, models.CASCADE, related_name="+", help_text="The lower number of the two.")
    other = models.ForeignKey(Victim, models.CASCADE, related_name="+")
    band = models.CharField(max_length=10)
    band_order = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(help_text="Probability in thousandths.")
    reasons = models.JSONField(help_text="Reason codes.")
    decision = models.CharField(max_length=16, default=OPEN)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="To the hour.")
    found_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        indexes = [models.Index(fields=["institution", "decision", "band_order", "-score", "id"])]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_candidate_a_pair")]

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class Merge(models.Model):
    """That two victims were found to be one person; and their incidents one event, where `same_event`."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="merges")
    kept = models.ForeignKey(Incident, models.CASCADE, related_name="merges_kept")
    copy = models.ForeignKey(Incident, models.CASCADE, related_name="merges_copied")
    victim_kept = models.ForeignKey(Victim, models.CASCADE, related_name="+")
    victim_copy = models.ForeignKey(Victim, models.CASCADE, related_name="+")
    same_event = models.BooleanField()
    how = models.CharField(max_length=12, help_text="confirmed: one by one; surely: all sure ones at once.")
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10)
    reasons = models.JSONField()
    before = models.JSONField(help_text="Victims' persons before, by number of the victim.")
    after = models.JSONField(help_text="And after.")
    batch = models.UUIDField(null=True, db_index=True, help_text="Those that were accepted together.")
    merged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, help_text="To the hour. Null while it is in force.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class PersonBefore(models.Model):
    """Whose a victim was before any merge in force gave her another person: what undoing goes back to."""

    victim = models.OneToOneField(Victim, models.CASCADE, related_name="person_before")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return f"before victim {self.victim_id}"
