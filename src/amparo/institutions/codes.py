"""One-time codes that people copy from paper or a screen: made, shown and read. Pure."""

import secrets
import unicodedata

# None that look alike: no i, l, o, 0 and 1.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
INVITATION_LETTERS = 28
FACTOR_LETTERS = 12
_GROUP = 4
_LONGEST_TYPED = 300


def make_code(letters: int) -> str:
    """So many random letters and digits in groups of four: about five bits each."""
    plain = "".join(secrets.choice(ALPHABET) for _ in range(letters))
    return "-".join(plain[start : start + _GROUP] for start in range(0, letters, _GROUP))


def read_code(typed: str) -> str:
    """What was typed or pasted as `make_code` writes it: any case, with or without hyphens and spaces, any digits.

    A whole link is read too: what follows its "#". What is no code comes out as a code that nothing opens.
    """
    plain = "".join(
        str(unicodedata.decimal(letter, letter))
        for letter in unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).rpartition("#")[2].casefold()
    )
    kept = "".join(letter for letter in plain if letter in ALPHABET)
    return "-".join(kept[start : start + _GROUP] for start in range(0, len(kept), _GROUP))
