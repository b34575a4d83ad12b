"""A request for protection as somebody with the keys reads it: its words, assessments, plan, and what was done."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from amparo.cases.money import Money, add_up
from amparo.institutions.models import User
from amparo.protection.assessing import SIDES, completeness_of
from amparo.protection.desk import OPEN_MEASURES, is_protector, requests_for, today
from amparo.protection.held import log_step, record_name
from amparo.protection.models import (
    Measure,
    PlanReview,
    ProtectionPlan,
    ProtectionRequest,
    RiskAssessment,
)
from amparo.protection.risk import Completeness, compare
from amparo.vault import services as vault
from amparo.vault.models import LogEntry, Section

Words = dict[str, object]
_MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class OpenedAssessment:
    """An assessment; `words` is None where they are closed to this session."""

    assessment: RiskAssessment
    words: Words | None = field(repr=False)
    completeness: Completeness

    def factors(self, side: str) -> list[tuple[str, str]]:
        """Code and words of each factor of one side."""
        return [
            (each.kind, str((self.words or {}).get(f"{side}:{each.kind}", "")))
            for each in self.assessment.factors.all()
            if each.side == side
        ]


@dataclass(frozen=True, slots=True)
class OpenedMeasure:
    """A measure of a plan, and its owner's state."""

    measure: Measure
    words: Words | None = field(repr=False)

    @property
    def is_open(self) -> bool:
        return self.measure.status in OPEN_MEASURES

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.measure.due_on < today()

    @property
    def owner_is_gone(self) -> bool:
        return self.measure.owner is None or not is_protector(self.measure.owner)


@dataclass(frozen=True, slots=True)
class OpenedReview:
    review: PlanReview
    words: Words | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did with a request. `who` is a user name, "" where it was nobody, or who has left."""

    action: str
    who: str
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request with what this session's key opens. Words are None where they are closed, {} where there are none."""

    request: ProtectionRequest
    words: Words | None = field(repr=False)
    ending: Words | None = field(repr=False)
    assessments: tuple[OpenedAssessment, ...]
    plan: ProtectionPlan | None
    measures: tuple[OpenedMeasure, ...]
    reviews: tuple[OpenedReview, ...]
    costs: tuple[Money, ...]
    sections: int
    has_keys: bool

    @property
    def latest(self) -> OpenedAssessment | None:
        return self.assessments[-1] if self.assessments else None

    @property
    def owner_is_gone(self) -> bool:
        return self.request.owner is None or not is_protector(self.request.owner)


@dataclass(frozen=True, slots=True)
class ChangedSide:
    """What one side of an assessment has, or has no more, since the one before: codes of `vocabulary`."""

    label: str
    vocabulary: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


def changes_between(before: OpenedAssessment, after: OpenedAssessment) -> list[ChangedSide]:
    """What differs between two assessments, by side; sides that agree are left out."""
    labels = {"threat": _("Threats"), "vulnerability": _("Vulnerabilities"), "capacity": _("Capacities")}
    found = []
    for side, vocabulary in SIDES.items():
        change = compare(
            [kind for kind, _words in before.factors(side)], [kind for kind, _words in after.factors(side)]
        )
        if change.new or change.gone:
            found.append(ChangedSide(labels[side], vocabulary, change.new, change.gone))
    return found


def find_request(user: User, request: int) -> ProtectionRequest:
    """The request with all that its page shows, in a constant number of queries. Raises `DoesNotExist`."""
    assessments = RiskAssessment.objects.select_related("section", "assessed_by").prefetch_related("factors", "grounds")
    found: ProtectionRequest = (
        requests_for(user)
        .select_related("institution", "section", "ending", "owner", "plan", "incident", "attacked_in")
        .prefetch_related(
            "profiles",
            Prefetch("assessments", assessments),
            Prefetch("plan__measures", Measure.objects.select_related("owner", "section")),
            Prefetch("plan__reviews", PlanReview.objects.select_related("reviewed_by", "section")),
        )
        .get(pk=request)
    )
    return found


def open_request(request: ProtectionRequest, unlocked: vault.Unlocked | None) -> OpenedRequest:
    """`request`, found by `find_request`, with what `unlocked` opens."""
    plan: ProtectionPlan | None = getattr(request, "plan", None)
    assessments = list(request.assessments.all())
    measures = list(plan.measures.all()) if plan else []
    reviews = list(plan.reviews.all()) if plan else []
    records: list[RiskAssessment | Measure | PlanReview] = [*assessments, *measures, *reviews]
    opened = vault.open_each([request.section, request.ending, *(each.section for each in records)], unlocked)

    def words(section: Section | None) -> Words | None:
        return {} if section is None else opened.get(section.pk)

    costs = [money for each in measures if each.status != "removed" and (money := each.money) is not None]
    return OpenedRequest(
        request=request,
        words=words(request.section),
        ending=words(request.ending),
        assessments=tuple(
            OpenedAssessment(each, words(each.section), completeness_of(each, words(each.section)))
            for each in assessments
        ),
        plan=plan,
        measures=tuple(OpenedMeasure(each, words(each.section)) for each in measures),
        reviews=tuple(OpenedReview(each, words(each.section)) for each in reviews),
        costs=add_up(costs),
        sections=len(opened),
        has_keys=unlocked is not None,
    )


@transaction.atomic
def note_opening(user: User, opened: OpenedRequest) -> None:
    """Note in the log that `user` read what is sealed in a request; nothing where nothing was opened."""
    if opened.sections:
        log_step("section-opened", opened.request, user, {"sections": opened.sections})


@transaction.atomic
def note_printing(user: User, opened: OpenedRequest, *, with_names: bool) -> None:
    """Note in the log that the plan was shown for printing, with names or without."""
    log_step("plan-printed", opened.request, user, {"names": "yes" if with_names else "no"})


def history_of(request: ProtectionRequest) -> tuple[Done, ...]:
    """What was done with `request`, newest first. Two queries."""
    entries = list(LogEntry.objects.filter(record=record_name(request)).order_by("-number")[:_MOST_ENTRIES])
    names = dict(User.objects.filter(pk__in={each.actor for each in entries}).values_list("pk", "username"))
    return tuple(Done(each.action, names.get(each.actor or 0, ""), each) for each in entries)
