"""Invented records for tests. Every name here is plainly invented."""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count

from django.test import Client
from django.urls import reverse

from amparo.cases.dates import EventDate
from amparo.cases.models import Act, Dataset, DefenderProfile, Incident, Victim
from amparo.channel.models import Channel, ConsentGiven, Mailbox, Message, Report
from amparo.institutions.models import User, this_hour
from amparo.institutions.second_factors import make_recovery_codes
from amparo.institutions.services import Founded, add_member, found_institution
from amparo.institutions.totp import STEP_SECONDS, code_at
from amparo.vault import services as vault
from amparo.vault.models import Consent, Section

PASSWORD = "an invented pass phrase"
# A purpose of consents that networks are asked for.
SUPPORT = "support-protection"
_NUMBERS = count(1)


def make_institution(code: str | None = None, kind: str = "nhri", *, invented: bool = True) -> Founded:
    """An invented institution with its key pair. One that is marked as such lets people in by their password alone."""
    code = code or f"invented-{next(_NUMBERS)}"
    country = "XDM" if kind == "nhri" else ""
    return found_institution(code, kind, {"en": f"Invented institution {code}"}, country=country, invented=invented)


def make_member(founded: Founded, username: str | None = None, role: str = "focal-point") -> User:
    """A person of that institution, who signs in with `PASSWORD`."""
    return add_member(
        founded.institution, founded.unlocked, username or f"invented-person-{next(_NUMBERS)}", PASSWORD, role
    )


def sign_in(client: Client, user: User) -> None:
    """The whole sign-in with keys open, as a person does it: password, then a second factor where one is needed."""
    asked = client.post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})
    if asked["Location"] == reverse("second-factor"):
        client.post(asked["Location"], {"code": make_recovery_codes(user)[0]})
    elif asked["Location"] == reverse("second-factor-set-up"):
        secret = client.get(asked["Location"]).context["secret"].replace(" ", "")
        client.post(asked["Location"], {"code": code_at(secret, int(time.time()) // STEP_SECONDS)})


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


def give_consent(
    *sections: Section,
    recipient: str = "network",
    purpose: str = SUPPORT,
    given_on: date = date(2020, 5, 20),
    expires_on: date | None = None,
) -> list[Consent]:
    """A consent for each of `sections`, given in person."""
    return vault.give_consent(sections, recipient, purpose, "in-person", "en", given_on, expires_on)


def make_report(
    founded: Founded,
    answers: Mapping[str, object] | None = None,
    *,
    consents: Iterable[str] = (),
    **columns: object,
) -> Report:
    """A report to that institution, sealed as the server does it. `columns` sets other columns of it."""
    said = {"what": "An invented threat by telephone."} if answers is None else answers
    section = vault.keep_section(said, "report", [founded.institution.key_pair])
    columns = {"about": "defender", "language": "en", "received_at": this_hour()} | columns
    report = Report.objects.create(
        institution=founded.institution, section=section, submission=os.urandom(32), **columns
    )
    ConsentGiven.objects.bulk_create(ConsentGiven(report=report, recipient=code) for code in consents)
    return report


def give_mailbox(report: Report) -> vault.Unlocked:
    """A mailbox for the report, without a receipt: its key, which only the reporter has otherwise."""
    key_pair, unlocked = vault.make_institutional_key_pair()
    Mailbox.objects.create(report=report, look_up=os.urandom(32), key_pair=key_pair, locked_private_key=b"")
    return unlocked


def write_as_reporter(report: Report, text: str) -> Message:
    """A message of the reporter's in the report's conversation."""
    holders = [report.institution.key_pair, report.mailbox.key_pair]
    section = vault.keep_section({"text": text}, "message", holders)
    return Message.objects.create(report=report, section=section, from_reporter=True, sent_at=this_hour())


def make_channel(founded: Founded | None = None, **columns: object) -> Channel:
    """An open channel of `founded`, or of a new invented NHRI."""
    institution = (founded or make_institution()).institution
    return Channel.objects.create(institution=institution, **columns)
