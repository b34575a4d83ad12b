"""Names that are changed are not found by what they were, and whoever writes one needs to know nothing of this."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from amparo.finding.models import NameIndexed, NameToken
from amparo.vault.models import Section

_IDENTITY = "identity"


@receiver(post_save, sender=Section, dispatch_uid="forget-changed-names")
def forget_changed_name(instance: Section, created: bool, **_: Any) -> None:
    """Take the tokens of the name in a rewritten section away; the next search by name makes them anew."""
    if created or instance.kind != _IDENTITY:
        return
    for bearer in ("victim", "alleged_perpetrator"):
        of_section = {f"{bearer}__section": instance.pk}
        NameToken.objects.filter(**of_section).delete()
        NameIndexed.objects.filter(**of_section).delete()
