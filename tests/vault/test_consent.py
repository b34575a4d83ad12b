"""Consents: nothing sealed goes to a recipient without one, and what was given under one goes when it ends."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.consent import today
from amparo.vault.keys import VaultError
from amparo.vault.models import Consent, KeyPair, LogEntry, Section, SectionKey, SharedFor
from amparo.vault.services import ConsentMissing, Unlocked
from tests.factories import SUPPORT, give_consent

pytestmark = pytest.mark.django_db
FIELDS: dict[str, object] = {"name": "Invented Person"}
STATISTICS = "statistics"

Holder = tuple[KeyPair, Unlocked]


@pytest.fixture
def own() -> Holder:
    return vault.make_institutional_key_pair("nhri")


@pytest.fixture
def network() -> Holder:
    return vault.make_institutional_key_pair("network")


@pytest.fixture
def section(own: Holder) -> Section:
    return vault.keep_section(FIELDS, "identity", [own[0]])


def opens(section: Section, holder: Holder) -> bool:
    stored = Section.objects.get(pk=section.pk)
    return vault.open_sections([stored], holder[1]) == {section.pk: FIELDS}


def let_run_out() -> None:
    Consent.objects.update(expires_on=today() - timedelta(days=1))


def test_it_works(section: Section, own: Holder, network: Holder) -> None:
    (given,) = vault.give_consent([section], "network", SUPPORT, "in-person", "es", today())

    vault.share_section(section, own[1], network[0], SUPPORT)

    assert opens(section, network)
    assert (given.how, given.language, given.given_on, given.expires_on) == ("in-person", "es", today(), None)
    assert vault.consents_of([section]) == [given]


@pytest.mark.parametrize(
    ("recipient", "purpose"), [("ganhri", SUPPORT), ("network", STATISTICS), ("sca", SUPPORT), ("network", "unknown")]
)
def test_a_consent_for_another_recipient_or_purpose_gives_nothing(
    section: Section, own: Holder, network: Holder, recipient: str, purpose: str
) -> None:
    give_consent(section, recipient=recipient, purpose=purpose)

    with pytest.raises(ConsentMissing):
        vault.share_section(section, own[1], network[0], SUPPORT if purpose != "unknown" else purpose)

    assert not opens(section, network)


def test_a_consent_for_another_section_gives_nothing(section: Section, own: Holder, network: Holder) -> None:
    give_consent(vault.keep_section(FIELDS, "identity", [own[0]]))

    with pytest.raises(ConsentMissing):
        vault.share_section(section, own[1], network[0], SUPPORT)


def test_who_is_no_recipient_is_given_nothing(section: Section, own: Holder) -> None:
    person, _ = vault.make_institutional_key_pair()
    give_consent(section)

    with pytest.raises(ConsentMissing):
        vault.share_section(section, own[1], person, SUPPORT)


def test_withdrawing_takes_the_key_and_gives_a_new_data_key(section: Section, own: Holder, network: Holder) -> None:
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)
    old_key = vault.data_key_of(section, own[1])
    wrapped = bytes(SectionKey.objects.get(section=section, holder=network[0]).wrapped_key)

    (ended,) = vault.withdraw_consent([section], "network", SUPPORT, own[1])

    stored = Section.objects.get(pk=section.pk)
    assert ended.withdrawn_on == today()
    assert not SectionKey.objects.filter(holder=network[0]).exists()
    assert opens(section, own)
    with pytest.raises(VaultError):
        seal.decrypt_fields(bytes(stored.ciphertext), old_key, section.pk, "identity")
    with pytest.raises(VaultError):
        seal.open_section(seal.Sealed(bytes(stored.ciphertext), wrapped), section.pk, "identity", network[1].private)
    # What the caller has in hand is what is stored.
    assert vault.open_sections([section], own[1]) == {section.pk: FIELDS}


def test_without_an_open_key_the_next_opening_gives_the_new_data_key(
    section: Section, own: Holder, network: Holder
) -> None:
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)
    old = vault.data_key_of(section, own[1])

    vault.withdraw_consent([section], "network")

    assert section.new_key_due
    assert not opens(section, network)
    assert opens(section, own)
    stored = Section.objects.get(pk=section.pk)
    assert not stored.new_key_due
    assert vault.data_key_of(stored, own[1]) != old


def test_what_is_written_anew_after_a_withdrawal_has_a_new_data_key(
    section: Section, own: Holder, network: Holder
) -> None:
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)
    old = vault.data_key_of(section, network[1])
    vault.withdraw_consent([section], "network")

    vault.rewrite_section(section, own[1], {"name": "Another Invented Person"})

    with pytest.raises(VaultError):
        seal.decrypt_fields(bytes(section.ciphertext), old, section.pk, "identity")


def test_another_purpose_that_was_shared_for_keeps_the_key(section: Section, own: Holder, network: Holder) -> None:
    for purpose in (SUPPORT, STATISTICS):
        give_consent(section, purpose=purpose)
        vault.share_section(section, own[1], network[0], purpose)

    vault.withdraw_consent([section], "network", SUPPORT, own[1])
    assert opens(section, network)
    vault.withdraw_consent([section], "network", STATISTICS, own[1])
    assert not opens(section, network)


def test_a_consent_that_nothing_was_shared_under_keeps_no_key(section: Section, own: Holder, network: Holder) -> None:
    give_consent(section)
    give_consent(section, purpose=STATISTICS)
    vault.share_section(section, own[1], network[0], SUPPORT)

    vault.withdraw_consent([section], "network", SUPPORT, own[1])

    assert not opens(section, network)


def test_withdrawing_never_takes_ones_own(section: Section, own: Holder) -> None:
    give_consent(section, recipient="nhri")
    vault.share_section(section, own[1], own[0], SUPPORT)

    vault.withdraw_consent([section], "nhri", None, own[1])

    assert opens(section, own)
    assert not SharedFor.objects.exists()


def test_another_recipients_key_stays(section: Section, own: Holder, network: Holder) -> None:
    ganhri = vault.make_institutional_key_pair("ganhri")
    for holder, recipient in ((network, "network"), (ganhri, "ganhri")):
        give_consent(section, recipient=recipient)
        vault.share_section(section, own[1], holder[0], SUPPORT)

    vault.withdraw_consent([section], "network", SUPPORT, own[1])

    assert opens(section, ganhri)
    assert not opens(section, network)


def test_a_consent_that_ran_out_opens_nothing_at_once(section: Section, own: Holder, network: Holder) -> None:
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)

    let_run_out()

    assert not opens(section, network)
    with pytest.raises(SectionKey.DoesNotExist):
        vault.data_key_of(section, network[1])
    with pytest.raises(ConsentMissing):
        vault.share_section(section, own[1], network[0], SUPPORT)
    assert vault.open_for_recipient([section], own[1], "network", SUPPORT) == {}


def test_on_its_last_day_a_consent_holds(section: Section, own: Holder, network: Holder) -> None:
    give_consent(section, expires_on=today())

    vault.share_section(section, own[1], network[0], SUPPORT)

    assert opens(section, network)
    assert vault.close_expired() == 0


def test_the_daily_duty_takes_expired_keys_away(section: Section, own: Holder, network: Holder) -> None:
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)
    old = vault.data_key_of(section, own[1])
    let_run_out()

    assert vault.close_expired() == 1

    assert vault.close_expired() == 0
    assert list(SectionKey.objects.values_list("holder", flat=True)) == [own[0].pk]
    assert opens(section, own)
    assert vault.data_key_of(section, own[1]) != old


def test_a_newer_consent_takes_the_place_of_the_older(section: Section, own: Holder, network: Holder) -> None:
    (first,) = give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)

    (second,) = give_consent(section, expires_on=today() - timedelta(days=1))

    first.refresh_from_db()
    assert (first.replaced_by, first.withdrawn_on) == (second, None)
    assert not opens(section, network)
    assert not SectionKey.objects.filter(holder=network[0]).exists()
    assert vault.consents_of([section]) == [first, second]


def test_given_twice_alike_is_given_once(section: Section) -> None:
    assert give_consent(section) == give_consent(section)
    assert Consent.objects.count() == 1


def test_who_agrees_again_after_a_withdrawal_gives_a_new_consent(section: Section, own: Holder) -> None:
    give_consent(section)
    vault.withdraw_consent([section], "network", SUPPORT, own[1])

    give_consent(section)

    assert [each.withdrawn_on for each in vault.consents_of([section])] == [today(), None]


@pytest.mark.parametrize(
    ("recipient", "purpose", "given", "expires"),
    [("", SUPPORT, 0, None), ("network", "", 0, None), ("network", SUPPORT, 1, None), ("network", SUPPORT, 0, -1)],
)
def test_a_consent_that_makes_no_sense_is_refused(
    section: Section, recipient: str, purpose: str, given: int, expires: int | None
) -> None:
    ends = None if expires is None else today() + timedelta(days=expires)

    with pytest.raises(ValueError, match="consent"):
        vault.give_consent([section], recipient, purpose, "in-person", "en", today() + timedelta(days=given), ends)

    assert not Consent.objects.exists()


def test_what_leaves_for_a_recipient_is_what_was_agreed_to_and_is_logged(section: Section, own: Holder) -> None:
    closed = vault.keep_section({"text": "An invented story."}, "narrative", [own[0]])
    give_consent(section, recipient="special-procedures", purpose="communication-un")

    left = vault.open_for_recipient(
        [section, closed],
        own[1],
        "special-procedures",
        "communication-un",
        actor=7,
        institution="invented",
        record="incident:12",
    )

    assert left == {section.pk: FIELDS}
    entry = LogEntry.objects.get()
    assert (entry.action, entry.actor, entry.institution, entry.record) == (
        "sections-handed-out",
        7,
        "invented",
        "incident:12",
    )
    assert entry.facts == {
        "recipient": "special-procedures",
        "purpose": "communication-un",
        "sections": 1,
        "kind-identity": 1,
    }


@pytest.mark.parametrize(("recipient", "purpose"), [("sca", "accreditation-review"), ("public", SUPPORT), ("", "")])
def test_nothing_leaves_and_nothing_is_logged_without_a_consent(
    section: Section, own: Holder, recipient: str, purpose: str
) -> None:
    give_consent(section, recipient="special-procedures", purpose="communication-un")

    assert vault.open_for_recipient([section], own[1], recipient, purpose) == {}
    assert not LogEntry.objects.exists()


def test_what_is_asked_for_another_day_is_judged_by_that_day(section: Section, own: Holder) -> None:
    give_consent(section, recipient="public", expires_on=today())
    tomorrow = today() + timedelta(days=1)

    assert vault.open_for_recipient([section], own[1], "public", SUPPORT, tomorrow) == {}
    assert vault.open_for_recipient([section], own[1], "public", SUPPORT, today())


def test_at_writing_a_section_goes_to_one_recipient(own: Holder, network: Holder) -> None:
    reporter = vault.make_institutional_key_pair()

    assert vault.keep_section(FIELDS, "message", [own[0], reporter[0]])
    with pytest.raises(ConsentMissing):
        vault.keep_section(FIELDS, "message", [own[0], network[0], reporter[0]])


def test_what_belongs_to_a_shared_section_goes_where_that_may_go_and_back(
    section: Section, own: Holder, network: Holder
) -> None:
    reporter = vault.make_institutional_key_pair()
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)
    message = vault.keep_section(FIELDS, "message", [own[0], network[0], reporter[0]], like=section)
    assert opens(message, network)

    vault.withdraw_consent([section, message], "network", SUPPORT, own[1])

    assert not opens(message, network)
    assert opens(message, own)
    assert opens(message, reporter)
    with pytest.raises(ConsentMissing):
        vault.keep_section(FIELDS, "message", [own[0], network[0]], like=section)


def test_only_who_is_no_recipient_hands_over_without_a_consent(section: Section, own: Holder, network: Holder) -> None:
    reporter = vault.make_institutional_key_pair()
    hers = vault.keep_section(FIELDS, "file", [reporter[0]])

    vault.send_section(hers, reporter[1], [own[0]])

    assert [key.holder for key in hers.keys.all()] == [own[0]]
    with pytest.raises(ConsentMissing):
        vault.send_section(section, own[1], [network[0]])
    with pytest.raises(ConsentMissing):
        vault.send_section(hers, own[1], [network[0]])
    another = vault.keep_section(FIELDS, "file", [reporter[0]])
    with pytest.raises(ConsentMissing):
        vault.send_section(another, reporter[1], [own[0], network[0]])


def test_a_new_key_pair_of_the_recipient_has_what_was_shared_and_loses_it(
    section: Section, own: Holder, network: Holder
) -> None:
    person = vault.make_institutional_key_pair()
    give_consent(section)
    vault.share_section(section, own[1], network[0], SUPPORT)

    new = vault.rotate_key_pair(network[1], [person[0]])
    assert new[0].recipient == "network"
    assert opens(section, new)
    vault.withdraw_consent([section], "network", SUPPORT, own[1])

    assert not opens(section, new)


def test_a_destroyed_section_takes_its_consents_with_it(section: Section) -> None:
    give_consent(section)
    give_consent(section, expires_on=today())

    assert vault.destroy_sections([section.pk]) == 1

    assert not Consent.objects.exists()


def test_many_sections_cost_as_many_queries_as_two(
    own: Holder, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sections = [vault.keep_section(FIELDS, "identity", [own[0]]) for _ in range(40)]

    with django_assert_max_num_queries(12):
        give_consent(*sections)
    with django_assert_max_num_queries(12):
        vault.withdraw_consent(sections, "network")
