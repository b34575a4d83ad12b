"""The register of laws that are used against defenders, and in which acts they were."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from amparo.cases.held import note_change, take_incident
from amparo.cases.models import Incident, Law, LawUsed
from amparo.institutions.models import User
from amparo.vault import log


@dataclass(frozen=True, slots=True)
class LawFacts:
    """A law as it was published: public facts, in clear."""

    country: str
    kind: str
    title: str
    language: str = ""
    year: int | None = None


def laws_of(user: User) -> QuerySet[Law]:
    """The register of `user`'s institution, with how often each law was used (`times`)."""
    return Law.objects.filter(institution=user.institution).annotate(times=Count("uses"))


@transaction.atomic
def register_law(user: User, facts: LawFacts) -> Law:
    """The law in the register of `user`'s institution; the one that is there already, where it is the same."""
    assert user.institution is not None  # noqa: S101  (every desk page asks for it)
    law, added = Law.objects.get_or_create(
        institution=user.institution,
        country=facts.country,
        title=facts.title,
        year=facts.year,
        defaults={"kind": facts.kind, "language": facts.language},
    )
    if added:
        log.record("law-registered", actor=user.pk, institution=user.institution.code, record=f"law:{law.pk}")
    return law


@transaction.atomic
def change_law(user: User, law: int, facts: LawFacts) -> Law:
    """Correct a law of the register. Raises `Law.DoesNotExist`, and IntegrityError where it is another's twin then."""
    held = Law.objects.select_for_update().select_related("institution").get(pk=law, institution=user.institution)
    held.country, held.kind, held.title = facts.country, facts.kind, facts.title
    held.language, held.year = facts.language, facts.year
    held.save()
    log.record("law-changed", actor=user.pk, institution=held.institution.code, record=f"law:{held.pk}")
    return held


@dataclass(frozen=True, slots=True)
class LawInCase:
    """A law that was the instrument of a kind of act in a case, and of how many acts of that kind."""

    law: Law
    kind: str
    acts: int


def laws_in(incident: Incident) -> list[LawInCase]:
    """The laws used in `incident`, by kind of act. Two queries, however many acts there are."""
    used = LawUsed.objects.filter(act__incident=incident).values("law", "act__kind").annotate(acts=Count("pk"))
    rows = list(used.order_by("law", "act__kind"))
    laws = Law.objects.in_bulk({row["law"] for row in rows})
    return [LawInCase(laws[row["law"]], row["act__kind"], row["acts"]) for row in rows]


def kinds_in(incident: Incident) -> list[str]:
    """The kinds of act in `incident`."""
    return list(incident.acts.order_by("kind").values_list("kind", flat=True).distinct())


@transaction.atomic
def use_law(user: User, incident: int, kind: str, law: int) -> int:
    """Note that `law` was the instrument of the acts of `kind` in a case; of how many. Twice is once.

    Raises `Law.DoesNotExist`.
    """
    held, found = take_incident(user, incident), laws_of(user).get(pk=law)
    new = list(held.acts.filter(kind=kind).exclude(laws_used__law=found).values_list("pk", flat=True))
    LawUsed.objects.bulk_create((LawUsed(act_id=act, law=found) for act in new), batch_size=500)
    if new:
        note_change("law-used", held, user, {"law": law, "kind": kind, "acts": len(new)})
    return len(new)


@transaction.atomic
def unuse_law(user: User, incident: int, kind: str, law: int) -> None:
    """Take back that `law` was used in the acts of `kind` in a case."""
    held = take_incident(user, incident)
    taken, _ = LawUsed.objects.filter(law=law, act__incident=held, act__kind=kind).delete()
    if taken:
        note_change("law-not-used", held, user, {"law": law, "kind": kind, "acts": taken})
