"""Sections in the store: opened by their holders, shared, taken back, destroyed."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from amparo.vault import keys, seal
from amparo.vault import services as vault
from amparo.vault.keys import NobodyLeft, UnknownFormat, VaultError
from amparo.vault.models import KeyPair, Section, SectionKey
from amparo.vault.sections import _NEW_DATA_KEY_HOOKS
from amparo.vault.services import ConsentMissing, Unlocked
from tests.factories import SUPPORT, give_consent

pytestmark = pytest.mark.django_db
FIELDS: dict[str, object] = {"name": "Invented Person"}

Holder = tuple[KeyPair, Unlocked]


@pytest.fixture
def own() -> Holder:
    return vault.make_institutional_key_pair()


@pytest.fixture
def network() -> Holder:
    return vault.make_institutional_key_pair("network")


@pytest.fixture
def stranger() -> Holder:
    return vault.make_institutional_key_pair()


def wrapped_for(section: Section, holder: Holder) -> bytes:
    return bytes(SectionKey.objects.get(section=section, holder=holder[0]).wrapped_key)


def test_each_holder_opens_what_was_kept_for_her_and_nobody_else(
    own: Holder, network: Holder, stranger: Holder
) -> None:
    section = vault.keep_section(FIELDS, "identity", [own[0], network[0]])

    for pair, unlocked in (own, network):
        assert vault.open_sections([section], unlocked) == {section.pk: FIELDS}, pair
    assert vault.open_sections([section], stranger[1]) == {}


def test_a_shared_section_opens_for_one_more(own: Holder, network: Holder) -> None:
    section = vault.keep_section(FIELDS, "identity", [own[0]])
    give_consent(section)

    vault.share_section(section, own[1], network[0], SUPPORT)
    vault.share_section(section, network[1], network[0], SUPPORT)

    assert vault.open_sections([section], network[1]) == {section.pk: FIELDS}
    assert section.keys.count() == 2


def test_who_cannot_open_a_section_cannot_share_it_or_take_it_back(
    own: Holder, network: Holder, stranger: Holder
) -> None:
    section = vault.keep_section(FIELDS, "identity", [own[0], network[0]])
    give_consent(section, recipient="ganhri")
    another, _ = vault.make_institutional_key_pair("ganhri")
    with pytest.raises(SectionKey.DoesNotExist):
        vault.share_section(section, stranger[1], another, SUPPORT)
    with pytest.raises(SectionKey.DoesNotExist):
        vault.withdraw_section(section, stranger[1], network[0])
    with pytest.raises(SectionKey.DoesNotExist):
        vault.withdraw_section(section, own[1], stranger[0])
    assert section.keys.count() == 2


def test_a_withdrawn_section_is_encrypted_anew_and_the_old_key_opens_nothing_of_it(
    own: Holder, network: Holder, stranger: Holder
) -> None:
    section = vault.keep_section(FIELDS, "identity", [own[0], network[0], stranger[0]])
    old_ciphertext, old_wrapped = bytes(section.ciphertext), wrapped_for(section, network)
    old_key = vault.data_key_of(section, own[1])

    vault.withdraw_section(section, own[1], network[0])

    stored = Section.objects.get(pk=section.pk)
    assert bytes(stored.ciphertext) == bytes(section.ciphertext) != old_ciphertext
    for unlocked in (own[1], stranger[1]):
        assert vault.open_sections([stored], unlocked) == {section.pk: FIELDS}
    assert vault.open_sections([stored], network[1]) == {}
    with pytest.raises(VaultError):
        seal.decrypt_fields(bytes(stored.ciphertext), old_key, section.pk, "identity")
    sealed = seal.Sealed(bytes(stored.ciphertext), old_wrapped)
    with pytest.raises(VaultError):
        seal.open_section(sealed, section.pk, "identity", network[1].private)


def test_a_section_is_not_taken_back_from_the_last_who_opens_it(own: Holder) -> None:
    section = vault.keep_section(FIELDS, "identity", [own[0]])

    with pytest.raises(NobodyLeft):
        vault.withdraw_section(section, own[1], own[0])

    assert vault.open_sections([section], own[1]) == {section.pk: FIELDS}


def test_what_else_lies_under_the_data_key_is_told_of_the_new_one(own: Holder, network: Holder) -> None:
    told: list[tuple[Section, bytes, bytes]] = []
    kind = "invented-kind"
    section = vault.keep_section(FIELDS, kind, [own[0], network[0]])
    before = vault.data_key_of(section, own[1])

    vault.call_on_new_data_key(kind, lambda *given: told.append(given))
    try:
        vault.withdraw_section(section, own[1], network[0])
        with pytest.raises(ValueError, match="hook"):
            vault.call_on_new_data_key(kind, lambda *given: None)
    finally:
        del _NEW_DATA_KEY_HOOKS[kind]

    assert told == [(section, before, vault.data_key_of(section, own[1]))]
    assert before != told[0][2]


def test_bytes_that_nothing_would_close_anew_are_not_lost(own: Holder, network: Holder) -> None:
    section = vault.keep_section(FIELDS, "file", [own[0], network[0]])
    before, hook = vault.data_key_of(section, own[1]), _NEW_DATA_KEY_HOOKS.pop("file", None)

    try:
        with pytest.raises(LookupError, match="file"):
            vault.withdraw_section(section, own[1], network[0])
    finally:
        if hook:
            vault.call_on_new_data_key("file", hook)

    assert vault.data_key_of(section, own[1]) == before


def test_a_withdrawal_that_fails_on_its_way_changes_nothing(own: Holder, network: Holder) -> None:
    kind = "invented-kind"
    section = vault.keep_section(FIELDS, kind, [own[0], network[0]])

    def fail(section: Section, old: bytes, new: bytes) -> None:
        raise OSError("No space left on device")

    vault.call_on_new_data_key(kind, fail)
    try:
        with pytest.raises(OSError, match="space"):
            vault.withdraw_section(section, own[1], network[0])
    finally:
        del _NEW_DATA_KEY_HOOKS[kind]

    stored = Section.objects.get(pk=section.pk)
    assert vault.open_sections([stored], network[1]) == {section.pk: FIELDS}


def test_a_new_data_key_is_for_exactly_those_who_are_named(own: Holder, network: Holder, stranger: Holder) -> None:
    section = vault.keep_section(FIELDS, "file", [own[0], network[0]])

    old, new = vault.new_data_key(section, own[1], [own[0]])

    assert old != new == vault.data_key_of(section, own[1])
    assert vault.open_sections([section], network[1]) == {}
    with pytest.raises(ConsentMissing):
        vault.new_data_key(section, own[1], [own[0], stranger[0]])
    with pytest.raises(NobodyLeft):
        vault.new_data_key(section, own[1], [])


def test_a_section_sealed_elsewhere_is_kept_where_it_has_the_form_of_one(own: Holder) -> None:
    identifier = uuid4()
    sealed = seal.seal_section(FIELDS, identifier, "report", bytes(own[0].public_key))

    section = vault.keep_sealed_section(identifier, "report", sealed, own[0])

    assert vault.open_sections([section], own[1]) == {identifier: FIELDS}
    with pytest.raises(UnknownFormat):
        vault.keep_sealed_section(uuid4(), "report", seal.Sealed(b"text", sealed.wrapped_key), own[0])
    with pytest.raises(IntegrityError):
        vault.keep_sealed_section(identifier, "report", sealed, own[0])


def test_destroyed_sections_leave_no_key_and_no_ciphertext(own: Holder) -> None:
    gone = [vault.keep_section(FIELDS, "identity", [own[0]]) for _ in range(3)]
    kept = vault.keep_section(FIELDS, "identity", [own[0]])

    assert vault.destroy_sections([section.pk for section in gone] + [uuid4()]) == 3

    assert [section.pk for section in Section.objects.all()] == [kept.pk]
    assert SectionKey.objects.count() == 1
    assert vault.destroy_sections([]) == 0


def test_more_sections_than_a_statement_has_room_for_are_destroyed(own: Holder) -> None:
    sections = Section.objects.bulk_create(Section(kind="x", ciphertext=b"") for _ in range(1201))

    assert vault.destroy_sections(section.pk for section in sections) == 1201
    assert not Section.objects.exists()


def test_the_same_public_key_under_another_number_opens_nothing(own: Holder) -> None:
    """Keys are looked for by holder: a private key in the session of another finds none."""
    section = vault.keep_section(FIELDS, "identity", [own[0]])
    other, _ = vault.make_institutional_key_pair()

    assert vault.open_sections([section], Unlocked(other.pk, own[1].private)) == {}
    with pytest.raises(keys.VaultError):
        seal.open_section(
            seal.Sealed(bytes(section.ciphertext), wrapped_for(section, own)),
            section.pk,
            "identity",
            keys.make_key_pair().private,
        )


def test_what_is_rewritten_opens_for_all_who_opened_it_before() -> None:
    (ours, unlocked), (theirs, their_key) = vault.make_institutional_key_pair(), vault.make_institutional_key_pair()
    section = vault.keep_section({"text": "An invented story."}, "narrative", [ours, theirs])
    before = bytes(section.ciphertext)

    vault.rewrite_section(section, unlocked, {"text": "Another invented story."})

    assert vault.open_sections([section], their_key)[section.pk] == {"text": "Another invented story."}
    assert bytes(Section.objects.get(pk=section.pk).ciphertext) != before


def test_who_has_no_key_rewrites_nothing() -> None:
    (ours, _), (_, stranger) = vault.make_institutional_key_pair(), vault.make_institutional_key_pair()
    section = vault.keep_section({"text": "An invented story."}, "narrative", [ours])

    with pytest.raises(SectionKey.DoesNotExist):
        vault.rewrite_section(section, stranger, {"text": "Something else."})
