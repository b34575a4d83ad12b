"""Telling people that a measure or a review of theirs is due: without saying which, and once a day at most."""

from django.db import transaction
from django.db.models import Q, QuerySet

from amparo.institutions.models import Institution
from amparo.notices.kinds import PROTECTION_DUE
from amparo.notices.services import tell
from amparo.protection.desk import OPEN_MEASURES, OPEN_STATUS, is_protector, today
from amparo.protection.models import Measure, ProtectionPlan
from amparo.vault import log


def tell_due() -> int:
    """Tell owners of what is due today or overdue and was not told today; of how many things. For the worker.

    What belongs to somebody who has left is told to the focal points: else nobody would hear of it.
    """
    waiting = Institution.objects.filter(
        Q(protection_requests__plan__in=_due_plans()) | Q(protection_requests__plan__measures__in=_due_measures())
    )
    return sum(_tell(institution) for institution in waiting.distinct().order_by("pk"))


@transaction.atomic
def _tell(institution: Institution) -> int:
    ours = {"request__institution": institution}
    measures = list(
        _due_measures()
        .filter(plan__request__institution=institution)
        .select_for_update(of=("self",))
        .select_related("owner")
        .order_by("pk")
    )
    plans = list(
        _due_plans().filter(**ours).select_for_update(of=("self",)).select_related("request__owner").order_by("pk")
    )
    owners = [each.owner for each in measures] + [each.request.owner for each in plans]
    there = {each.pk for each in owners if each is not None and is_protector(each)}
    if any(each is None or each.pk not in there for each in owners):
        there |= set(institution.members.filter(role="focal-point", is_active=True).values_list("pk", flat=True))
    if not owners:
        return 0
    Measure.objects.filter(pk__in=[each.pk for each in measures]).update(told_on=today())
    ProtectionPlan.objects.filter(pk__in=[each.pk for each in plans]).update(told_on=today())
    tell(institution, PROTECTION_DUE, only=there)
    facts = {"measures": len(measures), "reviews": len(plans), "people": len(there)}
    log.record("protection-due", institution=institution.code, facts=facts)
    return len(owners)


def _due_measures() -> QuerySet[Measure]:
    not_told = Q(told_on=None) | Q(told_on__lt=today())
    return Measure.objects.filter(
        not_told, status__in=OPEN_MEASURES, due_on__lte=today(), plan__request__status__in=OPEN_STATUS
    )


def _due_plans() -> QuerySet[ProtectionPlan]:
    not_told = Q(told_on=None) | Q(told_on__lt=today())
    return ProtectionPlan.objects.filter(not_told, review_on__lte=today(), request__status__in=OPEN_STATUS)
