"""What other packages read of civic space: stages that were reached, by what and when, for rules; and public facts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.dates import EventDate
from amparo.civic_space.models import ConditionStage
from amparo.vocabularies.catalogue import get_vocabulary


@dataclass(frozen=True, slots=True)
class StageReached:
    """That a condition came to a stage. `known_at`: when it became known, to the hour; `is_public`: to others too."""

    condition: int
    institution: str
    country: str
    kind: str
    effect: str
    setting: str
    stage: str
    date: EventDate | None
    known_at: datetime
    is_public: bool


def stages_reached(
    *,
    known_from: datetime | None = None,
    known_until: datetime | None = None,
    kinds: Collection[str] = (),
    stages: Collection[str] = (),
    effects: Collection[str] = (),
    country: str = "",
    institution: str = "",
) -> Iterator[StageReached]:
    """The public stages of conditions, in the order in which they became known. One query.

    `kinds` find what is below them too: "law" finds a law on association. An empty choice leaves all in. Known from
    `known_from` on, and before `known_until`: times are kept to the hour, so give whole hours that are over, and a rule
    that begins where it ended misses and doubles none.
    With the code of an `institution`: what it wrote down itself, drafts too, by when that was; for its own eyes only.
    """
    if institution:
        found = ConditionStage.objects.filter(
            version__latest_of__isnull=False, version__condition__institution__code=institution
        )
    else:
        found = ConditionStage.objects.filter(version__public_of__isnull=False, public_at__isnull=False)
    known = "recorded_at" if institution else "public_at"
    asked: dict[str, object] = {}
    if known_from is not None:
        asked[f"{known}__gte"] = known_from
    if known_until is not None:
        asked[f"{known}__lt"] = known_until
    if kinds:
        vocabulary = get_vocabulary("condition-kinds")
        asked["version__kind__in"] = {code for kind in kinds for code in vocabulary.with_narrower(kind)}
    if stages:
        asked["stage__in"] = stages
    if effects:
        asked["version__effect__in"] = effects
    if country:
        asked["version__country"] = country
    ordered = found.filter(**asked).select_related("version__condition__institution").order_by(known, "pk")
    for each in ordered:
        version = each.version
        yield StageReached(
            version.condition_id,
            version.condition.institution.code,
            version.country,
            version.kind,
            version.effect,
            version.setting,
            each.stage,
            each.date,
            getattr(each, known),
            version.condition.public_id == version.pk,
        )
