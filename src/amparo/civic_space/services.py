"""What can be done with a condition: written, corrected, reviewed by a second person, published. The only writers."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from amparo.civic_space.facts import CivicSpaceError, ConditionFacts, find_wrong, latest_stage, missing_for_review, tidy
from amparo.civic_space.models import Condition, ConditionStage, ConditionTheme, ConditionVersion
from amparo.civic_space.scope import own_conditions, sees_all_countries
from amparo.institutions.models import Institution, User, this_hour
from amparo.vault import log

DRAFT, IN_REVIEW, RETURNED, APPROVED = "draft", "in-review", "returned", "approved"


@transaction.atomic
def write_condition(user: User, facts: ConditionFacts, token: UUID) -> Condition:
    """A new condition as a draft; the same `token` twice is one. Raises `CivicSpaceError` for what cannot be kept."""
    institution = user.institution
    assert institution is not None  # noqa: S101  (a page of the desk)
    there = own_conditions(user).filter(token=token).first()
    return there or add_condition(institution, facts, token, user)


@transaction.atomic
def add_condition(institution: Institution, facts: ConditionFacts, token: UUID, user: User | None = None) -> Condition:
    """A new draft of `institution`'s, written by `user`, or brought in from a file by nobody who is signed in."""
    facts = tidy(facts)
    _check(institution, facts)
    made = Condition.objects.create(institution=institution, token=token)
    _add_version(made, facts, user)
    _log("condition-written", made, user, {"kind": facts.kind, "country": facts.country})
    return made


@transaction.atomic
def change_condition(user: User, condition: int, number: int, facts: ConditionFacts) -> Condition:
    """Write a new version, which waits for its review; what is public stays until then.

    Raises `CivicSpaceError`: "changed-meanwhile" unless version `number` is the latest. Nothing new writes nothing.
    """
    held = _take(user, condition, number)
    facts = tidy(facts)
    _check(held.institution, facts)
    if _latest(held).facts() == facts:
        return held
    _add_version(held, facts, user)
    _log("condition-changed", held, user, {"version": _latest(held).number})
    return held


@transaction.atomic
def undo_change(user: User, condition: int, number: int) -> Condition:
    """Go back to the version before the latest one, which stays in the history."""
    held = _take(user, condition, number)
    latest = _latest(held)
    if latest.previous is None or held.public_id == latest.pk:
        raise CivicSpaceError("nothing-to-undo")
    held.latest = latest.previous
    held.save(update_fields=["latest"])
    _log("condition-undone", held, user, {"version": latest.number})
    return held


@transaction.atomic
def send_to_review(user: User, condition: int, number: int) -> Condition:
    """Ask a second person to read the latest version. Raises `CivicSpaceError`: "not-now", "not-complete"."""
    held = _take(user, condition, number)
    latest = _latest(held)
    if latest.state not in (DRAFT, RETURNED):
        raise CivicSpaceError("not-now")
    if missing_for_review(latest.facts()):
        raise CivicSpaceError("not-complete")
    latest.state, latest.sent_by = IN_REVIEW, user
    latest.save(update_fields=["state", "sent_by"])
    _log("condition-sent", held, user, {"version": latest.number})
    return held


@transaction.atomic
def approve_condition(user: User, condition: int, number: int) -> Condition:
    """Publish the version that waits for review.

    Raises `CivicSpaceError`: "not-now"; "own-text" for who wrote it or sent it, for four eyes are two people's.
    """
    held = _take(user, condition, number)
    latest = _reviewed(held, user)
    latest.state = APPROVED
    latest.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    latest.stages.filter(public_at=None).update(public_at=this_hour())
    held.public = latest
    held.published_at = held.published_at or this_hour()
    held.save(update_fields=["public", "published_at"])
    transaction.on_commit(empty_public_pages)
    _log("condition-published", held, user, {"version": latest.number})
    return held


@transaction.atomic
def return_condition(user: User, condition: int, number: int, reason: str) -> Condition:
    """Give the version back to who wrote it, with a reason out of condition-return-reasons."""
    held = _take(user, condition, number)
    latest = _reviewed(held, user)
    latest.state, latest.return_reason = RETURNED, reason
    latest.save(update_fields=["state", "reviewed_by", "reviewed_at", "return_reason"])
    _log("condition-returned", held, user, {"reason": reason})
    return held


@transaction.atomic
def withdraw_condition(user: User, condition: int) -> Condition:
    """Take a condition off the public pages; it stays at the desk, and can be put back."""
    held = _take(user, condition)
    if held.public_id is None:
        raise CivicSpaceError("not-now")
    held.public = None
    held.save(update_fields=["public"])
    transaction.on_commit(empty_public_pages)
    _log("condition-withdrawn", held, user)
    return held


@transaction.atomic
def put_back(user: User, condition: int) -> Condition:
    """Undo a withdrawal: the version that two people stood for last is public again."""
    held = _take(user, condition)
    approved = held.versions.filter(state=APPROVED).order_by("-number").first()
    if held.public_id is not None or approved is None:
        raise CivicSpaceError("not-now")
    held.public = approved
    held.save(update_fields=["public"])
    transaction.on_commit(empty_public_pages)
    _log("condition-put-back", held, user, {"version": approved.number})
    return held


@transaction.atomic
def remove_condition(user: User, condition: int) -> None:
    """Take out a condition that was never published. Raises `CivicSpaceError` for another: what was public stays."""
    held = _take(user, condition)
    if held.published_at is not None:
        raise CivicSpaceError("was-public")
    number, institution = held.pk, held.institution
    held.delete()
    log.record("condition-removed", actor=user.pk, institution=institution.code, record=f"condition:{number}")


def empty_public_pages() -> None:
    """Let the public pages be made anew: they are kept until the folder of releases changes (portal.page_cache)."""
    folder = Path(settings.DATA_DIR) / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)


def _take(user: User, condition: int, number: int | None = None) -> Condition:
    held: Condition = (
        own_conditions(user).select_for_update(of=("self",)).select_related("institution", "latest").get(pk=condition)
    )
    if number is not None and _latest(held).number != number:
        raise CivicSpaceError("changed-meanwhile")
    return held


def _latest(held: Condition) -> ConditionVersion:
    assert held.latest is not None  # noqa: S101  (written with its first version)
    return held.latest


def _reviewed(held: Condition, user: User) -> ConditionVersion:
    latest = _latest(held)
    if latest.state != IN_REVIEW:
        raise CivicSpaceError("not-now")
    if user.pk in (latest.written_by_id, latest.sent_by_id):
        raise CivicSpaceError("own-text")
    latest.reviewed_by, latest.reviewed_at = user, this_hour()
    return latest


def _check(institution: Institution, facts: ConditionFacts) -> None:
    for wrong in find_wrong(facts):
        raise CivicSpaceError(wrong.code)
    if not sees_all_countries(institution) and facts.country != institution.country:
        raise CivicSpaceError("other-country")


def _add_version(held: Condition, facts: ConditionFacts, user: User | None) -> ConditionVersion:
    before = held.latest
    number = (held.versions.aggregate(newest=Max("number"))["newest"] or 0) + 1
    stage = latest_stage(facts.stages)
    version = ConditionVersion(
        condition=held,
        number=number,
        previous=before,
        country=facts.country,
        area=facts.area,
        kind=facts.kind,
        effect=facts.effect,
        setting=facts.setting,
        stage=stage.stage if stage else "unknown",
        titles=dict(facts.titles),
        texts=dict(facts.texts),
        sources=[{"title": each.title, "address": each.address} for each in facts.sources],
        written_by=user,
    )
    version.set_dates(facts.date, facts.ended)
    version.save()
    ConditionStage.objects.bulk_create(_stages(version, facts, before))
    ConditionTheme.objects.bulk_create(ConditionTheme(version=version, theme=code) for code in facts.themes)
    held.latest = version
    held.save(update_fields=["latest"])
    return version


def _stages(
    version: ConditionVersion, facts: ConditionFacts, before: ConditionVersion | None
) -> Iterator[ConditionStage]:
    """The stages of `version`; those that the version before had too keep when they became known."""
    known = {(each.stage, str(each.date)): each for each in before.stages.all()} if before else {}
    for each in facts.stages:
        reached = ConditionStage(version=version, stage=each.stage)
        reached.date, reached.earliest = each.date, each.date.earliest if each.date else None
        if same := known.get((each.stage, str(each.date))):
            reached.recorded_at, reached.public_at = same.recorded_at, same.public_at
        yield reached


def _log(action: str, held: Condition, user: User | None, facts: Mapping[str, str | int] | None = None) -> None:
    log.record(
        action,
        actor=user.pk if user else None,
        institution=held.institution.code,
        record=f"condition:{held.pk}",
        facts=dict(facts or {}),
    )
