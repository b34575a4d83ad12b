"""What is kept of evidence beyond its file: what it shows, who had it in hand, and when an authority saw its hash."""

from django.db import models

from amparo.cases.models import Act, Evidence, Victim, coded
from amparo.institutions.models import this_hour
from amparo.vault.models import Section


class Exhibit(models.Model):
    """What a piece of evidence is and what it bears out. What it shows, and whom it came from, is sealed."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="exhibit")
    kind = coded("evidence-kinds")
    act = models.ForeignKey(
        Act, models.SET_NULL, null=True, related_name="exhibits", help_text="Null: no act of its own."
    )
    victim = models.ForeignKey(
        Victim, models.SET_NULL, null=True, related_name="exhibits", help_text="Null: nobody of its own."
    )
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="exhibit")
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change: two who edit are told.")
    # One form makes its pieces once, however often it is sent.
    submission = models.BinaryField(max_length=32, null=True, editable=False)
    part = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "part"], name="one_exhibit_per_file_of_a_form")]

    def __str__(self) -> str:
        return f"exhibit {self.pk}"


class CustodyEntry(models.Model):
    """One step in the custody of a piece of evidence. Never changed: each entry's code covers the one before it.

    The hashes here are of the sealed bytes; those of the clear bytes are in the sealed details.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="custody")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    actor = models.PositiveBigIntegerField(null=True, help_text="Identifier of the person; null: the system.")
    action = coded("custody-actions")
    sealed_before = models.BinaryField(max_length=32, null=True)
    sealed_after = models.BinaryField(max_length=32, null=True)
    facts = models.JSONField(default=dict, help_text="Codes and numbers only.")
    details = models.BinaryField(max_length=32, null=True, help_text="SHA-256 of the sealed details with their salt.")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="custody_entry")
    submission = models.BinaryField(
        max_length=32,
        null=True,
        unique=True,
        editable=False,
        help_text="Of the form, where one wrote it: it counts once.",
    )
    previous = models.BinaryField(max_length=32)
    code = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="one_custody_entry_per_number")]

    def __str__(self) -> str:
        return f"custody {self.evidence_id}.{self.number}"


class TimeStamp(models.Model):
    """That a time-stamp authority (RFC 3161) was asked to sign when a piece of evidence was there.

    `section` holds the statement whose hash the authority sees; `answer` its answer. Sealed, for both tell minutes.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        HELD = "held"
        GIVEN_UP = "given-up"

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="time_stamps")
    section = models.OneToOneField(Section, models.PROTECT, related_name="time_stamp")
    request = models.BinaryField(help_text="As it goes to the authority: a salted hash, and a nonce.")
    answer = models.OneToOneField(Section, models.PROTECT, null=True, related_name="time_stamp_answer")
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=40, blank=True, help_text="Code: why the last try gave none.")
    tries = models.PositiveSmallIntegerField(default=0)
    signer_checked = models.BooleanField(default=False, help_text="Whether the signer was checked against the CA file.")
    asked_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    stamped_at = models.DateTimeField(null=True, help_text="What the authority says, cut to the hour.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"time stamp {self.pk}"
