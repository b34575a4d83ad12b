"""What can be done with sealed things, in one place to look for it: what other packages use of the vault."""

from django.conf import settings

from amparo.vault.agreeing import (
    close_expired,
    consents_of,
    give_consent,
    open_for_recipient,
    take_back_sections,
    withdraw_consent,
)
from amparo.vault.consent import ConsentMissing, usable_keys, valid_consents
from amparo.vault.key_files import load_or_make_key
from amparo.vault.recovery import describe_bad_share, forget_recovery, make_recovery, recover
from amparo.vault.rotation import rotate_key_pair, take_over_late_sections
from amparo.vault.sections import (
    call_on_new_data_key,
    data_key_of,
    destroy_sections,
    holders_of,
    keep_sealed_section,
    keep_section,
    new_data_key,
    open_each,
    open_sections,
    renew_due_keys,
    rewrite_section,
    seal_for,
    send_section,
    share_section,
    withdraw_section,
)
from amparo.vault.unlocking import (
    Unlocked,
    change_password,
    grant,
    make_institutional_key_pair,
    make_personal_key_pair,
    unlock_granted,
    unlock_with_password,
)

__all__ = [
    "ConsentMissing",
    "Unlocked",
    "call_on_new_data_key",
    "change_password",
    "close_expired",
    "consents_of",
    "data_key_of",
    "describe_bad_share",
    "destroy_sections",
    "fingerprint_key",
    "forget_recovery",
    "give_consent",
    "grant",
    "holders_of",
    "keep_sealed_section",
    "keep_section",
    "make_institutional_key_pair",
    "make_personal_key_pair",
    "make_recovery",
    "new_data_key",
    "open_for_recipient",
    "open_each",
    "open_sections",
    "recover",
    "renew_due_keys",
    "rewrite_section",
    "rotate_key_pair",
    "seal_for",
    "send_section",
    "share_section",
    "take_back_sections",
    "take_over_late_sections",
    "unlock_granted",
    "unlock_with_password",
    "usable_keys",
    "valid_consents",
    "withdraw_consent",
    "withdraw_section",
]


def fingerprint_key() -> bytes:
    """The key of the blind index: in the key folder, outside the database and its dumps."""
    return load_or_make_key(settings.KEY_DIR, "blind-index.key")
