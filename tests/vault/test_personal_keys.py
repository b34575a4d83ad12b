"""Personal keys in the store: closed under a password that can be changed, at a cost that can be raised."""

import pytest
from pytest_django.fixtures import Settings

from amparo.vault import keys
from amparo.vault import services as vault
from amparo.vault.keys import Argon2Cost, ChangedMeanwhile, UnknownFormat, WrongSecret
from amparo.vault.models import KeyPair

pytestmark = pytest.mark.django_db
OLD, NEW = "an invented pass phrase", "another invented pass phrase"
CHEAP, DEARER = Argon2Cost(64, 1, 1), Argon2Cost(128, 2, 1)


@pytest.fixture(autouse=True)
def _cheap(settings: Settings) -> None:
    settings.PASSWORD_COST = CHEAP


def stored(pair: KeyPair) -> KeyPair:
    return KeyPair.objects.get(pk=pair.pk)


def test_the_new_password_opens_the_same_key_and_the_old_one_nothing() -> None:
    pair, unlocked = vault.make_personal_key_pair(OLD)

    assert vault.change_password(pair, OLD, NEW) == unlocked

    assert vault.unlock_with_password(stored(pair), NEW) == unlocked
    with pytest.raises(WrongSecret):
        vault.unlock_with_password(stored(pair), OLD)


def test_a_wrong_old_password_changes_nothing() -> None:
    pair, unlocked = vault.make_personal_key_pair(OLD)

    with pytest.raises(WrongSecret):
        vault.change_password(pair, "a wrong pass phrase", NEW)

    assert vault.unlock_with_password(stored(pair), OLD) == unlocked


def test_of_two_changes_at_once_the_second_is_refused() -> None:
    pair, unlocked = vault.make_personal_key_pair(OLD)
    seen_before = stored(pair)
    vault.change_password(pair, OLD, NEW)

    with pytest.raises(ChangedMeanwhile):
        vault.change_password(seen_before, OLD, "a third invented pass phrase")

    assert vault.unlock_with_password(stored(pair), NEW) == unlocked


def test_a_raised_cost_reaches_a_key_when_its_owner_signs_in(settings: Settings) -> None:
    pair, unlocked = vault.make_personal_key_pair(OLD)
    settings.PASSWORD_COST = DEARER

    assert vault.unlock_with_password(stored(pair), OLD) == unlocked

    assert keys.locked_at(bytes(stored(pair).locked_private_key)) == DEARER
    assert vault.unlock_with_password(stored(pair), OLD) == unlocked


def test_a_wrong_password_raises_no_cost(settings: Settings) -> None:
    pair, _ = vault.make_personal_key_pair(OLD)
    settings.PASSWORD_COST = DEARER

    with pytest.raises(WrongSecret):
        vault.unlock_with_password(stored(pair), NEW)

    assert keys.locked_at(bytes(stored(pair).locked_private_key)) == CHEAP


def test_a_cost_is_never_lowered(settings: Settings) -> None:
    settings.PASSWORD_COST = DEARER
    pair, _ = vault.make_personal_key_pair(OLD)
    settings.PASSWORD_COST = CHEAP

    vault.unlock_with_password(stored(pair), OLD)
    vault.change_password(stored(pair), OLD, NEW)

    assert keys.locked_at(bytes(stored(pair).locked_private_key)) == DEARER
    assert Argon2Cost(64, 3, 1).raised_to(Argon2Cost(128, 1, 2)) == Argon2Cost(128, 3, 2)


def test_a_cost_raised_while_the_password_changes_loses_neither(settings: Settings) -> None:
    pair, unlocked = vault.make_personal_key_pair(OLD)
    seen_before = stored(pair)
    vault.change_password(pair, OLD, NEW)
    settings.PASSWORD_COST = DEARER

    assert vault.unlock_with_password(seen_before, OLD) == unlocked

    assert vault.unlock_with_password(stored(pair), NEW) == unlocked


def test_a_key_pair_without_a_password_is_not_opened_by_one() -> None:
    pair, _ = vault.make_institutional_key_pair()

    with pytest.raises(UnknownFormat):
        vault.unlock_with_password(pair, "")
    with pytest.raises(UnknownFormat):
        vault.change_password(pair, "", NEW)
