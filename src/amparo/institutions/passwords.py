"""Whether a password is strong enough: by what guessing it would take, not by which letters it has to have."""

import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_LENGTH = 12
LEAST_DIFFERENT = 6
# What people put around a common word when they are told to: guessing programs try these first.
_DECORATION = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SWAPPED = str.maketrans("@4310$57!", "aaeiossti")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm")


class StrongEnough:
    """Django's validator of new passwords. What it asks for is what it says: length, and not what is guessed first."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError, with words for the person, for a password that would be guessed."""
        folded = unicodedata.normalize("NFKC", password).casefold()
        name = user.get_username().casefold() if user else ""
        if len(password) < LEAST_LENGTH:
            raise ValidationError(
                _("Too short: take at least %(number)d characters. Four or five words that don't belong together do.")
                % {"number": LEAST_LENGTH},
                code="too-short",
            )
        if len(name) >= 4 and (name in folded or folded in name):
            raise ValidationError(_("The user name is in it: that is guessed first."), code="has-user-name")
        rest = _without_runs(folded)
        if len(set(folded)) < LEAST_DIFFERENT or len(rest) < LEAST_LENGTH // 2:
            raise ValidationError(
                _("It repeats itself or follows the keyboard: that is guessed in seconds."), code="repeats"
            )
        if any(map(_is_common, {folded, _DECORATION.sub("", folded), *_swapped(folded)})):
            raise ValidationError(
                _("It is a password that many people use, or nearly one: that is guessed in seconds."), code="common"
            )

    def get_help_text(self) -> str:
        return _(
            "At least %(number)d characters. Longer is stronger: four or five words that don't belong together are "
            "good, and easier to keep in mind than signs. There is no need for digits or capitals. Don't use it "
            "anywhere else."
        ) % {"number": LEAST_LENGTH}


def _swapped(folded: str) -> set[str]:
    """`folded` with letters for the signs that stand for them, and that without what is put around it."""
    read = folded.translate(_SWAPPED)
    return {read, _DECORATION.sub("", read), _DECORATION.sub("", folded).translate(_SWAPPED)}


def _is_common(folded: str) -> bool:
    if not folded:
        return True
    try:
        _COMMON.validate(folded)
    except ValidationError:
        return True
    return False


_COMMON = CommonPasswordValidator()


def _without_runs(folded: str) -> str:
    """`folded` without letters that repeat the one before or follow it on the keyboard or in the alphabet."""
    kept = folded[:1]
    for before, letter in zip(folded, folded[1:], strict=False):
        pair, back = before + letter, letter + before
        if before != letter and not any(pair in row or back in row for row in _ROWS):
            kept += letter
    return kept
