"""The addresses of people who want notices: closed under a key that lies outside the database and its dumps."""

from django.conf import settings

from amparo.notices.models import NoticeRecipient
from amparo.vault import seal
from amparo.vault.key_files import load_or_make_key

_KIND = "notice-address"


def seal_address(recipient: NoticeRecipient, address: str, age_key: str = "") -> None:
    """Set the sealed address of `recipient`, which the caller saves."""
    fields = {"address": address, "age_key": age_key}
    recipient.sealed = seal.encrypt_fields(fields, _key(), recipient.place, _KIND)


def read_address(recipient: NoticeRecipient) -> tuple[str, str]:
    """Her address and her age key ("" where she has none). Raises `keys.VaultError` where the key file is another."""
    fields = seal.decrypt_fields(bytes(recipient.sealed), _key(), recipient.place, _KIND)
    return str(fields["address"]), str(fields["age_key"])


def _key() -> bytes:
    return load_or_make_key(settings.KEY_DIR, "notices.key")
