"""What can go wrong with accounts: each with words for a person and a code for programs."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class AccountProblem(Exception):
    """Refused. Its text is for the person who asked; it never repeats what she typed."""

    code = "refused"

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class MustWait(AccountProblem):
    """Too many wrong passwords or codes in a row: nobody may try before `wait` has passed."""

    code = "must-wait"

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        told = ngettext(
            "There were too many wrong attempts. Wait %(minutes)d minute, then try again.",
            "There were too many wrong attempts. Wait %(minutes)d minutes, then try again.",
            minutes,
        )
        super().__init__(told % {"minutes": minutes})
        self.wait = wait


class NotAllowed(AccountProblem):
    """The person's role does not let her do this, or it is about herself."""

    code = "not-allowed"

    def __init__(self, told: str = "") -> None:
        super().__init__(told or _("Your role does not let you do this."))


class KeysClosed(AccountProblem):
    """It takes the institution's key, which is not open in this session."""

    code = "keys-closed"

    def __init__(self) -> None:
        super().__init__(
            _("Only somebody whose keys are open can let others open what is sealed. Sign in again, or ask one.")
        )


class NoSuchCode(AccountProblem):
    """The code was never given out, was used, was withdrawn, or is too old: not told apart."""

    code = "no-such-code"

    def __init__(self) -> None:
        super().__init__(_("This code opens nothing. It may have been used, withdrawn, or be older than seven days."))


class WrongCode(AccountProblem):
    """The second factor was wrong, or was used before."""

    code = "wrong-code"

    def __init__(self) -> None:
        super().__init__(_("This code is not right, or was used before. Wait for the next one, and check the clock."))
