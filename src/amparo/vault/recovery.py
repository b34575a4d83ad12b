"""An institution's recovery: shares on paper, some of which together open its key when nobody else can."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from amparo.vault import keys
from amparo.vault.models import KeyPair, RecoverySet
from amparo.vault.shares import BadShare, RecoverySecret, Share, join_shares, make_recovery_secret, split_secret
from amparo.vault.unlocking import Unlocked, grant, unlock_granted

_CONTEXT = b"amparo/recovery/1/"


@transaction.atomic
def make_recovery(unlocked: Unlocked, shares: int = 5, needed: int = 3) -> list[Share]:
    """Shares of which any `needed` open the institution's key `unlocked` again. Shares of before open nothing more.

    Show each once, on a page of its own to be printed (`shares.share_words(share, language)`), to the person who keeps
    it; they are kept nowhere else. Make them at set-up, and anew when a share was lost or its keeper left. Raises
    ValueError outside 2 ≤ needed ≤ shares ≤ 8.
    """
    secret = make_recovery_secret()
    made = split_secret(secret, shares, needed)
    pair = keys.make_key_pair()
    locked = keys.lock_with_secret(pair.private, secret.key(), _CONTEXT + secret.set_identifier)
    holder = KeyPair.objects.create(public_key=pair.public, locked_private_key=locked)
    # Held until the commit, so that two who make shares at once do not end with two sets that both print.
    opened = KeyPair.objects.select_for_update().get(pk=unlocked.key_pair_id)
    forget_recovery(opened)
    grant(unlocked, holder)
    RecoverySet.objects.create(
        opened=opened,
        holder=holder,
        set_identifier=secret.set_identifier,
        shares=shares,
        needed=needed,
        made_on=timezone.now().date(),
    )
    return made


@transaction.atomic
def forget_recovery(opened: KeyPair) -> None:
    """Make the shares of `opened` worthless: their key pair and its grant go. With an old backup they still open it."""
    for found in RecoverySet.objects.filter(opened=opened).select_related("holder"):
        holder = found.holder
        found.delete()
        holder.delete()


def recover(shares: Sequence[Share]) -> Unlocked:
    """The institution's key that `shares` open; `key_pair_id` tells whose it is.

    Read what people typed by `shares.read_shares`. Then give the key to somebody who works there: `grant(unlocked,
    her_key_pair)`; log it ("recovered"); and make shares anew: these have now been typed into a computer. Raises
    `BadShare`, with the code "unknown-set" where there is no such set here (any more); `describe_bad_share` has words.
    """
    secret = join_shares(shares)
    for found in RecoverySet.objects.filter(set_identifier=secret.set_identifier).select_related("holder", "opened"):
        # Of 65,536 identifiers two institutions may have the same: the wrong one does not open.
        if private := _open_holder(found, secret):
            return unlock_granted(Unlocked(found.holder_id, private), found.opened)
    raise BadShare("These shares open nothing here.", code="unknown-set")


def _open_holder(found: RecoverySet, secret: RecoverySecret) -> bytes | None:
    locked = bytes(found.holder.locked_private_key or b"")
    try:
        return keys.unlock_with_secret(locked, secret.key(), _CONTEXT + secret.set_identifier)
    except keys.WrongSecret:
        return None


def describe_bad_share(bad: BadShare) -> str:
    """What is wrong with what was typed, in words for a person; never any of what was typed."""
    told = {
        "unknown-word": gettext("Word %(word)s is not one of the words that shares are made of."),
        "wrong-number-of-words": gettext("A share has 22 words. Some are missing, or too many."),
        "wrong-word": gettext("Word %(word)s is not the word that was printed.")
        if bad.word
        else gettext("Two or more words are wrong, or changed places."),
        "unknown-format": gettext("This share was made by a later version of Amparo."),
        "other-set": gettext("It belongs to another set of shares than the first. Use shares of one set only."),
        "doubled-share": gettext("It was typed twice. Each share has to be another one."),
        "too-few-shares": gettext("These are too few shares: more are needed."),
        "shares-do-not-fit": gettext("These shares do not fit together."),
        "unknown-set": gettext("These shares open nothing here. They may have been replaced by newer ones."),
    }[bad.code] % {"word": bad.word}
    return told if bad.share is None else gettext("Share %(share)s:") % {"share": bad.share} + " " + told
