"""The register as a list: which reprisals are asked for, and what a row shows of each."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from amparo.cases.models import Victim
from amparo.institutions.models import User
from amparo.reprisals.models import DocumentedForm, Reprisal
from amparo.reprisals.names import name_nhri
from amparo.reprisals.scope import reprisals_for
from amparo.ui.templatetags.ui import label as label_of
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.vocabularies.spreadsheets import guard_formula

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reprisals are asked for; "" for all. `target` also finds the functions under it."""

    form: str = ""
    country: str = ""
    network: str = ""
    target: str = ""
    year: int | None = None


def list_reprisals(user: User, wanted: Wanted) -> QuerySet[Reprisal]:
    """The reprisals that `user` may see and asks for, newest first, with what a row shows, in a constant number of
    queries."""
    found = reprisals_for(user)
    if wanted.form:
        found = found.filter(pk__in=DocumentedForm.objects.filter(form=wanted.form).values("reprisal"))
    if wanted.country:
        found = found.filter(nhri__country=wanted.country)
    if wanted.network:
        found = found.filter(nhri__network=wanted.network)
    if wanted.target:
        codes = get_vocabulary("targets").with_narrower(wanted.target)
        found = found.filter(incident__in=Victim.objects.filter(target__in=codes).values("incident"))
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        found = found.filter(incident__earliest__lte=last, incident__latest__gte=first)
    return found.select_related("incident", "nhri").prefetch_related(
        Prefetch("forms", DocumentedForm.objects.order_by("pk")),
        Prefetch("incident__victims", Victim.objects.order_by("pk")),
    )


def write_csv(reprisals: QuerySet[Reprisal]) -> str:
    """The register as CSV for a spreadsheet, in the active language: coded facts and public names, nothing sealed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Case"),
            _("Date"),
            _("Country"),
            _("Network"),
            _("Institution"),
            _("Forms"),
            _("Targets"),
            _("Because of the mandate"),
            _("Because of cooperation with the United Nations"),
            _("New or follow-up"),
            _("Status of the information"),
        ]
    )
    for each in _in_pieces(reprisals):
        incident = each.incident
        writer.writerow(
            guard_formula(cell)
            for cell in (
                str(incident.pk),
                str(incident.date or ""),
                label_of(each.nhri.country, "countries"),
                label_of(each.nhri.network, "ganhri-networks"),
                name_nhri(each.nhri),
                _labels((form.form for form in each.forms.all()), "nhri-reprisal-forms"),
                _labels((victim.target for victim in incident.victims.all()), "targets"),
                label_of(incident.because_of_mandate, "yes-no"),
                label_of(incident.because_of_cooperation, "yes-no"),
                label_of(each.novelty, "reprisal-novelty"),
                label_of(incident.status, "information-status"),
            )
        )
    return "\ufeff" + out.getvalue()


def _labels(codes: Iterable[str], vocabulary: str) -> str:
    return "; ".join(dict.fromkeys(label_of(code, vocabulary) for code in codes if code != UNKNOWN))


def _in_pieces(reprisals: QuerySet[Reprisal]) -> Iterator[Reprisal]:
    yield from reprisals.iterator(chunk_size=_AT_ONCE)
