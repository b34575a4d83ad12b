"""Who wants to be told by e-mail, how often, and what waits to be sent. No address lies here in clear."""

import uuid

from django.db import models

from amparo.institutions.models import User


class NoticeRecipient(models.Model):
    """A person who is told by e-mail that there is something new.

    `sealed` holds her address (and her age key) under a key file outside the database: the server must read it by
    itself to send, so whoever steals both has it.
    """

    class HowOften(models.TextChoices):
        AT_ONCE = "at-once"
        HOUR = "hour"
        DAY = "day"

    user = models.OneToOneField(User, models.CASCADE, related_name="notices")
    place = models.UUIDField(default=uuid.uuid4, editable=False, help_text="What the seal is bound to.")
    sealed = models.BinaryField()
    language = models.CharField(max_length=2)
    kinds = models.JSONField(default=list, help_text="Codes of kinds.py.")
    how_often = models.CharField(max_length=8, choices=HowOften, default=HowOften.HOUR)
    is_waiting = models.BooleanField(default=False, help_text="A notice is in the queue: what comes now is in it too.")
    sent_at = models.DateTimeField(null=True, help_text="To the hour.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="In vain, of the notice that waits.")
    given_up = models.PositiveIntegerField(default=0, help_text="Notices that no try could send.")
    last_problem = models.CharField(max_length=40, blank=True, help_text="Code of outgoing.NotSent.")

    def __str__(self) -> str:
        return f"notice recipient {self.pk}"
