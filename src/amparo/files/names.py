"""Names of files as they arrive from anywhere, made fit to be shown and offered for saving. Pure."""

import unicodedata

LONGEST_NAME = 120
_LONGEST_ENDING = 12
# Separators of parts of a path, and what a name may not have on some system.
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def clean_name(name: str) -> str:
    """`name` without parts of a path, control characters and direction overrides, 120 characters at most.

    Its ending (“.jpg”) stays when it is cut. "file" where nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Category C: controls, formats (direction overrides among them), surrogates, private use. Z but the plain space:
    # other spaces and separators of lines.
    seen = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C")
    seen = " ".join(seen.translate(_NOT_IN_NAMES).split())
    # A leading dot hides a file, a trailing one is lost on Windows.
    seen = seen.strip(" .")
    if len(seen) > LONGEST_NAME:
        stem, dot, ending = seen.rpartition(".")
        keeps_ending = bool(dot) and len(ending) <= _LONGEST_ENDING
        tail = f".{ending}" if keeps_ending else ""
        seen = (stem if keeps_ending else seen)[: LONGEST_NAME - len(tail)].rstrip(" .") + tail
    return seen or "file"
