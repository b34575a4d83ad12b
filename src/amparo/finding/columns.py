"""The columns that a list of cases may have, on the screen and in files: codes in words, dates and numbers only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.models import (
    Act,
    AllegedPerpetrator,
    DefenderProfile,
    Incident,
    Information,
    Intervention,
    Victim,
)
from amparo.finding.facets import REASON_NAMES, REASONS
from amparo.ui.templatetags.ui import day, partial_date
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

Cell = Callable[[Incident], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `cell` gives the values of one case, none where nothing is known; `needs` is what is read for them."""

    code: str
    label: str
    cell: Cell
    needs: tuple[str, ...] = ()
    is_number: bool = False
    in_files: Cell | None = None

    def filed(self, case: Incident) -> Sequence[str]:
        """The values as a file has them: dates in a form that programs sort and read (EDTF, ISO 8601-2)."""
        return (self.in_files or self.cell)(case)


def _labels(vocabulary: str, codes: Iterable[str]) -> list[str]:
    terms, language = get_vocabulary(vocabulary).terms, (get_language() or "en").split("-")[0]
    known = dict.fromkeys(code for code in codes if code != UNKNOWN)
    return [terms[code].label(language) if code in terms else code for code in known]


def _own(vocabulary: str, column: str) -> Cell:
    return lambda case: _labels(vocabulary, [getattr(case, column)])


def _of_victims(vocabulary: str, column: str) -> Cell:
    return lambda case: _labels(vocabulary, [getattr(victim, column) for victim in case.victims.all()])


def _date(case: Incident) -> list[str]:
    return [partial_date(case.date)] if case.date else []


def _written_date(case: Incident) -> list[str]:
    return [str(case.date)] if case.date else []


def _recorded(case: Incident) -> list[str]:
    return [day(case.created_at)]


def _written_recorded(case: Incident) -> list[str]:
    return [f"{case.created_at:%Y-%m-%d}"]


def _acts(case: Incident) -> list[str]:
    return _labels("acts", [act.kind for act in case.acts.all()])


def _profiles(case: Incident) -> list[str]:
    return _labels("defender-profiles", [p.profile for victim in case.victims.all() for p in victim.profiles.all()])


def _sources(case: Incident) -> list[str]:
    return list(
        dict.fromkeys(
            information.source.published_name or "".join(_labels("source-kinds", [information.source.kind]))
            for information in case.information.all()
            if information.source.published_name or information.source.kind != UNKNOWN
        )
    )


def _dataset(case: Incident) -> list[str]:
    titles = case.dataset.titles
    return [str(titles.get((get_language() or "en").split("-")[0]) or titles["en"])]


def _because(case: Incident) -> list[str]:
    return [gettext(REASON_NAMES[reason]) for reason, column in REASONS.items() if getattr(case, column) == "yes"]


def _interventions(case: Incident) -> list[str]:
    return _labels("interventions", [intervention.kind for intervention in case.interventions.all()])


def _evidence(case: Incident) -> list[str]:
    return [str(vars(case)["evidence_number"])]


_COLUMNS = {
    column.code: column
    for column in (
        Column("date", _("Date"), _date, in_files=_written_date),
        Column("country", _("Country"), _own("countries", "country")),
        Column("area", _("Area"), _own("areas", "area")),
        Column("acts", _("Acts"), _acts, ("acts",)),
        Column("victims", _("Number of victims"), lambda case: [str(len(case.victims.all()))], ("victims",), True),
        Column("target", _("In what capacity"), _of_victims("targets", "target"), ("victims",)),
        Column("profile", _("What they defend"), _profiles, ("victims", "profiles")),
        Column("sex", _("Sex"), _of_victims("sex", "sex"), ("victims",)),
        Column("gender", _("Gender"), _of_victims("gender", "gender"), ("victims",)),
        Column("age", _("Age"), _of_victims("age-bands", "age_band"), ("victims",)),
        Column("because", _("Because of"), _because),
        Column(
            "perpetrators",
            _("Alleged perpetrators"),
            lambda case: _labels("alleged-perpetrators", [each.kind for each in case.alleged_perpetrators.all()]),
            ("perpetrators",),
        ),
        Column(
            "state-links",
            _("Link to the State"),
            lambda case: _labels("state-links", [each.state_link for each in case.alleged_perpetrators.all()]),
            ("perpetrators",),
        ),
        Column("setting", _("Offline or online"), _own("settings", "setting")),
        Column("sector", _("Economic sector"), _own("sectors", "sector")),
        Column("sources", _("Sources"), _sources, ("information",)),
        Column("dataset", _("Dataset"), _dataset, ("dataset",)),
        Column("status", _("Status of the information"), _own("information-status", "status")),
        Column("stage", _("Stage"), _own("case-stages", "stage")),
        Column("evidence", _("Pieces of evidence"), _evidence, ("evidence",), True),
        Column("interventions", _("Interventions"), _interventions, ("interventions",)),
        Column("recorded", _("Recorded on"), _recorded, in_files=_written_recorded),
    )
}
USUAL = ("date", "country", "acts", "target", "status", "stage")

_PREFETCHES: dict[str, Callable[[], list[Prefetch]]] = {  # type: ignore[type-arg]
    "acts": lambda: [Prefetch("acts", Act.objects.only("pk", "incident_id", "kind").order_by("pk"))],
    "victims": lambda: [Prefetch("victims", Victim.objects.order_by("pk"))],
    "profiles": lambda: [Prefetch("victims__profiles", DefenderProfile.objects.order_by("pk"))],
    "perpetrators": lambda: [Prefetch("alleged_perpetrators", AllegedPerpetrator.objects.order_by("pk"))],
    "information": lambda: [Prefetch("information", Information.objects.select_related("source").order_by("pk"))],
    "interventions": lambda: [Prefetch("interventions", Intervention.objects.order_by("pk"))],
}


def all_columns() -> list[Column]:
    """Every column, in the order in which they are offered."""
    return list(_COLUMNS.values())


def known_columns(codes: Iterable[object]) -> list[Column]:
    """The columns of `codes`, in that order, each once; without those that there are none of."""
    return [_COLUMNS[code] for code in dict.fromkeys(map(str, codes)) if code in _COLUMNS]


def with_columns(incidents: QuerySet[Incident], columns: Iterable[Column]) -> QuerySet[Incident]:
    """`incidents` with what `columns` show of each: one query for each kind of record, however many cases."""
    needed = dict.fromkeys(need for column in columns for need in column.needs)
    for need in needed:
        if need == "dataset":
            incidents = incidents.select_related("dataset")
        elif need == "evidence":
            incidents = incidents.annotate(evidence_number=Count("evidence"))
        else:
            incidents = incidents.prefetch_related(*_PREFETCHES[need]())
    return incidents
