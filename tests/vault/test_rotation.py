"""A new key pair for an institution: who stays opens everything, and the old private key opens nothing any more."""

import threading

import pytest
from django.db import connection

from amparo.vault import rotation, seal
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyGrant, KeyPair, RecoverySet, Section, SectionKey
from amparo.vault.services import Unlocked

pytestmark = pytest.mark.django_db
FIELDS: dict[str, object] = {"name": "Invented Person"}

Holder = tuple[KeyPair, Unlocked]


@pytest.fixture
def old() -> Holder:
    return vault.make_institutional_key_pair()


@pytest.fixture
def staying() -> Holder:
    return vault.make_institutional_key_pair()


@pytest.fixture
def leaving() -> Holder:
    return vault.make_institutional_key_pair()


def opens_nothing(private: bytes) -> bool:
    """No section key and no grant in the store opens with it, whoever it is said to be for."""
    for key in SectionKey.objects.all():
        try:
            seal.unwrap_data_key(bytes(key.wrapped_key), key.section_id, private)
        except VaultError:
            continue
        return False
    for found in KeyGrant.objects.all():
        try:
            seal.unwrap_data_key(bytes(found.wrapped_private_key), found.grant, private)
        except VaultError:
            continue
        return False
    return True


def test_who_stays_opens_everything_and_who_left_nothing(old: Holder, staying: Holder, leaving: Holder) -> None:
    vault.grant(old[1], staying[0])
    vault.grant(old[1], leaving[0])
    sections = [vault.keep_section(FIELDS, "identity", [old[0]]) for _ in range(5)]

    pair, new = vault.rotate_key_pair(old[1], [staying[0]])

    assert vault.unlock_granted(staying[1], pair) == new
    assert vault.open_sections(sections, new) == {section.pk: FIELDS for section in sections}
    with pytest.raises(KeyGrant.DoesNotExist):
        vault.unlock_granted(leaving[1], pair)
    assert opens_nothing(old[1].private)
    assert opens_nothing(leaving[1].private)
    assert new.private != old[1].private


def test_sections_shared_with_others_stay_theirs(old: Holder, staying: Holder) -> None:
    network = vault.make_institutional_key_pair()
    section = vault.keep_section(FIELDS, "identity", [old[0], network[0]])
    other = vault.keep_section(FIELDS, "identity", [network[0]])

    pair, new = vault.rotate_key_pair(old[1], [staying[0]])

    assert vault.open_sections([section, other], network[1]) == {section.pk: FIELDS, other.pk: FIELDS}
    assert vault.open_sections([section, other], new) == {section.pk: FIELDS}
    assert SectionKey.objects.count() == 3
    assert pair.pk != old[0].pk


def test_recovery_shares_stay_good(old: Holder, staying: Holder) -> None:
    shares = vault.make_recovery(old[1])

    pair, new = vault.rotate_key_pair(old[1], [staying[0]])

    assert vault.recover(shares[:3]) == new
    assert RecoverySet.objects.get().opened == pair
    assert vault.recover(vault.make_recovery(new)) == new


def test_keys_that_the_old_one_held_are_held_by_the_new(old: Holder, staying: Holder) -> None:
    other = vault.make_institutional_key_pair()
    vault.grant(other[1], old[0])

    _, new = vault.rotate_key_pair(old[1], [staying[0]])

    assert vault.unlock_granted(new, other[0]) == other[1]
    assert opens_nothing(old[1].private)


def test_what_comes_sealed_to_the_old_key_is_taken_over(old: Holder, staying: Holder) -> None:
    """A browser had loaded the form before, and sends it after."""
    vault.rotate_key_pair(old[1], [staying[0]])
    newest = vault.rotate_key_pair(vault.unlock_granted(staying[1], KeyPair.objects.get(replaces=old[0])), [staying[0]])
    late = vault.keep_section(FIELDS, "report", [old[0]])
    assert vault.open_sections([late], newest[1]) == {}

    assert vault.take_over_late_sections(newest[1]) == 1

    assert vault.open_sections([late], newest[1]) == {late.pk: FIELDS}
    assert vault.take_over_late_sections(newest[1]) == 0
    assert opens_nothing(old[1].private)


def test_a_late_key_for_what_the_new_one_has_already_is_dropped(old: Holder, staying: Holder) -> None:
    section = vault.keep_section(FIELDS, "identity", [old[0]])
    _, new = vault.rotate_key_pair(old[1], [staying[0]])
    wrapped = seal.wrap_data_key(vault.data_key_of(section, new), section.pk, bytes(old[0].public_key))
    SectionKey.objects.create(section=section, holder=old[0], wrapped_key=wrapped)

    vault.take_over_late_sections(new)

    assert section.keys.count() == 1
    assert vault.open_sections([section], new) == {section.pk: FIELDS}


def test_what_a_stranger_sealed_wrong_keeps_nobody_from_rotating(old: Holder, staying: Holder) -> None:
    good = vault.keep_section(FIELDS, "report", [old[0]])
    junk = vault.keep_section(FIELDS, "report", [old[0]])
    wrapped = seal.WRAPPED_V1 + bytes(seal.WRAPPED_KEY_BYTES - 3)
    SectionKey.objects.filter(section=junk).update(wrapped_key=wrapped)

    _, new = vault.rotate_key_pair(old[1], [staying[0]])

    assert vault.open_sections([good], new) == {good.pk: FIELDS}
    with pytest.raises(VaultError):
        vault.open_sections([junk], new)


def test_many_sections_go_in_pieces_and_tell_how_far_they_are(
    old: Holder, staying: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_CHUNK", 10)
    sections = [vault.seal_for(FIELDS, "identity", old[0]) for _ in range(25)]
    Section.objects.bulk_create(section for section, _ in sections)
    SectionKey.objects.bulk_create(key for _, key in sections)
    told: list[tuple[int, int]] = []

    _, new = vault.rotate_key_pair(old[1], [staying[0]], lambda done, of: told.append((done, of)))

    assert told == [(10, 25), (20, 25), (25, 25)]
    assert len(vault.open_sections([section for section, _ in sections], new)) == 25


def test_a_rotation_that_fails_on_its_way_changes_nothing(
    old: Holder, staying: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_CHUNK", 10)
    vault.grant(old[1], staying[0])
    shares = vault.make_recovery(old[1])
    sections = [vault.keep_section(FIELDS, "identity", [old[0]]) for _ in range(15)]

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.rotate_key_pair(old[1], [staying[0]], stop)

    assert vault.unlock_granted(staying[1], old[0]) == old[1]
    assert vault.recover(shares) == old[1]
    assert len(vault.open_sections(sections, old[1])) == 15
    assert not KeyPair.objects.filter(replaced_by__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_while_the_key_is_rotated_waits_and_is_taken_over() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite one transaction writes at a time.")
    old, staying = vault.make_institutional_key_pair(), vault.make_institutional_key_pair()
    vault.keep_section(FIELDS, "identity", [old[0]])
    late: list[Section] = []

    def keep_late() -> None:
        try:
            late.append(vault.keep_section(FIELDS, "report", [old[0]]))
        finally:
            connection.close()

    writer = threading.Thread(target=keep_late)

    def begin_and_see_it_wait(done: int, of: int) -> None:
        writer.start()
        writer.join(0.5)
        assert writer.is_alive()

    _, new = vault.rotate_key_pair(old[1], [staying[0]], begin_and_see_it_wait)
    writer.join(30)

    assert vault.open_sections(late, new) == {}
    assert vault.take_over_late_sections(new) == 1
    assert vault.open_sections(late, new) == {late[0].pk: FIELDS}
