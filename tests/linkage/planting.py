"""Copies of lists with planted differences, for tests and figures of linkage: whoever plants knows the truth."""

import random
import unicodedata

KEYS_BESIDE = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xs",
}  # fmt: skip


def without_accents(name: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))


def with_other_order(name: str, chance: random.Random) -> str:
    """Surnames first, as lists write them, with a comma or without; or in capitals."""
    words = name.split()
    cut = 1 if len(words) < 4 else 2
    turned = " ".join(words[cut:]) + chance.choice([", ", " "]) + " ".join(words[:cut])
    return turned if chance.random() < 0.7 else turned.upper()


def without_second_surname(name: str) -> str:
    words = name.split()
    return " ".join(words[:-1]) if len(words) >= 3 else name


def with_slip(name: str, chance: random.Random) -> str:
    """One slip of the keyboard in a part of five letters or more: left out, doubled, swapped, or the key beside."""
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5]
    if not long:
        return name
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    kind = chance.choice(["out", "twice", "swapped", "beside"])
    if kind == "out":
        word = word[:place] + word[place + 1 :]
    elif kind == "twice":
        word = word[:place] + word[place] + word[place:]
    elif kind == "swapped":
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        beside = KEYS_BESIDE.get(word[place].lower(), "x")
        word = word[:place] + chance.choice(beside) + word[place + 1 :]
    words[at] = word
    return " ".join(words)


def plant(name: str, chance: random.Random) -> str:
    """`name` as another list may have it: one to three of the four differences."""
    name = " ".join(name.split())
    for kind in chance.sample(["accents", "order", "surname", "slip"], chance.choice([1, 1, 2, 2, 3])):
        if kind == "accents":
            name = without_accents(name)
        elif kind == "order":
            name = with_other_order(name, chance)
        elif kind == "surname":
            name = without_second_surname(name)
        else:
            name = with_slip(name, chance)
    return name
