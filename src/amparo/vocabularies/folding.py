"""One way to compare words, whatever their case, accents or script: for codes, names of places, and search. Pure."""

import re
import unicodedata
from functools import lru_cache

_NOT_LETTERS = re.compile(r"[\W_]+")
# Arabic is written with and without these; a reader takes them for the same letter.
_ARABIC_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي", "ـ": ""}
)
# Letters with a stroke don't decompose into a letter and an accent; the signs of transliterated Arabic aren't letters.
_LATIN_LETTERS = str.maketrans("łøđðħıŧ", "loddhit", "‘ʻʿʾ") | str.maketrans({"æ": "ae", "œ": "oe"})
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def normalise_arabic(text: str) -> str:
    """`text` with the letters that Arabic spelling varies written one way, Western digits and no stretching."""
    return text.translate(_ARABIC_LETTERS).translate(_DIGITS)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` in lower case, without accents or vowel signs, its words parted by single spaces."""
    # Compatibility forms first: what was copied out of a PDF has Arabic letters in their joined shapes.
    arabic = normalise_arabic(unicodedata.normalize("NFKC", text))
    decomposed = unicodedata.normalize("NFKD", arabic.casefold().translate(_LATIN_LETTERS))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub(" ", letters).strip()
