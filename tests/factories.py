"""Invented records for tests. Every name here is plainly invented."""

from itertools import count

from amparo.cases.dates import EventDate
from amparo.cases.models import Act, Dataset, DefenderProfile, Incident, Victim
from amparo.institutions.models import User
from amparo.institutions.services import Founded, add_member, found_institution
from amparo.vault import services as vault

PASSWORD = "an invented pass phrase"
_NUMBERS = count(1)


def make_institution(code: str | None = None) -> Founded:
    """An invented NHRI with its key pair."""
    code = code or f"invented-{next(_NUMBERS)}"
    return found_institution(code, "nhri", {"en": f"Invented institution {code}"}, country="XDM", invented=True)


def make_member(founded: Founded, username: str | None = None, role: str = "focal-point") -> User:
    """A person of that institution, who signs in with `PASSWORD`."""
    return add_member(
        founded.institution, founded.unlocked, username or f"invented-person-{next(_NUMBERS)}", PASSWORD, role
    )


def make_dataset(code: str = "invented-list", *, invented: bool = False) -> Dataset:
    """A dataset; the same one for the same code."""
    return Dataset.objects.get_or_create(
        code=code,
        defaults={
            "titles": dict.fromkeys(("en", "fr", "es", "ar"), f"Invented list {code}"),
            "publisher": "Invented publisher",
            "coverage": dict.fromkeys(("en", "fr", "es", "ar"), "Invented coverage."),
            "invented": invented,
        },
    )[0]


def make_incident(
    founded: Founded,
    *,
    date: str | None = "2020-05-17",
    country: str = "COL",
    acts: tuple[str, ...] = ("killing",),
    name: str = "",
    narrative: str = "",
    **coded: str,
) -> Incident:
    """An incident with one victim; `name` and `narrative` go sealed to the institution. `coded` sets other columns."""
    key_pair = founded.institution.key_pair
    incident = Incident(institution=founded.institution, dataset=make_dataset(), country=country)
    incident.set_date(EventDate.read(date) if date else None)
    victim = Victim(incident=incident)
    profile = coded.pop("profile", "")
    for column, code in coded.items():
        setattr(incident if hasattr(incident, column) else victim, column, code)
    for record, kind, fields in ((incident, "narrative", {"text": narrative}), (victim, "identity", {"name": name})):
        if any(fields.values()):
            section, key = vault.seal_for(fields, kind, key_pair)
            section.save()
            key.save()
            record.section = section
    incident.save()
    victim.incident = incident
    victim.save()
    if profile:
        DefenderProfile.objects.create(victim=victim, profile=profile)
    for act in acts:
        Act.objects.create(incident=incident, victim=victim, kind=act)
    return incident
