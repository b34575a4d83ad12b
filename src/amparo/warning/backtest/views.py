"""The past played again at the desk: what would have been raised when, what came after, and as a file."""

import csv
import io
import math

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.models import User
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of
from amparo.vault import log
from amparo.vocabularies.spreadsheets import guard_formula
from amparo.warning.backtest.playing import (
    After,
    Alarm,
    Played,
    TooEarly,
    datasets_for,
    is_played,
    play_dataset,
    read_played,
)
from amparo.warning.dataset_form import DatasetForm, title_of
from amparo.warning.desk import PER_PAGE, show
from amparo.warning.months import Month, read_month
from amparo.warning.watching.explaining import explain, explain_series
from amparo.warning.watching.findings import Finding

# The years that the list of journalists is looked back at.
FIRST_MONTHS = {"cpj": "2002-01"}


class PlayForm(DatasetForm):
    """Which dataset, and from which month on."""

    first = forms.CharField(
        required=False,
        max_length=7,
        label=_("Judged from the month"),
        help_text=_(
            "Such as 2002-01. Empty: from the earliest month with five years before it (three, if it is short)."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_first(self) -> Month | None:
        said = str(self.cleaned_data["first"]).strip()
        month = read_month(said) if len(said) == len("2002-01") else None
        if said and month is None:
            raise forms.ValidationError(_("Write a month as 2002-01."))
        return month

    def refuse(self, refused: TooEarly) -> None:
        """Say which month would do."""
        if refused.earliest is None:
            self.add_error("dataset", gettext("Its records are too young or have no dates: there is nothing to judge."))
        else:
            said = gettext("The first month that can be judged is %(month)s; and it must lie within the records.")
            self.add_error("first", said % {"month": str(refused.earliest)})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a dataset; sent, it is played and its page is shown."""
    user = person(request)
    if request.method == "POST":
        form = PlayForm(request.POST, user=user)
        if form.is_valid():
            dataset = form.cleaned_data["dataset"]
            try:
                play_dataset(user, dataset, form.cleaned_data["first"])
                return redirect("backtest-of", dataset.code)
            except TooEarly as refused:
                form.refuse(refused)
    else:
        form = PlayForm(user=user, initial=_suggested(user))
    datasets = list(datasets_for(user))
    return show(
        request,
        "warning/backtest.html",
        status=status_of(form),
        form=form,
        datasets=datasets,
        played_ones=[(each.code, title_of(each)) for each in datasets if is_played(user, each)],
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What was played last of a dataset."""
    user = person(request)
    dataset = get_object_or_404(datasets_for(user), code=code)
    played = read_played(user, dataset)
    first = str(played.first) if played else FIRST_MONTHS.get(code, "")
    alarms = list(reversed(played.alarms)) if played else []
    page = Paginator(alarms, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "warning/backtest.html",
        form=PlayForm(user=user, initial={"dataset": code, "first": first}),
        dataset=dataset,
        title=title_of(dataset),
        played=played,
        page=page,
        rows=[_show(each, played) for each in page.object_list] if played else [],
        horizons=[each.times for each in played.summary] if played else [],
        summary=[(each, *_shares(each.share, each.base_share)) for each in played.summary] if played else [],
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def result_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a file, oldest first."""
    user = person(request)
    dataset = get_object_or_404(datasets_for(user), code=code)
    played = read_played(user, dataset)
    if played is None:
        return redirect("backtest-of", code)
    log.record(
        "backtest-exported", actor=user.pk, institution=institution_of(request).code, facts={"dataset": dataset.pk}
    )
    answer = HttpResponse(write_csv(played), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="amparo-backtest-{dataset.pk}.csv"'
    return answer


def write_csv(played: Played) -> str:
    """One row a country and month: the strongest series, the codes of others (`also`), its sentence in the active
    language; `came` and `usual` are of the country.
    """
    horizons = [each.times for each in played.summary]
    after = [f"{name}_{times}" for times in horizons for name in ("came", "usual")]
    out = io.StringIO()
    writer = csv.writer(out)
    what = (
        "month",
        "country",
        "series",
        "also",
        "observed",
        "expected",
        "upperbound",
        "tail",
        "again",
        "came",
        "usual",
    )
    writer.writerow([*what, *after, "sentence"])
    writer.writerows([guard_formula(cell) for cell in _row(each, horizons)] for each in played.alarms)
    return "\ufeff" + out.getvalue()


def _row(alarm: Alarm, horizons: list[int]) -> list[str]:
    found = alarm.finding
    after = {each.times: (str(each.came), f"{each.usual:.3f}") for each in alarm.after}
    numbers = (found.expected, found.upperbound, found.tail)
    return [
        str(found.month),
        alarm.country,
        _codes(found),
        "; ".join(map(_codes, alarm.others)),
        str(found.observed),
        *("" if math.isnan(each) else f"{each:.6g}" for each in numbers),
        "yes" if alarm.again else "no",
        str(alarm.came),
        f"{alarm.usual:.3f}",
        *(cell for times in horizons for cell in after.get(times, ("", ""))),
        explain(found),
    ]


def _codes(finding: Finding) -> str:
    """ "country=COL act_group=attack-on-life"."""
    return " ".join(f"{name}={code}" for name, code in zip(finding.stratum.by, finding.stratum.codes, strict=True))


def _show(alarm: Alarm, played: Played) -> tuple[Alarm, str, list[str], list[After | None]]:
    """An alarm with its sentence, those of the other series that it holds, and what came within each horizon."""
    return alarm, explain(alarm.finding), [explain_series(each) for each in alarm.others], _cells(alarm, played)


def _cells(alarm: Alarm, played: Played) -> list[After | None]:
    """What came within each horizon; None where the records end before."""
    after = {each.times: each for each in alarm.after}
    return [after.get(each.times) for each in played.summary]


def _suggested(user: User) -> dict[str, str]:
    code = datasets_for(user).filter(code__in=FIRST_MONTHS).values_list("code", flat=True).first()
    return {"dataset": code, "first": FIRST_MONTHS[code]} if code else {}


def _shares(*shares: float) -> list[int | None]:
    return [None if math.isnan(each) else round(100 * each) for each in shares]
