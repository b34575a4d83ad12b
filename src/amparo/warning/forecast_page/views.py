"""What may come in the next months at the desk, only where such forecasts have been good, and as a file."""

import csv
import io

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of
from amparo.ui.templatetags.ui import label
from amparo.vault import log
from amparo.vocabularies.spreadsheets import guard_formula
from amparo.warning.backtest.playing import datasets_for
from amparo.warning.dataset_form import DatasetForm, title_of
from amparo.warning.desk import show
from amparo.warning.forecast_page.forecasting import forecast_dataset, is_kept, read_kept
from amparo.warning.forecast_page.outlook import Ahead, CountryOutlook, Outlook
from amparo.warning.forecast_page.shown import say_reasons, show_country
from amparo.warning.months import Month
from amparo.warning.problems import WarningRefused
from amparo.warning.watching.services import last_full_month

# Each has a picture and two tables.
_COUNTRIES_PER_PAGE = 10
_COLUMNS = (
    *("country", "month", "months_ahead", "median", "low_50", "high_50", "low_90", "high_90"),
    *("at_least_one", "more_than_last_year", "last_year_monthly"),
    *("crps", "best_naive", "best_naive_crps", "log_score", "best_naive_log_score", "held_50", "held_90"),
    *("within_50", "within_90", "forecasts_tried"),
)


class ForecastForm(DatasetForm):
    """Of which dataset."""

    def refuse(self, refused: WarningRefused) -> None:
        """Say what is missing."""
        if refused.code != "panel-too-short":
            self.add_error(
                "dataset", gettext("None of its records has a country and a month: nothing can be forecast.")
            )
            return
        said = ngettext(
            "Its records cover %(months)s month; at least %(needed)s are needed, so that forecasts can be tried on "
            "the past before one is shown.",
            "Its records cover %(months)s months; at least %(needed)s are needed, so that forecasts can be tried on "
            "the past before one is shown.",
            refused.details["months"],
        )
        self.add_error("dataset", said % refused.details)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a dataset; sent, it is forecast and its page is shown."""
    user = person(request)
    form = ForecastForm(request.POST, user=user) if request.method == "POST" else ForecastForm(user=user)
    if form.is_bound and form.is_valid():
        dataset = form.cleaned_data["dataset"]
        try:
            forecast_dataset(user, dataset)
            return redirect("forecast-of", dataset.code)
        except WarningRefused as refused:
            form.refuse(refused)
    datasets = list(datasets_for(user))
    kept = [(each.code, title_of(each)) for each in datasets if is_kept(user, each)]
    return show(request, "warning/forecast.html", status=status_of(form), form=form, datasets=datasets, kept=kept)


@require_safe
@desk_page(HANDLE_ALERTS)
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What was forecast last of a dataset."""
    user = person(request)
    dataset = get_object_or_404(datasets_for(user), code=code)
    outlook = read_kept(user, dataset)
    countries = sorted(outlook.countries if outlook else (), key=lambda each: label(each.country, "countries"))
    page = Paginator(countries, _COUNTRIES_PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "warning/forecast.html",
        form=ForecastForm(user=user, initial={"dataset": code}),
        dataset=dataset,
        title=title_of(dataset),
        outlook=outlook,
        page=page,
        rows=[show_country(each, outlook.end) for each in page.object_list] if outlook else [],
        reasons=say_reasons(outlook.withheld) if outlook else [],
        tried=list(enumerate(outlook.tried, 1)) if outlook else [],
        past=outlook is not None and outlook.end < last_full_month(timezone.localdate()),
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def result_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a file."""
    user = person(request)
    dataset = get_object_or_404(datasets_for(user), code=code)
    outlook = read_kept(user, dataset)
    if outlook is None:
        return redirect("forecast-of", code)
    log.record(
        "forecast-exported", actor=user.pk, institution=institution_of(request).code, facts={"dataset": dataset.pk}
    )
    answer = HttpResponse(write_csv(outlook), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="amparo-forecast-{dataset.pk}.csv"'
    return answer


def write_csv(outlook: Outlook) -> str:
    """One row a country and month of which a forecast is shown, each with the record of its country."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for each in outlook.countries:
        writer.writerows([guard_formula(cell) for cell in _row(each, ahead, outlook.end)] for ahead in each.months)
    return "\ufeff" + out.getvalue()


def _row(of: CountryOutlook, ahead: Ahead, end: Month) -> list[str]:
    tried = of.tried
    counts = (ahead.ahead, ahead.median, ahead.low_50, ahead.high_50, ahead.low_90, ahead.high_90)
    shares = (ahead.any, ahead.more, of.rate, tried.crps)
    scores = (tried.naive_crps, tried.log, tried.naive_log)
    kept = (tried.held_50, tried.held_90, tried.within_50, tried.within_90)
    return [
        of.country,
        str(end.later(ahead.ahead)),
        *map(str, counts),
        *(f"{share:.3f}" for share in shares),
        tried.best,
        *(f"{each:.3f}" for each in (*scores, *kept)),
        str(tried.forecasts),
    ]
