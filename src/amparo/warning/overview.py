"""The first page of the early warning: what waits for somebody, and whether the nightly search runs."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.signed_in import institution_of, person
from amparo.warning.desk import show
from amparo.warning.models import Call, Rule, Run
from amparo.warning.response.acting import OPEN_TASKS, tasks_for
from amparo.warning.response.advising import alerts_to_review
from amparo.warning.scope import alerts_for, signals_for
from amparo.warning.statements.held import waiting_for


@require_safe
@desk_page(HANDLE_ALERTS)
def overview(request: HttpRequest) -> HttpResponse:
    user, institution = person(request), institution_of(request)
    # Taken up by anybody in the chain, it waits for nobody else.
    calls = Call.objects.filter(institution=institution, answered_at=None, alert__state="open").exclude(
        round__calls__answered_at__isnull=False
    )
    signals = signals_for(user).aggregate(
        new=Count("pk", filter=Q(state="new")),
        possible=Count("pk", filter=Q(state="possible")),
        confirmed=Count("pk", filter=Q(state="confirmed", alert=None)),
    )
    tasks = tasks_for(user).filter(institution=institution, status__in=OPEN_TASKS)
    return show(
        request,
        "warning/overview.html",
        calls=list(calls.select_related("alert__institution").order_by("answer_by")[:10]),
        signals=signals,
        alerts=list(alerts_for(user).filter(state="open").select_related("institution")[:10]),
        tasks=list(tasks.select_related("alert", "owner").order_by("due_on", "pk")[:10]),
        statements=list(waiting_for(user).select_related("institution")[:10]),
        to_review=alerts_to_review(user),
        run=Run.objects.filter(institution=institution).first(),
        rules_on=Rule.objects.filter(institution=institution, is_on=True).count(),
    )
