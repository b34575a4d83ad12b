"""Which consents hold on a day, and which section keys open under them. Everything that gives a key away asks here."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from amparo.vault.keys import VaultError
from amparo.vault.models import Consent, KeyPair, Section, SectionKey, SharedFor

# A purpose that was not written down lets nothing be given.
_NOT_KNOWN = "unknown"


class ConsentMissing(VaultError):
    """There is no valid consent for this section, recipient and purpose. The message names none of them."""

    code = "consent-missing"


def today() -> date:
    """The day by which consents are judged (UTC)."""
    return timezone.now().date()


def valid_consents(on: date | None = None) -> QuerySet[Consent]:
    """The consents that hold on that day; today where none is given. On the day of its expiry a consent still holds."""
    day = on or today()
    return Consent.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=day), given_on__lte=day, withdrawn_on=None, replaced_by=None
    ).exclude(purpose=_NOT_KNOWN)


def usable_keys(on: date | None = None) -> QuerySet[SectionKey]:
    """The section keys that open: sealed at writing, or shared under a consent that holds on that day."""
    shared = SharedFor.objects.filter(key=OuterRef("pk"))
    return SectionKey.objects.filter(~Exists(shared) | Exists(shared.filter(_consented(on))))


def keys_without_consent(sections: Iterable[Section] | None = None, on: date | None = None) -> QuerySet[SharedFor]:
    """For what section keys were shared that no consent allows any more; of `sections`, or of all."""
    ended = SharedFor.objects.filter(~_consented(on))
    return ended if sections is None else ended.filter(key__section__in=[section.pk for section in sections])


def check_consent(section: Section, holder: KeyPair, purpose: str) -> None:
    """Raises `ConsentMissing` where `section` may not be given to the recipient whose key pair `holder` is."""
    agreed = valid_consents().filter(section=section, recipient=holder.recipient, purpose=purpose)
    if not holder.recipient or not agreed.exists():
        raise ConsentMissing("There is no valid consent for this.")


def _consented(on: date | None) -> Exists:
    """Of a `SharedFor`: whether a consent holds for it."""
    return Exists(
        valid_consents(on).filter(
            section=OuterRef("key__section"), recipient=OuterRef("key__holder__recipient"), purpose=OuterRef("purpose")
        )
    )
