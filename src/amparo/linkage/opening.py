"""What linkage takes of the sealed fields of a victim and an incident."""

from collections.abc import Mapping

# Where the parts of a name stand apart, in this order; and other names that a person goes by.
_WHOLE, _PARTS = "name", ("given_name", "family_name")


def name_in(identity: Mapping[str, object]) -> str:
    """The name in a victim's opened identity; "" where there is none."""
    whole = _text(identity, _WHOLE)
    return whole or " ".join(filter(None, (_text(identity, part) for part in _PARTS)))


def _text(fields: Mapping[str, object], name: str) -> str:
    found = fields.get(name)
    return found.strip() if isinstance(found, str) else ""


def age_in(identity: Mapping[str, object]) -> int | None:
    """The age in years, where it is written as a number."""
    said = str(identity.get("age", "")).strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 3 else None


def role_in(identity: Mapping[str, object]) -> str:
    """What is written on function, occupation and organisation."""
    return " ".join(filter(None, (_text(identity, part) for part in ("function", "occupation", "organisation"))))


def place_in(fields: Mapping[str, object]) -> str:
    """The exact place, of an opened narrative or place."""
    return _text(fields, "place") or _text(fields, "name")
