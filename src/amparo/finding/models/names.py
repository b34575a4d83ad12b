"""Names by blind index: keyed tokens that find a name again, and nothing that could be read as one."""

from django.db import models

from amparo.cases.models import AllegedPerpetrator, Victim
from amparo.institutions.models import Institution
from amparo.vault.blind_index import TOKEN_BYTES
from amparo.vault.models import KeyPair

EXACT, VARIANT = "exact", "variant"
_OF_ONE = models.Q(victim=None) ^ models.Q(alleged_perpetrator=None)


class NameToken(models.Model):
    """One part of the name of a victim or an alleged perpetrator, or a spelling of it, as 16 keyed bytes."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    victim = models.ForeignKey(Victim, models.CASCADE, null=True, related_name="name_tokens")
    alleged_perpetrator = models.ForeignKey(AllegedPerpetrator, models.CASCADE, null=True, related_name="name_tokens")
    token = models.BinaryField(max_length=TOKEN_BYTES)
    kind = models.CharField(max_length=8, help_text="exact or variant.")

    class Meta:
        indexes = [models.Index(fields=["institution", "token"])]
        constraints = [models.CheckConstraint(condition=_OF_ONE, name="a_token_is_of_one")]

    def __str__(self) -> str:
        return f"token {self.pk}"


class NameIndexed(models.Model):
    """That tokens were made of a record's name, and under which key pair; there may be none, where there is no name."""

    victim = models.OneToOneField(Victim, models.CASCADE, null=True, related_name="name_indexed")
    alleged_perpetrator = models.OneToOneField(
        AllegedPerpetrator, models.CASCADE, null=True, related_name="name_indexed"
    )
    key_pair = models.ForeignKey(KeyPair, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=_OF_ONE, name="an_index_is_of_one")]

    def __str__(self) -> str:
        return f"indexed {self.pk}"
