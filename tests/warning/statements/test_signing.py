"""Signing and approving: what holds, what falls when the text changes, and what is missing before it is issued."""

from collections.abc import Callable

import pytest

from amparo.warning.held import ChangedMeanwhile
from amparo.warning.models import Statement
from amparo.warning.statements.drafting import change_text, leave, take_off
from amparo.warning.statements.held import parties_of
from amparo.warning.statements.signing import approve, find_standing, sign, take_back_signature
from amparo.warning.statements.texts import Words
from tests.warning.statements.conftest import Drafted

OTHER = Words("Other invented title", "Other invented words")


def missing(statement: Statement) -> tuple[str, ...]:
    statement = Statement.objects.select_related("alert").get(pk=statement.pk)
    return find_standing(statement, parties_of(statement)).missing


def test_it_works(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    assert missing(statement) == ("not-all-signed",)
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
        sign(drafted.user(kind), statement.pk, version=1)
    assert missing(statement) == ()


def test_signatures_fall_with_the_text(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    change_text(
        drafted.user("network"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["network"].unlocked
    )
    assert missing(statement) == ("not-all-signed",)
    # That it had signed stays readable, so that the page can say that it no longer holds.
    assert [each.signed_version for each in parties_of(statement)] == [1, 1]
    with pytest.raises(ChangedMeanwhile):
        sign(drafted.user("nhri"), statement.pk, version=1)


def test_a_signature_can_be_taken_back(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    take_back_signature(drafted.user("network"), statement.pk)
    take_back_signature(drafted.user("network"), statement.pk)
    assert missing(statement) == ("not-all-signed",)


def test_one_institution_alone_is_not_joint(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    sign(drafted.user("nhri"), statement.pk, version=1)
    take_off(drafted.user("nhri"), statement.pk, drafted.chain["network"].institution.pk)
    assert missing(statement) == ("not-joint",)


def test_the_threatened_institution_approves_without_signing(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network")
    sign(drafted.user("network"), statement.pk, version=1)
    assert missing(statement) == ("statement-not-approved",)
    approve(drafted.user("nhri"), statement.pk, approved=True, version=1)
    assert missing(statement) == ()
    change_text(
        drafted.user("network"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["network"].unlocked
    )
    sign(drafted.user("network"), statement.pk, version=2)
    assert missing(statement) == ("statement-not-approved",)
    approve(drafted.user("nhri"), statement.pk, approved=True, version=2)
    approve(drafted.user("nhri"), statement.pk, approved=False, version=2)
    assert missing(statement) == ("statement-not-approved",)
    # Who signs approves with it.
    sign(drafted.user("nhri"), statement.pk, version=2)
    assert missing(statement) == ()


def test_nothing_is_issued_without_a_threatened_institution_that_left(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network", "ganhri")
    sign(drafted.user("nhri"), statement.pk, version=1)
    leave(drafted.user("nhri"), statement.pk)
    for kind in ("network", "ganhri"):
        sign(drafted.user(kind), statement.pk, version=1)
    assert missing(statement) == ("statement-not-approved",)


def test_who_is_threatened_and_drafts_it_needs_no_approval_of_its_own(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    assert missing(statement) == ()
    with pytest.raises(Statement.DoesNotExist):
        approve(drafted.user("nhri"), statement.pk, approved=True, version=1)


def test_whom_it_is_not_about_approves_nothing(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network", "ganhri")
    for kind in ("network", "ganhri"):
        with pytest.raises(Statement.DoesNotExist):
            approve(drafted.user(kind), statement.pk, approved=True, version=1)
