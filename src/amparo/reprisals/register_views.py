"""The register of reprisals as a list, on paper and as a file; and the regular report."""

import csv
import io
from datetime import date
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from amparo.institutions.access import DOCUMENT_CASES, EXPORT_CASES, READ_CODED_FACTS, desk_page, may
from amparo.institutions.models import User
from amparo.reprisals.form_fields import Choices, YearField, choices_of
from amparo.reprisals.register import Wanted, list_reprisals, write_csv
from amparo.reprisals.regular_report import Period, Report, count_reprisals
from amparo.reprisals.scope import reprisals_for
from amparo.reprisals.words import name_table
from amparo.ui.templatetags.ui import label as label_of
from amparo.vault import log
from amparo.vocabularies.folding import fold
from amparo.vocabularies.spreadsheets import guard_formula

REPRISALS_PER_PAGE = 25
MOST_PRINTED = 500
_CSV = "text/csv; charset=utf-8"


class WantedForm(forms.Form):
    """Which reprisals the register shows. What is not understood is as if it had not been asked for."""

    form = forms.ChoiceField(required=False, label=_("Form"))
    country = forms.ChoiceField(required=False, label=_("Country"))
    network = forms.ChoiceField(required=False, label=_("Network"))
    target = forms.ChoiceField(required=False, label=_("Target"))
    year = YearField(required=False, label=_("Year"))

    def __init__(self, *args: Any, countries: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = sorted(((code, label_of(code, "countries")) for code in countries), key=lambda pair: fold(pair[1]))
        for name, choices in (
            ("form", choices_of("nhri-reprisal-forms")),
            ("country", named),
            ("network", choices_of("ganhri-networks")),
            ("target", [(code, label_of(code, "targets")) for code in _TARGETS]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = [("", gettext("All")), *cast(Choices, choices)]

    def wanted(self) -> Wanted:
        """What is asked for."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


class PeriodForm(forms.Form):
    """From which day to which."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", gettext("The last day must not come before the first one."))
        return said

    def period(self) -> Period | None:
        """What is asked for; None where it is not understood."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"]) if self.is_valid() else None


@require_safe
@desk_page(READ_CODED_FACTS)
def register(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form, wanted = _read(request)
    page = Paginator(list_reprisals(user, wanted), REPRISALS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "asked": wanted != Wanted(),
        "query": request.GET.urlencode(),
        "may_document": may(user, DOCUMENT_CASES),
        "may_export": may(user, EXPORT_CASES),
        "institution": user.institution,
    }
    return render(request, "reprisals/register.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def on_paper(request: HttpRequest) -> HttpResponse:
    """All rows on one page, to print."""
    user = cast(User, request.user)
    _form, wanted = _read(request)
    found = list_reprisals(user, wanted)
    rows = list(found[: MOST_PRINTED + 1])
    context = {
        "rows": rows[:MOST_PRINTED],
        "more": len(rows) > MOST_PRINTED,
        "most": MOST_PRINTED,
        "today": timezone.now(),
        "query": request.GET.urlencode(),
        "institution": user.institution,
    }
    return render(request, "reprisals/register-on-paper.html", context)


@require_safe
@desk_page(EXPORT_CASES)
def register_csv(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    _form, wanted = _read(request)
    content = write_csv(list_reprisals(user, wanted))
    _note_export(user, "reprisals-exported")
    return _attach(content, "amparo-reprisals.csv")


@require_safe
@desk_page(READ_CODED_FACTS)
def report(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = _period_form(request)
    period = form.period()
    context = {
        "form": form,
        "report": count_reprisals(user, period) if period else None,
        "query": request.GET.urlencode(),
        "may_export": may(user, EXPORT_CASES),
        "institution": user.institution,
    }
    return render(request, "reprisals/report.html", context, status=200 if period else 422)


@require_safe
@desk_page(EXPORT_CASES)
def report_csv(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    period = _period_form(request).period()
    if period is None:
        return report(request)
    content = _report_csv(count_reprisals(user, period))
    _note_export(user, "reprisals-report-exported")
    return _attach(content, f"amparo-reprisals-{period.first}-{period.last}.csv")


def _read(request: HttpRequest) -> tuple[WantedForm, Wanted]:
    user = cast(User, request.user)
    countries = list(reprisals_for(user).order_by().values_list("nhri__country", flat=True).distinct())
    form = WantedForm(request.GET, countries=countries)
    return form, form.wanted()


def _period_form(request: HttpRequest) -> PeriodForm:
    if "first" in request.GET or "last" in request.GET:
        return PeriodForm(request.GET)
    today = timezone.now().date()
    begun = {"first": date(today.year, 1, 1).isoformat(), "last": today.isoformat()}
    return PeriodForm(begun)


def _report_csv(report: Report) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext("Internal: not released figures"), "", "", ""])
    writer.writerow([gettext("Table"), gettext("Code"), gettext("What it means"), gettext("Number")])
    writer.writerow(
        [gettext("Reprisals in the period"), "", f"{report.period.first}/{report.period.last}", report.reprisals]
    )
    writer.writerow([gettext("May lie in the period"), "", "", report.may_lie_in_it])
    writer.writerow([gettext("Without a date"), "", "", report.undated])
    for table in report.tables:
        for code, number in table.rows:
            meaning = guard_formula(label_of(code, table.vocabulary))
            writer.writerow([name_table(table.name), code, meaning, number])
    return "\ufeff" + out.getvalue()


@transaction.atomic
def _note_export(user: User, action: str) -> None:
    institution = user.institution
    log.record(action, actor=user.pk, institution=institution.code if institution else "")


def _attach(content: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_CSV, headers=headers)


_TARGETS = (
    "nhri-institution",
    "nhri-member",
    "nhri-chairperson",
    "nhri-ombudsperson",
    "nhri-director",
    "nhri-commissioner",
    "nhri-staff",
    "cooperating-person",
)
