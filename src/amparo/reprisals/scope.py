"""Whose reprisals and profiles somebody may see or change: held in the query."""

from django.db.models import Q, QuerySet

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.institutions.access import DOCUMENT_CASES, may
from amparo.institutions.models import User
from amparo.reprisals.forms_of_reprisal import ROOTS_OF_TARGETS
from amparo.reprisals.models import NhriProfile, Reprisal
from amparo.vocabularies.catalogue import get_vocabulary

_OF_ANY_COUNTRY = frozenset({"network", "ganhri"})


def reprisals_for(user: User) -> QuerySet[Reprisal]:
    """The reprisals of `user`'s institution, newest first. One that was found to be a copy is left out."""
    incidents = incidents_for(user).filter(same_as=None).order_by()
    return Reprisal.objects.filter(incident__in=incidents).order_by("-incident__latest", "-incident_id")


def profiles_for(user: User) -> QuerySet[NhriProfile]:
    """The profiles that `user` may document reprisals against: all at a network or GANHRI, its own at an NHRI."""
    institution = user.institution
    if institution is None:
        return NhriProfile.objects.none()
    found = NhriProfile.objects.order_by("country", "pk")
    if institution.kind in _OF_ANY_COUNTRY:
        return found
    return found.filter(Q(institution=institution) | Q(kept_by=institution))


def profiles_kept_by(user: User) -> QuerySet[NhriProfile]:
    """The profiles that `user` may change.

    A network or GANHRI: those of NHRIs that do not work here, and so can't do it themselves, whoever wrote them. An
    NHRI: its own.
    """
    institution = user.institution
    if institution is None or not may(user, DOCUMENT_CASES):
        return NhriProfile.objects.none()
    if institution.kind in _OF_ANY_COUNTRY:
        return NhriProfile.objects.filter(Q(institution=None) | Q(kept_by=institution))
    return NhriProfile.objects.filter(institution=institution)


def may_add_profile(user: User) -> bool:
    """Whether `user` may write a new profile: at a network or GANHRI always, at an NHRI where it has none yet."""
    institution = user.institution
    if institution is None or not may(user, DOCUMENT_CASES):
        return False
    return institution.kind in _OF_ANY_COUNTRY or not NhriProfile.objects.filter(institution=institution).exists()


def is_of_any_country(user: User) -> bool:
    """Whether `user` works for NHRIs of any country."""
    return user.institution is not None and user.institution.kind in _OF_ANY_COUNTRY


def concerns_an_nhri(incident: Incident) -> bool:
    """Whether the case documents a reprisal against an NHRI, or somebody in it is one, its member or staff."""
    targets = get_vocabulary("targets")
    codes = [code for root in ROOTS_OF_TARGETS for code in targets.with_narrower(root)]
    return (
        Incident.objects.filter(pk=incident.pk)
        .filter(Q(reprisal__isnull=False) | Q(victims__target__in=codes))
        .exists()
    )
