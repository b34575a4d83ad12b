"""The safe channel at rest: who receives, what was reported, the reporter's mailbox, and what holds floods back.

Columns are codes, hours and days. What a report says, who made it and what its files are lies sealed.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from amparo.cases.models import Incident
from amparo.files.models import SealedFile
from amparo.institutions.models import Institution, this_hour
from amparo.vault.models import KeyPair, Section


def expiry(after: timedelta, step: timedelta = timedelta(hours=1)) -> datetime:
    """When something ends that lives for `after` at least: the next whole `step`, so that it doesn't tell its start."""
    begun, whole = timezone.now() + after, int(step.total_seconds())
    return begun + timedelta(seconds=whole - begun.timestamp() % whole)


class Channel(models.Model):
    """How an institution receives reports."""

    institution = models.OneToOneField(Institution, models.CASCADE, related_name="channel")
    is_open = models.BooleanField(default=True)
    most_files = models.PositiveSmallIntegerField(default=20, help_text="Files with one report or message.")
    most_file_bytes = models.PositiveBigIntegerField(default=100 * 1024 * 1024, help_text="Of one file.")
    file_kinds = models.JSONField(default=list, help_text="Codes of files/kinds.py; empty: all that are known to it.")
    answer_days = models.PositiveSmallIntegerField(default=7, help_text="Within how many days a report is answered.")
    kept_days = models.PositiveSmallIntegerField(
        default=365, help_text="How long a report is kept after it was closed; then it is destroyed."
    )

    def __str__(self) -> str:
        return f"channel of {self.institution_id}"


class Report(models.Model):
    """What somebody reported to an institution. All that it says is in `section` (kind "report")."""

    class SealedBy(models.TextChoices):
        BROWSER = "browser"
        SERVER = "server"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="reports")
    submission = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the form's token: sent once.")
    # Shared by a report and by what it became at the institutions that it was referred to.
    section = models.ForeignKey(Section, models.PROTECT, related_name="reports")
    sealed_by = models.CharField(max_length=8, choices=SealedBy, default=SealedBy.SERVER)
    about = models.CharField(max_length=20, help_text="defender or nhri.")
    language = models.CharField(max_length=2)
    urgency = models.CharField(max_length=40, default="unknown", help_text="Code of report-urgency.")
    naming = models.CharField(max_length=40, default="confidential", help_text="Code of reporter-naming.")
    status = models.CharField(max_length=40, default="new", help_text="Code of report-status.")
    outcome = models.CharField(max_length=40, blank=True, help_text="Code of report-outcomes.")
    received_at = models.DateTimeField(help_text="To the hour.")
    opened_at = models.DateTimeField(null=True, help_text="When somebody at the institution first read it.")
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    destroy_on = models.DateField(null=True, help_text="Its day of destruction; null while it is open.")
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="reports")
    referred_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="referrals")
    new_keys_due = models.BooleanField(
        default=False, help_text="A referral was withdrawn: who opens it next gives its sections new data keys."
    )

    class Meta:
        indexes = [models.Index(fields=["institution", "status", "-received_at"])]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Mailbox(models.Model):
    """How a reporter comes back: found by one half of what her receipt gives, opened by the other.

    `key_pair` is hers: messages are sealed to it. Its private half is closed under the receipt's secret.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="mailbox")
    look_up = models.BinaryField(max_length=32, unique=True)
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, related_name="mailbox")
    locked_private_key = models.BinaryField(help_text="Under the secret of the receipt.")
    cost = models.PositiveSmallIntegerField(default=1, help_text="Which of RECEIPT_COSTS the receipt was stretched by.")

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class OpenMailbox(models.Model):
    """A mailbox that is open in one browser for a while: its key closed under the key in that browser's cookie."""

    name = models.BinaryField(max_length=32, unique=True, help_text="Derived from the browser's key.")
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="open_in")
    locked_private_key = models.BinaryField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"open mailbox {self.pk}"


class Message(models.Model):
    """A message between reporter and institution, sealed to both (kind "message")."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="messages")
    section = models.OneToOneField(Section, models.PROTECT, related_name="message")
    from_reporter = models.BooleanField()
    sent_at = models.DateTimeField(help_text="To the hour.")
    read_at = models.DateTimeField(null=True, help_text="By the other side.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class ReportFile(models.Model):
    """A file that came with a report, or later with a message."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="files")
    file = models.OneToOneField(SealedFile, models.PROTECT, related_name="report_file")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"report file {self.pk}"


class ConsentGiven(models.Model):
    """That the reporter agreed to let one recipient know. What was agreed is never deleted, only withdrawn.

    Who agrees again after that gives a new consent: what held when stays to be seen.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="consents")
    recipient = models.CharField(max_length=40, help_text="Code of consent-recipients.")
    given_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    withdrawn_at = models.DateTimeField(null=True, help_text="To the hour.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "recipient"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_consent_per_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Draft(models.Model):
    """A report that is being written, closed under a key that only the reporter's browser holds. Kept for a day."""

    id = models.BinaryField(max_length=32, primary_key=True)
    sealed = models.BinaryField()
    # What its files are sealed to. The private half lies in `sealed` only.
    key_pair = models.OneToOneField(KeyPair, models.PROTECT, null=True, related_name="draft")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "draft"


class DraftFile(models.Model):
    """A file that waits for its report to be sent."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.OneToOneField(SealedFile, models.PROTECT, related_name="draft_file")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"draft file {self.pk}"


class SpentToken(models.Model):
    """A token of a form that was used: a proof of work counts once, a message is sent once. Kept while it could be."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "spent token"


class DestroyedReports(models.Model):
    """What is left of destroyed reports: counts by month, for the institution's own annual report."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="destroyed_reports")
    month = models.DateField(help_text="The first day of the month in which they were received.")
    about = models.CharField(max_length=20)
    status = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "month", "about", "status", "outcome"], name="one_count_of_destroyed"
            )
        ]

    def __str__(self) -> str:
        return f"destroyed reports {self.pk}"


class Allowance(models.Model):
    """How much of something may still be done now, by anybody: a token bucket that all share."""

    code = models.CharField(max_length=20, primary_key=True)
    left = models.FloatField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
