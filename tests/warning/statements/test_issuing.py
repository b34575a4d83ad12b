"""Issuing, correcting, withdrawing: what becomes public, once; killed on the way nothing does."""

from collections.abc import Callable
from unittest import mock
from uuid import uuid4

import pytest

from amparo.vault.models import LogEntry, Section
from amparo.warning.held import ChangedMeanwhile, KeysClosed, NotNow
from amparo.warning.models import PublicStatement, Signatory, Statement, StatementNote
from amparo.warning.statements import issuing
from amparo.warning.statements.drafting import change_text, leave
from amparo.warning.statements.held import KIND, NotReady
from amparo.warning.statements.issuing import correct, issue, withdraw
from amparo.warning.statements.reading import public_statements, show_statement
from amparo.warning.statements.signing import approve, sign
from amparo.warning.statements.texts import Words
from tests.leaks import find_leaks_in_database
from tests.warning.statements.conftest import BODY, TITLE, Drafted


@pytest.fixture
def signed(drafted: Drafted) -> Statement:
    statement = drafted.begin("nhri", "network")
    for kind in ("nhri", "network"):
        sign(drafted.user(kind), statement.pk, version=1)
    return statement


@pytest.fixture
def public(drafted: Drafted, signed: Statement) -> PublicStatement:
    return issue(drafted.user("nhri"), signed.pk, version=1, unlocked=drafted.chain["nhri"].unlocked)


def test_it_works(drafted: Drafted, signed: Statement) -> None:
    user, unlocked = drafted.user("nhri"), drafted.chain["nhri"].unlocked

    first, second = (issue(user, signed.pk, version=1, unlocked=unlocked) for _ in range(2))

    assert first == second == PublicStatement.objects.get()
    shown = show_statement(public_statements().get(), "ar")
    assert (shown.title, shown.body, shown.language) == (TITLE, BODY, "en")
    assert [each.institution.kind for each in shown.signatories] == ["nhri", "network"]
    # What is public lies sealed nowhere any more.
    assert Section.objects.filter(kind=KIND).count() == 0
    assert Signatory.objects.count() == 2
    (logged,) = LogEntry.objects.filter(action="statement-issued")
    assert logged.facts == {"statement": signed.pk, "version": 1, "public": first.pk, "names-looked-for": 1}


@pytest.mark.parametrize("where", ["destroy_copies", "_tell_others", "log_statement"])
def test_killed_on_the_way_it_was_not_issued(where: str, drafted: Drafted, signed: Statement) -> None:
    user, unlocked = drafted.user("nhri"), drafted.chain["nhri"].unlocked
    with mock.patch.object(issuing, where, side_effect=SystemExit), pytest.raises(SystemExit):
        issue(user, signed.pk, version=1, unlocked=unlocked)

    assert PublicStatement.objects.count() == 0
    assert Section.objects.filter(kind=KIND).count() == 2
    assert find_leaks_in_database([TITLE]) == []
    assert issue(user, signed.pk, version=1, unlocked=unlocked).texts["en"]["title"] == TITLE


def test_only_who_drafted_issues(drafted: Drafted, signed: Statement) -> None:
    for kind in ("network", "ganhri"):
        with pytest.raises(Statement.DoesNotExist):
            issue(drafted.user(kind), signed.pk, version=1, unlocked=drafted.chain[kind].unlocked)


def test_without_all_signatures_it_is_not_issued(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    with pytest.raises(NotReady) as refused:
        issue(drafted.user("nhri"), statement.pk, version=1, unlocked=drafted.chain["nhri"].unlocked)
    assert refused.value.code == "not-all-signed"


def test_another_text_than_was_read_is_not_issued(drafted: Drafted, signed: Statement) -> None:
    unlocked = drafted.chain["nhri"].unlocked
    change_text(drafted.user("nhri"), signed.pk, "fr", Words("Titre", "Texte"), version=1, unlocked=unlocked)
    with pytest.raises(ChangedMeanwhile):
        issue(drafted.user("nhri"), signed.pk, version=1, unlocked=unlocked)


def test_with_closed_keys_it_is_not_issued(drafted: Drafted, signed: Statement) -> None:
    with pytest.raises(KeysClosed):
        issue(drafted.user("nhri"), signed.pk, version=1, unlocked=None)


def test_who_approved_and_did_not_sign_is_no_signatory(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network")
    sign(drafted.user("network"), statement.pk, version=1)
    approve(drafted.user("nhri"), statement.pk, approved=True, version=1)
    issue(drafted.user("network"), statement.pk, version=1, unlocked=drafted.chain["network"].unlocked)
    assert Signatory.objects.get().institution.kind == "network"


def test_once_issued_nobody_edits_signs_or_leaves(drafted: Drafted, public: PublicStatement) -> None:
    number, unlocked = public.statement_id, drafted.chain["network"].unlocked
    for do in (
        lambda: change_text(drafted.user("network"), number, "en", Words("A", "B"), version=1, unlocked=unlocked),
        lambda: sign(drafted.user("network"), number, version=1),
        lambda: leave(drafted.user("network"), number),
        lambda: leave(drafted.user("nhri"), number),
    ):
        with pytest.raises(NotNow):
            do()


def test_a_correction_stands_beside_what_was_said(drafted: Drafted, public: PublicStatement) -> None:
    token = uuid4()
    for _ in range(2):
        correct(drafted.user("nhri"), public.pk, {"en": "It was three, not two.", "fr": " "}, token)
    shown = show_statement(public_statements().get(), "en")
    assert [each.texts for each in shown.corrections] == [{"en": "It was three, not two."}]
    assert (shown.body, shown.withdrawn_on) == (BODY, None)


def test_withdrawn_its_words_are_gone_and_the_notice_stays(drafted: Drafted, public: PublicStatement) -> None:
    user = drafted.user("nhri")
    correct(user, public.pk, {"en": "Of Brondemarque: it was three."}, uuid4())
    for _ in range(2):
        withdraw(user, public.pk, {"en": "It rested on a mistake."}, uuid4())
    shown = show_statement(public_statements().get(), "en")
    assert shown.withdrawal is not None
    assert (shown.withdrawal.texts, shown.title, shown.corrections) == ({"en": "It rested on a mistake."}, "", ())
    assert shown.withdrawn_on is not None
    assert find_leaks_in_database([TITLE, "Brondemarque", *BODY.split("\n\n")]) == []
    with pytest.raises(NotNow):
        correct(user, public.pk, {"en": "Late"}, uuid4())


@pytest.mark.parametrize("do", [correct, withdraw])
def test_another_institution_neither_corrects_nor_withdraws(
    do: Callable[..., object], drafted: Drafted, public: PublicStatement
) -> None:
    with pytest.raises(PublicStatement.DoesNotExist):
        do(drafted.user("network"), public.pk, {"en": "Invented"}, uuid4())


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"fr": "Inventé"}, "no-note"),
        ({"en": "x" * 1501}, "body-too-long"),
        ({"en": "a@b.example"}, "body-has-contact"),
    ],
)
def test_a_note_that_cannot_be_is_told(
    texts: dict[str, str], code: str, drafted: Drafted, public: PublicStatement
) -> None:
    with pytest.raises(NotReady) as refused:
        correct(drafted.user("nhri"), public.pk, texts, uuid4())
    assert refused.value.code == code
    assert StatementNote.objects.count() == 0
