"""The sealed plane at rest: key pairs, sections, the section keys wrapped to who may open them; and the log."""

import uuid

from django.db import models


class KeyPair(models.Model):
    """A key pair. The private half is only ever here closed: under a password, or sealed to other key pairs."""

    # No time of making: a mailbox has a key pair, and its minute could be matched with what somebody sees on a line.
    public_key = models.BinaryField(max_length=1216)
    locked_private_key = models.BinaryField(
        null=True, help_text="Under the owner's password or a recovery secret; null for an institution."
    )
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaces", help_text="Where it was rotated: by which."
    )
    recipient = models.CharField(
        max_length=40,
        blank=True,
        help_text="Code of consent-recipients: whose consents give it sections. Blank: a person's, a mailbox's.",
    )

    def __str__(self) -> str:
        return f"key pair {self.pk}"


class KeyGrant(models.Model):
    """The private key of `opened` sealed to `holder`: whoever opens `holder` opens `opened`."""

    opened = models.ForeignKey(KeyPair, models.CASCADE, related_name="grants")
    holder = models.ForeignKey(KeyPair, models.CASCADE, related_name="holdings")
    grant = models.UUIDField(default=uuid.uuid4, editable=False)
    wrapped_private_key = models.BinaryField()
    sealed_private_key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opened", "holder"], name="one_grant_per_holder")]

    def __str__(self) -> str:
        return f"key pair {self.opened_id} for the holder of {self.holder_id}"


class RecoverySet(models.Model):
    """The shares that open `opened` again when nobody can: which set they are of, never what is in them.

    `holder` is the recovery key pair: it holds a grant of `opened`, and its private half is closed under the secret
    that the shares come together to.
    """

    opened = models.OneToOneField(KeyPair, models.CASCADE, related_name="recovery_set")
    holder = models.OneToOneField(KeyPair, models.PROTECT, related_name="recovery_set_held")
    set_identifier = models.BinaryField(max_length=2)
    shares = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    made_on = models.DateField()

    def __str__(self) -> str:
        return f"recovery set {self.pk}"


class Section(models.Model):
    """A sealed part of a record: names, contacts, narrative. `kind` says which part, and nothing else about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    ciphertext = models.BinaryField()
    new_key_due = models.BooleanField(
        default=False, help_text="A holder's consent ended: who opens it next gives it a new data key."
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SectionKey(models.Model):
    """The data key of a section, wrapped to one key pair. To share a section is to add one of these."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="keys")
    holder = models.ForeignKey(KeyPair, models.CASCADE, related_name="section_keys")
    wrapped_key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "holder"], name="one_key_per_section_and_holder")]

    def __str__(self) -> str:
        return f"key of section {self.section_id} for {self.holder_id}"


class SharedFor(models.Model):
    """That a section key was given to its holder under a consent, and for which purpose.

    A key without one was sealed at writing: to its own institution, to the reporter. A key with some opens only while
    one of them has a valid consent.
    """

    key = models.ForeignKey(SectionKey, models.CASCADE, related_name="shared_for")
    purpose = models.CharField(max_length=40, help_text="Code of consent-purposes.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "purpose"], name="one_key_shared_once_for_a_purpose")]

    def __str__(self) -> str:
        return f"key {self.key_id} for {self.purpose}"


class Consent(models.Model):
    """That a section may be given to a recipient for a purpose. Never deleted, only withdrawn or replaced.

    Codes and days only: what the person said of it has its place in a section.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="consents")
    recipient = models.CharField(max_length=40, help_text="Code of consent-recipients.")
    purpose = models.CharField(max_length=40, help_text="Code of consent-purposes.")
    how = models.CharField(max_length=40, default="unknown", help_text="Code of consent-ways.")
    language = models.CharField(max_length=8, blank=True, help_text="In which it was asked; blank: not known.")
    given_on = models.DateField()
    expires_on = models.DateField(null=True, help_text="The last day on which it holds; null: until it is withdrawn.")
    withdrawn_on = models.DateField(null=True)
    replaced_by = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="replaces", help_text="The newer consent for the same."
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["expires_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "recipient", "purpose"],
                condition=models.Q(withdrawn_on=None, replaced_by=None),
                name="one_consent_stands",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class LogEntry(models.Model):
    """Who did what to which record, and when: never what is in it. Each entry's code covers the one before it.

    No foreign keys: an entry outlives the person and the record that it tells of.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.PositiveBigIntegerField(null=True, help_text="Identifier of the person; null: nobody signed in.")
    institution = models.CharField(max_length=40, blank=True, help_text="Code of the institution.")
    action = models.CharField(max_length=40, help_text="Code, such as section-opened.")
    record = models.CharField(max_length=80, blank=True, help_text="Kind and identifier, such as report:UUID.")
    facts = models.JSONField(default=dict, help_text="Codes and numbers only.")
    previous = models.BinaryField(max_length=32)
    code = models.BinaryField(max_length=32, help_text="HMAC over this entry and the one before it.")

    class Meta:
        indexes = [models.Index(fields=["institution", "-number"]), models.Index(fields=["record", "number"])]

    def __str__(self) -> str:
        return f"log entry {self.number}"
