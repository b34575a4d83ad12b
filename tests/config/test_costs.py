"""What guessing costs as it is shipped: the tests themselves run with cheap passwords (tests/settings.py)."""

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from pytest_django.fixtures import Settings

from amparo.config import settings as shipped
from amparo.vault.keys import Argon2Cost, lock_with_password, locked_at

# RFC 9106, section 4, the second recommended choice: 64 MiB, three passes, four lanes.
RECOMMENDED = Argon2Cost(memory=65536, passes=3, lanes=4)


def test_keys_and_receipts_cost_what_is_recommended() -> None:
    assert shipped.PASSWORD_COST == RECOMMENDED
    assert set(shipped.RECEIPT_COSTS.values()) == {RECOMMENDED}
    assert locked_at(lock_with_password(b"an invented key", "invented")) == RECOMMENDED


def test_passwords_cost_what_django_takes_at_least(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    assert type(get_hasher()).__name__ == "Argon2PasswordHasher"
    variety, version, cost = make_password("invented").split("$")[1:4]
    assert (variety, version) == ("argon2id", "v=19")
    memory = int(dict(part.split("=") for part in cost.split(","))["m"])
    assert memory >= RECOMMENDED.memory


@pytest.mark.parametrize("name", ["PASSWORD_COST", "PASSWORD_HASHERS", "RECEIPT_COSTS"])
def test_these_tests_are_cheaper_than_what_is_shipped(settings: Settings, name: str) -> None:
    assert getattr(settings, name) != getattr(shipped, name)
