"""Who reads which conditions, who may change them, and which of them are public."""

from django.db.models import Q, QuerySet

from amparo.civic_space.models import Condition, ConditionVersion
from amparo.institutions.models import Institution, User

WIDE_KINDS = ("network", "ganhri")


def sees_all_countries(institution: Institution) -> bool:
    """Whether an institution works for more countries than one: a network, or GANHRI."""
    return institution.kind in WIDE_KINDS


def own_conditions(user: User) -> QuerySet[Condition]:
    """The conditions that `user` may change: those that her institution keeps."""
    if user.institution_id is None:
        return Condition.objects.none()
    return Condition.objects.filter(institution_id=user.institution_id)


def versions_for(user: User) -> QuerySet[ConditionVersion]:
    """One version of each condition that `user` may read: the latest of her own house, the public one of others."""
    if user.institution_id is None:
        return ConditionVersion.objects.none()
    own = Q(condition__institution_id=user.institution_id)
    return ConditionVersion.objects.filter((own & Q(latest_of__isnull=False)) | (~own & Q(public_of__isnull=False)))


def public_versions() -> QuerySet[ConditionVersion]:
    """The versions that everybody may read."""
    return ConditionVersion.objects.filter(public_of__isnull=False)


def waiting_for(user: User) -> QuerySet[ConditionVersion]:
    """The versions that wait for a second person, who can be `user`: she neither wrote nor sent them."""
    waiting = ConditionVersion.objects.filter(latest_of__in=own_conditions(user), state="in-review")
    # A text out of a file has no writer: a plain exclude would leave it out with the others'.
    hers = Q(written_by__isnull=False, written_by=user) | Q(sent_by__isnull=False, sent_by=user)
    return waiting.exclude(pk__in=waiting.filter(hers).values("pk"))


def with_parts(versions: QuerySet[ConditionVersion]) -> QuerySet[ConditionVersion]:
    """The same versions with all that is shown of them, in two queries more."""
    return versions.select_related("condition__institution").prefetch_related("stages", "themes")
