"""Two who change the same record: whose words stand, field by field. Pure.

A form carries, for each field, a keyed digest of the value that it was opened with. So it is known which fields this
person changed, which another changed meanwhile, and which both did, without sending the old values around.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

# What one field holds: a text, a code, a date as EDTF, the number of a record; or several codes.
Value = str | tuple[str, ...]
Values = Mapping[str, Value]

_DIGEST_BYTES = 10
_MINE, _THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` to be written; `conflicts`, by field, what the other left where both changed it.

    `changed` are the fields of `values` that differ from what is kept now. While there are conflicts nothing is
    written, and `values` are what to show: what this person typed, and the other's where only the other changed it.
    """

    values: Values = field(repr=False)
    conflicts: Values = field(default_factory=dict, repr=False)
    changed: frozenset[str] = frozenset()


def digest_values(values: Values, key: bytes) -> dict[str, str]:
    """A digest of each value, that tells nothing of it without `key` (at most 64 bytes)."""
    return {name: _digest(name, value, key) for name, value in values.items()}


def merge(
    opened: Mapping[str, str], said: Values, kept: Values, key: bytes, choices: Mapping[str, str] | None = None
) -> Merged:
    """What becomes of a record that holds `kept`, when a form that was `opened` on these digests says `said`.

    `choices` settle conflicts: "mine" or "theirs" by field. A field without a digest counts as not changed by others.
    """
    choices = choices or {}
    values, conflicts = dict(kept), {}
    for name, mine in said.items():
        theirs = kept.get(name, "")
        said_now, kept_now = _digest(name, mine, key), _digest(name, theirs, key)
        if said_now == kept_now:
            continue
        base = opened.get(name)
        others_changed = base is not None and kept_now != base
        if choices.get(name) == _THEIRS or (base is not None and said_now == base):
            # She chose the other's; or only the other changed it.
            continue
        values[name] = mine
        if others_changed and choices.get(name) != _MINE:
            conflicts[name] = theirs
    changed = frozenset(name for name in values if values[name] != kept.get(name, ""))
    return Merged(values, conflicts, changed)


def _digest(name: str, value: Value, key: bytes) -> str:
    parts = [value] if isinstance(value, str) else ["several", *sorted(value)]
    # A browser sends other ends of lines than it was given, and the form takes away what stands around a text.
    said = "\0".join([name, *(part.replace("\r\n", "\n").strip() for part in parts)])
    return blake2b(said.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=_DIGEST_BYTES).hexdigest()
