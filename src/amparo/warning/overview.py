"""The first page of the early warning: what waits for somebody, and whether the nightly search runs."""

from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.signed_in import institution_of, person
from amparo.warning.desk import show
from amparo.warning.models import Rule, Run
from amparo.warning.response.acting import open_tasks
from amparo.warning.response.advising import alerts_to_review
from amparo.warning.scope import alerts_for, gravest_first, signals_for, waiting_calls
from amparo.warning.statements.held import waiting_for
from amparo.warning.times import this_quarter


@require_safe
@desk_page(HANDLE_ALERTS)
def overview(request: HttpRequest) -> HttpResponse:
    user, institution = person(request), institution_of(request)
    calls = waiting_calls().filter(institution=institution)
    signals = signals_for(user).aggregate(
        new=Count("pk", filter=Q(state="new")),
        possible=Count("pk", filter=Q(state="possible")),
        confirmed=Count("pk", filter=Q(state="confirmed", alert=None)),
    )
    run = Run.objects.filter(institution=institution).first()
    today = this_quarter().date()
    return show(
        request,
        "warning/overview.html",
        calls=list(calls.select_related("alert__institution").order_by("answer_by")[:10]),
        signals=signals,
        alerts=list(gravest_first(alerts_for(user).filter(state="open"))[:10]),
        tasks=list(open_tasks(user)[:10]),
        statements=list(waiting_for(user).select_related("institution")[:10]),
        to_review=alerts_to_review(user),
        run=run,
        is_run_late=run is not None and run.day < today - timedelta(days=1),
        rules_on=Rule.objects.filter(institution=institution, is_on=True).count(),
    )
