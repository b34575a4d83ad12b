"""Joint statements: drafted sealed, signed by several institutions, then public; corrected or withdrawn in the open."""

import uuid

from django.db import models

from amparo.institutions.models import Institution, User
from amparo.vault.models import Section
from amparo.warning.models.alerts import Alert


class Statement(models.Model):
    """What several institutions say together about an alert. Its draft lies sealed, a copy for each that takes part."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="statements")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="statements", help_text="Who drafted it, and issues it."
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: one sent twice is one statement.")
    version = models.PositiveIntegerField(default=1, help_text="Of the text: each signature is for one.")
    begun_at = models.DateTimeField(help_text="To the quarter of an hour.")
    dropped_at = models.DateTimeField(null=True, help_text="When its drafter gave it up.")
    approved_version = models.PositiveIntegerField(null=True, help_text="The text that the threatened NHRI approved.")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class StatementEdit(models.Model):
    """That somebody wrote a version of the text, and when; never what was in it."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(help_text="To the quarter of an hour.")
    edited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["statement", "version"], name="one_edit_a_version")]

    def __str__(self) -> str:
        return f"version {self.version} of statement {self.statement_id}"


class StatementParty(models.Model):
    """An institution that takes part in a draft, with its own sealed copy of the text; who has left has none."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="parties")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="statements_shared")
    invited_at = models.DateTimeField()
    section = models.OneToOneField(
        Section,
        models.PROTECT,
        null=True,
        related_name="statement_copy",
        help_text="Its copy of the draft; none once it is public.",
    )
    signed_version = models.PositiveIntegerField(null=True, help_text="The text that it signed.")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    left_at = models.DateTimeField(null=True, help_text="When it declined, withdrew, or was taken off.")
    was_taken_off = models.BooleanField(default=False, help_text="True: by the drafter. False: it left by itself.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["statement", "institution"], name="one_part_in_a_statement")]

    def __str__(self) -> str:
        return f"part {self.pk} in a statement"


class PublicStatement(models.Model):
    """The words of a statement as they were issued: public, and never changed. Its number says nothing of the alert."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="public")
    language = models.CharField(max_length=8, help_text="ISO 639-1: in which it was drafted first.")
    texts = models.JSONField(help_text="Public, by language: {'en': {'title': …, 'body': …}}; {} once withdrawn.")
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="statements_by_day")]

    def __str__(self) -> str:
        return f"public statement {self.pk}"


class Signatory(models.Model):
    """An institution that signed a public statement, named as on that day."""

    public = models.ForeignKey(PublicStatement, models.CASCADE, related_name="signatories")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    names = models.JSONField(help_text="Its public name by language.")
    signed_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["public", "institution"], name="one_signature_each")]

    def __str__(self) -> str:
        return f"signatory {self.pk}"


class StatementNote(models.Model):
    """A dated correction of a public statement, or why it was withdrawn. Public words; never changed."""

    public = models.ForeignKey(PublicStatement, models.CASCADE, related_name="notes")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    is_withdrawal = models.BooleanField(default=False)
    texts = models.JSONField(help_text="Public, by language: {'en': …}.")
    noted_on = models.DateField()
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-noted_on", "-pk"]

    def __str__(self) -> str:
        return f"note {self.pk} on a public statement"
