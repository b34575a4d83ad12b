"""Recommendations to authorities that an alert carries, their answers and results; and the after-action review."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.warning.held import AlertError, ChangedMeanwhile, NotNow, note_change, take_alert, write_words
from amparo.warning.models import Advice, Alert, Bottleneck, Review

ADVICE, REVIEW = "alert-advice", "alert-review"
MOST_BOTTLENECKS = 3


class TooMany(AlertError):
    """More than three of a kind for one interval: what matters most has to be chosen."""

    code = "too-many"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an authority is asked to do: codes and days, and words that go sealed."""

    authority: str
    theme: str
    given_on: date
    answer_by: date | None = None
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Finding:
    """That something hindered (or, with `helped`, helped) in one interval of 7-1-7."""

    interval: str
    kind: str
    helped: bool = False


@transaction.atomic
def give_advice(user: User, alert: int, said: Recommendation) -> Advice:
    """Note a recommendation to an authority. Sent twice it is one. Raises `Alert.DoesNotExist`, `NotNow`."""
    held = take_alert(user, alert)
    if (found := Advice.objects.filter(token=said.token, alert=held).first()) is not None:
        return found
    advice = Advice.objects.create(
        alert=held,
        token=said.token,
        authority=said.authority,
        theme=said.theme,
        given_on=said.given_on,
        answer_by=said.answer_by,
        section=write_words(None, said.words, ADVICE, held.institution),
    )
    note_change("advice-given", held, user, {"authority": said.authority})
    return advice


@transaction.atomic
def note_answer(
    user: User,
    advice: int,
    answer: str,
    *,
    answered_on: date | None,
    result: str,
    version: int,
    words: Mapping[str, str] | None = None,
    unlocked: vault.Unlocked | None = None,
) -> Advice:
    """Note what an authority answered and what came of it; also after the alert was closed.

    Raises `Advice.DoesNotExist`, `ChangedMeanwhile`, `KeysClosed`.
    """
    held = (
        Advice.objects.select_for_update(of=("self",))
        .select_related("section")
        .get(pk=advice, alert__institution=user.institution_id)
    )
    if held.version != version:
        raise ChangedMeanwhile
    alert = take_alert(user, held.alert_id, open_only=False)
    held.answer, held.answered_on, held.result = answer, answered_on, result
    if words is not None:
        held.section = write_words(held.section, words, ADVICE, alert.institution, unlocked)
    held.version += 1
    held.save()
    note_change("advice-answered", alert, user, {"answer": answer, "result": result})
    return held


@transaction.atomic
def keep_review(
    user: User,
    alert: int,
    held_on: date,
    findings: Collection[Finding],
    words: Mapping[str, str],
    *,
    version: int = 0,
    unlocked: vault.Unlocked | None = None,
) -> Review:
    """Keep the after-action review of an alert that was closed, or write it anew; `version` is 0 for the first.

    Raises `NotNow` while the alert is open, `TooMany`, `ChangedMeanwhile`, `KeysClosed`.
    """
    its = take_alert(user, alert, open_only=False)
    if its.state != "closed":
        raise NotNow
    _check(findings)
    review = Review.objects.filter(alert=its).select_related("section").first() or Review(alert=its, version=0)
    if review.version != version:
        raise ChangedMeanwhile
    review.held_on, review.held_by = held_on, user
    review.section = write_words(review.section, words, REVIEW, its.institution, unlocked)
    review.version += 1
    review.save()
    review.bottlenecks.all().delete()
    Bottleneck.objects.bulk_create(
        Bottleneck(review=review, interval=each.interval, kind=each.kind, helped=each.helped)
        for each in dict.fromkeys(findings)
    )
    note_change("alert-reviewed", its, user)
    return review


def _check(findings: Collection[Finding]) -> None:
    for each in findings:
        if sum(1 for other in findings if (other.interval, other.helped) == (each.interval, each.helped)) > (
            MOST_BOTTLENECKS
        ):
            raise TooMany


def alerts_to_review(user: User) -> int:
    """How many closed alerts of `user`'s institution have had no review yet."""
    return Alert.objects.filter(institution=user.institution_id, state="closed", review=None, is_drill=False).count()
