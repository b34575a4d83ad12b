"""The reporter's mailbox: made with her report, found and opened by her receipt, open in one browser for a while."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from amparo.channel.browser_key import derive
from amparo.channel.limits import one_at_a_time
from amparo.channel.models import Mailbox, OpenMailbox, Report, expiry
from amparo.vault import keys
from amparo.vault import services as vault
from amparo.vault.key_files import load_or_make_key
from amparo.vault.receipts import RECEIPT_DIGITS, BadReceipt, ReceiptKeys, open_receipt, read_receipt

OPEN_FOR = timedelta(minutes=30)
_STEP = timedelta(minutes=10)


class WrongReceipt(Exception):
    """No mailbox opens with what was typed. Whether it is a receipt at all is not told."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A mailbox that is open in this browser, with its key."""

    mailbox: Mailbox
    unlocked: vault.Unlocked


@dataclass(frozen=True, slots=True)
class KeysOfReceipt:
    """What a receipt gives at one of RECEIPT_COSTS."""

    cost: int
    keys: ReceiptKeys


def newest_keys(receipt: str) -> KeysOfReceipt:
    """The keys of a new receipt. Costs one Argon2id: call it inside `one_at_a_time`."""
    newest = max(settings.RECEIPT_COSTS)
    return KeysOfReceipt(newest, open_receipt(receipt, _site_salt(), settings.RECEIPT_COSTS[newest]))


def make_mailbox(report: Report, opened_by: KeysOfReceipt) -> Mailbox:
    """The mailbox of a new report, with a key pair of its own that only the receipt opens."""
    key_pair, unlocked = vault.make_institutional_key_pair()
    return Mailbox.objects.create(
        report=report,
        look_up=opened_by.keys.lookup,
        key_pair=key_pair,
        locked_private_key=keys.lock_with_secret(unlocked.private, opened_by.keys.secret, _context(report)),
        cost=opened_by.cost,
    )


def opens_with(report: Report, opened_by: KeysOfReceipt) -> bool:
    """Whether these keys are those of the mailbox of `report`."""
    return Mailbox.objects.filter(report=report, look_up=opened_by.keys.lookup).exists()


def open_mailbox(typed: str, browser_key: bytes) -> Opened:
    """Open the mailbox of the receipt that was typed, in this browser, for half an hour.

    Costs one Argon2id for each of RECEIPT_COSTS that a mailbox has, whether anything is found or not, and whether what
    was typed is a receipt or not. Raises `WrongReceipt` and `limits.TooMany`.
    """
    try:
        receipt, is_receipt = read_receipt(typed), True
    except BadReceipt:
        receipt, is_receipt = "0" * RECEIPT_DIGITS, False
    in_use = set(Mailbox.objects.values_list("cost", flat=True).distinct()) or {max(settings.RECEIPT_COSTS)}
    with one_at_a_time():
        tried = [
            KeysOfReceipt(cost, open_receipt(receipt, _site_salt(), settings.RECEIPT_COSTS[cost]))
            for cost in sorted(in_use)
        ]
    by_look_up = {each.keys.lookup: each for each in tried}
    found = _mailboxes().filter(look_up__in=list(by_look_up)).first()
    if found is None or not is_receipt:
        raise WrongReceipt
    secret = by_look_up[bytes(found.look_up)].keys.secret
    private = keys.unlock_with_secret(bytes(found.locked_private_key), secret, _context(found.report))
    OpenMailbox.objects.update_or_create(
        name=derive(browser_key, "mailbox-name"),
        defaults={
            "mailbox": found,
            "locked_private_key": keys.lock_with_secret(
                private, derive(browser_key, "mailbox"), _context(found.report)
            ),
            "expires_at": expiry(OPEN_FOR, _STEP),
        },
    )
    return Opened(found, vault.Unlocked(found.key_pair_id, private))


def opened_in(browser_key: bytes | None) -> Opened | None:
    """The mailbox that is open in this browser; None where there is none, or its half hour is over."""
    if browser_key is None:
        return None
    kept = OpenMailbox.objects.filter(name=derive(browser_key, "mailbox-name"), expires_at__gt=timezone.now()).first()
    if kept is None:
        return None
    mailbox = _mailboxes().get(pk=kept.mailbox_id)
    try:
        private = keys.unlock_with_secret(
            bytes(kept.locked_private_key), derive(browser_key, "mailbox"), _context(mailbox.report)
        )
    except keys.VaultError:
        return None
    return Opened(mailbox, vault.Unlocked(mailbox.key_pair_id, private))


def keep_open(browser_key: bytes) -> None:
    """Begin the half hour anew: somebody is at work."""
    OpenMailbox.objects.filter(name=derive(browser_key, "mailbox-name")).update(expires_at=expiry(OPEN_FOR, _STEP))


def close_mailbox(browser_key: bytes | None) -> None:
    """Close the mailbox in this browser; its receipt opens it again."""
    if browser_key is not None:
        OpenMailbox.objects.filter(name=derive(browser_key, "mailbox-name")).delete()


def close_forgotten() -> int:
    """Close the mailboxes whose half hour is over. How many."""
    return OpenMailbox.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _mailboxes() -> QuerySet[Mailbox]:
    return Mailbox.objects.select_related("report__institution", "key_pair")


def _site_salt() -> bytes:
    return load_or_make_key(settings.KEY_DIR, "receipts.key")


def _context(report: Report) -> bytes:
    return b"amparo/mailbox/1/" + report.pk.bytes
