"""Drafting together: who reads, who edits, who is invited and leaves; and each way in which it cannot be."""

from collections.abc import Callable

import pytest

from amparo.institutions.models import Institution
from amparo.vault import services as vault
from amparo.vault.models import LogEntry, Section
from amparo.warning.alerts.deciding import merge
from amparo.warning.held import ChangedMeanwhile, KeysClosed, NotNow
from amparo.warning.models import Alert, Statement, StatementParty
from amparo.warning.response.acting import NotInIt
from amparo.warning.statements.drafting import Draft, begin_statement, change_text, invite, leave, take_off
from amparo.warning.statements.held import KIND, NotReady, statements_for
from amparo.warning.statements.signing import sign
from amparo.warning.statements.texts import Words, read_fields
from tests.factories import make_institution, make_member
from tests.leaks import find_leaks_in_database
from tests.warning.alerting import make_alert
from tests.warning.statements.conftest import BODY, TITLE, Drafted

OTHER = Words("Other invented title", "Other invented words Velandruce")


def read(drafted: Drafted, statement: Statement, kind: str) -> dict[str, Words] | None:
    """What the institution of that kind reads; None where it has no copy."""
    founded = drafted.chain[kind]
    part = StatementParty.objects.select_related("section").get(statement=statement, institution=founded.institution)
    if part.section is None:
        return None
    return dict(read_fields(vault.open_sections([part.section], founded.unlocked)[part.section.pk]).versions)


def test_it_works(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")

    changed = change_text(
        drafted.user("network"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["network"].unlocked
    )

    assert changed.version == 2
    assert read(drafted, statement, "nhri") == read(drafted, statement, "network") == {"en": OTHER}
    assert [(each.version, each.institution.kind) for each in statement.edits.all()] == [(2, "network"), (1, "nhri")]
    assert all(each.edited_at.minute % 15 == 0 for each in statement.edits.all())
    # Two copies, and nothing is left of the ones before.
    assert Section.objects.filter(kind=KIND).count() == 2
    actions = LogEntry.objects.filter(record=f"alert:{drafted.alert.pk}").values_list("action", flat=True)
    assert {"statement-begun", "statement-changed"} <= set(actions)


def test_nothing_of_a_draft_lies_open(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    change_text(drafted.user("nhri"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["nhri"].unlocked)
    assert find_leaks_in_database([TITLE, *BODY.split("\n\n"), OTHER.title, OTHER.body]) == []


def test_sent_twice_it_is_one(drafted: Drafted) -> None:
    draft = Draft("en", Words(TITLE, BODY))
    first, second = (begin_statement(drafted.user("nhri"), drafted.alert.pk, draft) for _ in range(2))
    assert first == second
    assert StatementParty.objects.count() == 1


def test_only_who_takes_part_has_a_key(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    holders = {key.holder for each in Section.objects.filter(kind=KIND) for key in each.keys.all()}
    assert holders == {drafted.chain[kind].institution.key_pair for kind in ("nhri", "network")}
    assert not statements_for(drafted.user("ganhri")).filter(pk=statement.pk).exists()


def test_who_has_no_part_in_the_alert_begins_none_and_is_not_invited(drafted: Drafted) -> None:
    other = make_institution()
    with pytest.raises(Alert.DoesNotExist):
        begin_statement(make_member(other), drafted.alert.pk, Draft("en", Words(TITLE, BODY)))
    with pytest.raises(NotInIt):
        begin_statement(drafted.user("nhri"), drafted.alert.pk, Draft("en", Words(TITLE, BODY), [other.institution.pk]))
    statement = drafted.begin()
    with pytest.raises(NotInIt):
        invite(drafted.user("nhri"), statement.pk, other.institution.pk, unlocked=drafted.chain["nhri"].unlocked)


def test_a_drill_and_a_closed_alert_have_none(drafted: Drafted) -> None:
    user = drafted.user("nhri")
    drill = make_alert(user, is_drill=True)
    with pytest.raises(NotNow):
        begin_statement(user, drill.pk, Draft("en", Words(TITLE, BODY)))
    Alert.objects.filter(pk=drafted.alert.pk).update(state="closed")
    with pytest.raises(NotNow):
        drafted.begin()


def test_the_threatened_institution_is_always_invited(make_drafted: Callable[..., Drafted]) -> None:
    drafted = make_drafted(threatens_institution=True)
    statement = drafted.begin("network", "ganhri")
    assert [each.institution.kind for each in statement.parties.all()] == ["network", "nhri", "ganhri"]


def test_also_where_another_opened_the_alert_about_it(drafted: Drafted) -> None:
    nhri = drafted.chain["nhri"].institution
    alert = make_alert(drafted.user("network"), threatened=nhri)
    statement = begin_statement(drafted.user("network"), alert.pk, Draft("en", Words(TITLE, BODY)))
    assert [each.institution.kind for each in statement.parties.all()] == ["network", "nhri"]
    Institution.objects.filter(pk=nhri.pk).update(locked_at=alert.opened_at)
    other = begin_statement(drafted.user("network"), alert.pk, Draft("en", Words(TITLE, BODY)))
    assert [each.institution.kind for each in other.parties.all()] == ["network"]


def test_merged_the_statements_of_an_alert_go_along(drafted: Drafted) -> None:
    user, statement = drafted.user("nhri"), drafted.begin("nhri", "network")
    into = make_alert(user)
    drafted.alert.refresh_from_db()
    merge(user, drafted.alert.pk, into.pk, version=drafted.alert.version)
    statement.refresh_from_db()
    assert statement.alert == into
    assert sign(drafted.user("network"), statement.pk, version=1)


def test_two_who_edit_at_once_are_told(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    change_text(drafted.user("nhri"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["nhri"].unlocked)
    with pytest.raises(ChangedMeanwhile):
        change_text(
            drafted.user("network"),
            statement.pk,
            "en",
            Words("Late", "Late words"),
            version=1,
            unlocked=drafted.chain["network"].unlocked,
        )
    assert read(drafted, statement, "network") == {"en": OTHER}


def test_the_same_words_again_change_nothing(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    sign(drafted.user("network"), statement.pk, version=1)
    unlocked = drafted.chain["nhri"].unlocked
    again = change_text(drafted.user("nhri"), statement.pk, "en", Words(TITLE, BODY), version=1, unlocked=unlocked)
    assert again.version == 1


def test_further_languages_come_and_go_and_the_first_stays(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    user, unlocked = drafted.user("nhri"), drafted.chain["nhri"].unlocked
    change_text(user, statement.pk, "ar", OTHER, version=1, unlocked=unlocked)
    assert set(read(drafted, statement, "network") or ()) == {"en", "ar"}
    change_text(user, statement.pk, "ar", Words("", " "), version=2, unlocked=unlocked)
    assert set(read(drafted, statement, "network") or ()) == {"en"}
    with pytest.raises(NotReady) as refused:
        change_text(user, statement.pk, "en", Words("", ""), version=3, unlocked=unlocked)
    assert refused.value.code == "no-title"


def test_without_open_keys_nothing_is_changed(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    for unlocked in (None, drafted.chain["network"].unlocked):
        with pytest.raises(KeysClosed):
            change_text(drafted.user("nhri"), statement.pk, "en", OTHER, version=1, unlocked=unlocked)


def test_who_declines_loses_the_text(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    sign(drafted.user("network"), statement.pk, version=1)
    leave(drafted.user("network"), statement.pk)
    leave(drafted.user("network"), statement.pk)

    assert read(drafted, statement, "network") is None
    assert Section.objects.filter(kind=KIND).count() == 1
    assert not statements_for(drafted.user("network")).exists()
    with pytest.raises(Statement.DoesNotExist):
        sign(drafted.user("network"), statement.pk, version=1)
    part = StatementParty.objects.get(institution=drafted.chain["network"].institution)
    assert (part.signed_version, part.was_taken_off) == (None, False)
    change_text(drafted.user("nhri"), statement.pk, "en", OTHER, version=1, unlocked=drafted.chain["nhri"].unlocked)
    assert read(drafted, statement, "network") is None


def test_who_was_taken_off_can_be_invited_again(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    user, network = drafted.user("nhri"), drafted.chain["network"].institution
    take_off(user, statement.pk, network.pk)
    take_off(user, statement.pk, network.pk)
    assert read(drafted, statement, "network") is None
    invite(user, statement.pk, network.pk, unlocked=drafted.chain["nhri"].unlocked)
    invite(user, statement.pk, network.pk, unlocked=drafted.chain["nhri"].unlocked)
    assert read(drafted, statement, "network") == {"en": Words(TITLE, BODY)}
    assert StatementParty.objects.count() == 2


def test_the_drafter_is_not_taken_off_and_only_it_invites(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    nhri, ganhri = (drafted.chain[kind].institution.pk for kind in ("nhri", "ganhri"))
    take_off(drafted.user("nhri"), statement.pk, nhri)
    assert statements_for(drafted.user("nhri")).exists()
    for do in (
        lambda: invite(drafted.user("network"), statement.pk, ganhri, unlocked=drafted.chain["network"].unlocked),
        lambda: take_off(drafted.user("network"), statement.pk, nhri),
    ):
        with pytest.raises(Statement.DoesNotExist):
            do()


def test_where_the_drafter_gives_up_nothing_is_left(drafted: Drafted) -> None:
    statement = drafted.begin("nhri", "network")
    leave(drafted.user("nhri"), statement.pk)
    leave(drafted.user("nhri"), statement.pk)
    assert Section.objects.filter(kind=KIND).count() == 0
    with pytest.raises(NotNow):
        sign(drafted.user("network"), statement.pk, version=1)
    assert LogEntry.objects.filter(action="statement-dropped").count() == 1


def test_what_cannot_be_public_is_not_kept(drafted: Drafted) -> None:
    with pytest.raises(NotReady) as refused:
        drafted.begin(body="Call +1 555 010 0199 9")
    assert refused.value.code == "body-has-contact"
    assert Statement.objects.count() == 0
