"""Invented institutions of the chain, with focal points, and alerts of theirs, for tests of the response."""

from contextlib import AbstractContextManager
from datetime import datetime
from unittest import mock

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.alerts.deciding import Opening, open_alert
from amparo.warning.models import Alert, FocalPoint, Signal
from amparo.warning.signals.raising import Said, check_signal, raise_signal
from tests.factories import make_institution, make_member


def make_focal_point(founded: Founded, *, rank: int = 1, **columns: object) -> User:
    """A person of that institution who is its focal point, or of `rank` 2 and on a deputy."""
    user = make_member(founded)
    FocalPoint.objects.create(institution=founded.institution, user=user, rank=rank, **columns)
    return user


def make_chain(country: str = "COL") -> dict[str, Founded]:
    """An NHRI of `country`, its network, GANHRI and a UN counterpart, each with a focal point."""
    chain = {
        "nhri": make_institution("invented-nhri"),
        "network": make_institution("rindhca", "network"),
        "ganhri": make_institution("ganhri", "ganhri"),
        "un-office": make_institution("invented-un-office", "un-office"),
    }
    chain["nhri"].institution.country = country
    chain["nhri"].institution.save()
    for founded in chain.values():
        make_focal_point(founded)
    return chain


def make_signal(user: User, *, confirmed: bool = False, words: str = "", **coded: str) -> Signal:
    """A signal that `user` raised."""
    said = Said(
        **({"origin": "focal-point", "kind": "threats", "country": "COL"} | coded),
        words={"what": words} if words else {},
    )
    signal = raise_signal(user, said)
    return check_signal(user, signal.pk, "confirmed", version=signal.version) if confirmed else signal


def make_alert(
    user: User, level: str = "emergency", *, threatens_institution: bool = False, **opening: object
) -> Alert:
    """An open alert of `user`'s institution; with `threatens_institution` one about itself."""
    signal = make_signal(user, confirmed=True)
    if threatens_institution:
        opening["threatened"] = user.institution
    return open_alert(user, signal.pk, Opening(level, ("threat-to-life",), **opening))  # type: ignore[arg-type]


def clock_at(when: datetime) -> AbstractContextManager[object]:
    """The clock of everything that asks for the time, moved."""
    return mock.patch("django.utils.timezone.now", return_value=when)
