"""Which signals and alerts are whose: an institution's own, those about it, it was called about, shared with it."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from amparo.institutions.models import User
from amparo.warning.alerts.deadlines import LEVELS
from amparo.warning.models import Alert, Call, LevelChange, SharedWith, Signal


def signals_for(user: User) -> QuerySet[Signal]:
    """The signals of `user`'s institution."""
    return Signal.objects.filter(institution=user.institution_id)


def own_alerts(user: User) -> QuerySet[Alert]:
    """The alerts of `user`'s institution: which it decides on."""
    return Alert.objects.filter(institution=user.institution_id)


def alerts_for(user: User) -> QuerySet[Alert]:
    """The alerts that `user`'s institution may read: its own, those that threaten it, and those that it was called
    about or that were shared with it.

    What is sealed in them opens only to whom a key was given, by consent.
    """
    ours = {"alert": OuterRef("pk"), "institution": user.institution_id}
    called, shared = Call.objects.filter(**ours), SharedWith.objects.filter(**ours)
    about_it = Q(institution=user.institution_id) | Q(threatened=user.institution_id)
    return Alert.objects.filter(about_it | Exists(called) | Exists(shared))


def gravest_first(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """`alerts`, emergencies before warnings before watches, and the newest of each first."""
    levels = Case(*(When(level=level, then=place) for place, level in enumerate(LEVELS)), default=-1)
    return alerts.order_by(levels.desc(), "-opened_at", "-pk")


def waiting_calls() -> QuerySet[Call]:
    """The calls that still wait for an answer: of open alerts, of the last level that was set, taken up by nobody.

    A new level ends the calls of the level before: who set it has the alert in hand.
    """
    later = LevelChange.objects.filter(alert=OuterRef("alert"), pk__gt=OuterRef("round"))
    return (
        Call.objects.filter(answered_at=None, alert__state="open")
        .exclude(round__calls__answered_at__isnull=False)
        .exclude(Exists(later))
    )
