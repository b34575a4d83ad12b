"""Calling those who have to answer an alert: own institution, its network, GANHRI, the UN; one after the other.

A call is a row that is unique for a round and an institution, made in the transaction in which the one before it is
marked as passed on: whatever is killed on the way, nobody is told twice and nobody is left out.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from amparo.institutions.models import Institution, User
from amparo.vocabularies.places import ganhri_network
from amparo.warning.alerts.deadlines import answer_by, deputies_at
from amparo.warning.duty.reaching import reach
from amparo.warning.held import NotNow, log_step
from amparo.warning.models import Alert, Call, LevelChange
from amparo.warning.scope import waiting_calls
from amparo.warning.times import this_quarter, to_quarter

# Who is called after whom, by the kind of institution.
CHAIN = ("nhri", "network", "ganhri", "un-office")


def next_in_chain(alert: Alert, after: Institution | None) -> Institution | None:
    """Who is called after `after` about `alert`; the alert's own institution first; None after the last.

    A network is that of the country; a UN counterpart that in the country, else one for all; never that of another
    country. A step that this installation does not have is left out.
    """
    if after is None:
        return alert.institution
    steps = CHAIN[CHAIN.index(after.kind) + 1 :] if after.kind in CHAIN else ()
    for kind in steps:
        there = Institution.objects.filter(kind=kind, locked_at=None).order_by("pk")
        if kind == "network":
            there = there.filter(code=ganhri_network(alert.country))
        if kind == "un-office":
            there = there.filter(country__in=("", alert.country)).order_by("-country", "pk")
        if (found := there.first()) is not None:
            return found
    return None


def begin_round(alert: Alert, change: LevelChange) -> Call | None:
    """Call the first of the chain about a new level. Part of the caller's transaction."""
    return _call(alert, change, alert.institution)


@transaction.atomic
def answer(user: User, call: int) -> Call:
    """Say that `user` has taken the alert up: calls stop there. Twice is once, and the first stands.

    Raises `Call.DoesNotExist` for a call to another institution, `NotNow` where the alert is closed, or has another
    level meanwhile.
    """
    held = (
        Call.objects.select_for_update(of=("self",))
        .select_related("alert__institution")
        .get(pk=call, institution=user.institution_id)
    )
    if held.answered_at is not None:
        return held
    is_over = held.alert.level_changes.filter(pk__gt=held.round_id).exists()
    if is_over or held.alert.state not in {"open", "muted"}:
        raise NotNow
    held.answered_at, held.answered_by = this_quarter(), user
    held.save(update_fields=["answered_at", "answered_by"])
    log_step("call-answered", held.alert, user, {"call": held.pk}, user.institution)
    return held


def pass_on_late() -> int:
    """Tell deputies of calls that are half way to their deadline, and the next institution where it has passed.

    Gives how many were told. For the worker; run again it repeats nothing. A muted alert calls nobody till its day.
    """
    now = this_quarter()
    _unmute_due(now.date())
    return sum(_go_on(number, now) for number in list(_waiting().values_list("pk", flat=True)))


def _waiting() -> QuerySet[Call]:
    return waiting_calls().filter(passed_on_at=None).order_by("pk")


@transaction.atomic
def _go_on(number: int, now: datetime) -> int:
    held = (
        _waiting()
        .select_for_update(of=("self",))
        .select_related("alert__institution", "institution", "round")
        .filter(pk=number)
        .first()
    )
    if held is None:
        return 0
    if now >= held.answer_by:
        held.passed_on_at = now
        held.save(update_fields=["passed_on_at"])
        log_step("call-passed-on", held.alert, None, {"call": held.pk}, held.institution)
        # A drill is an institution's own: others are not woken for it.
        following = None if held.alert.is_drill else next_in_chain(held.alert, held.institution)
        return 0 if following is None or _call(held.alert, held.round, following) is None else 1
    if held.deputies_told_at is None and now >= to_quarter(deputies_at(held.told_at, held.answer_by)):
        held.deputies_told_at = now
        held.save(update_fields=["deputies_told_at"])
        reach(held.institution, now, deputies=True, told_at=held.told_at)
        return 1
    return 0


def _call(alert: Alert, change: LevelChange, institution: Institution) -> Call | None:
    now = this_quarter()
    call, is_new = Call.objects.get_or_create(
        round=change,
        institution=institution,
        defaults={"alert": alert, "told_at": now, "answer_by": answer_by(change.level, now)},
    )
    if not is_new:
        return None
    reach(institution, now)
    log_step("call-made", alert, None, {"call": call.pk, "level": change.level}, institution)
    return call


def _unmute_due(today: date) -> None:
    due = Q(muted_until=None) | Q(muted_until__lt=today)
    Alert.objects.filter(due, state="muted").update(state="open", muted_until=None, muted_because="")
