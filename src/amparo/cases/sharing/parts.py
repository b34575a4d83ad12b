"""The sealed parts of a case by name, so that consents can be given for each, and each can be shared by itself.

Packages above put theirs here (`add_parts`), when they are ready.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from django.utils.translation import gettext

from amparo.cases.models import AllegedPerpetrator, Evidence, Incident, Information, Intervention, Place, Victim
from amparo.files.models import SealedFile
from amparo.vault.models import Section


@dataclass(frozen=True, slots=True)
class CasePart:
    """A sealed part of a case, called by what it is, never by what is in it.

    `exact` marks what tells more than it seems to: an original file. It is never chosen beforehand.
    """

    section: UUID
    label: str
    exact: bool = False


FindParts = Callable[[Incident], Iterable[CasePart]]
_OTHERS: list[FindParts] = []


def add_parts(find: FindParts) -> None:
    """Let `find` name further parts of a case: called once, by the AppConfig of the package that has them."""
    if find not in _OTHERS:
        _OTHERS.append(find)


def parts_of(incident: Incident) -> list[CasePart]:
    """All sealed parts of `incident` in the order in which its page shows them. A constant number of queries."""
    own = (_story, _victims, _perpetrators, _places, _sources, _interventions, _files)
    return [part for find in (*own, *_OTHERS) for part in find(incident)]


def sections_by_id(parts: Iterable[CasePart]) -> dict[UUID, Section]:
    """The sections of `parts`, with what is in them, by identifier."""
    return Section.objects.in_bulk([part.section for part in parts])


def _story(incident: Incident) -> Iterable[CasePart]:
    if incident.section_id:
        yield CasePart(incident.section_id, gettext("What happened"))
    if incident.notes_id:
        yield CasePart(incident.notes_id, gettext("Notes of your institution"))


def _victims(incident: Incident) -> Iterable[CasePart]:
    found = Victim.objects.filter(incident=incident).order_by("pk").values_list("section", "contacts")
    for number, (identity, contacts) in enumerate(found, 1):
        if identity:
            yield CasePart(identity, gettext("Victim %(number)s: who it is") % {"number": number})
        if contacts:
            yield CasePart(contacts, gettext("Victim %(number)s: how to reach her or him") % {"number": number})


def _perpetrators(incident: Incident) -> Iterable[CasePart]:
    found = AllegedPerpetrator.objects.filter(incident=incident).order_by("pk").values_list("section", flat=True)
    for number, section in enumerate(found, 1):
        if section:
            yield CasePart(section, gettext("Alleged perpetrator %(number)s: who it is") % {"number": number})


def _places(incident: Incident) -> Iterable[CasePart]:
    for number, section in enumerate(Place.objects.filter(incident=incident).values_list("section", flat=True), 1):
        if section:
            yield CasePart(section, gettext("Place %(number)s: where exactly") % {"number": number})


def _sources(incident: Incident) -> Iterable[CasePart]:
    found = Information.objects.filter(incident=incident).order_by("pk").values_list("section", flat=True)
    for number, section in enumerate(found, 1):
        if section:
            yield CasePart(section, gettext("Source %(number)s: who told it, and what") % {"number": number})


def _interventions(incident: Incident) -> Iterable[CasePart]:
    found = Intervention.objects.filter(incident=incident).values_list("section", flat=True)
    for number, section in enumerate(found, 1):
        if section:
            yield CasePart(section, gettext("Intervention %(number)s: notes") % {"number": number})


def _files(incident: Incident) -> Iterable[CasePart]:
    files = list(Evidence.objects.filter(incident=incident).order_by("pk").values_list("file", "file__section"))
    copies = dict(
        SealedFile.objects.filter(original__in=[file for file, _ in files]).values_list("original", "section")
    )
    for number, (file, section) in zip(count(1), files, strict=False):
        if file in copies:
            yield CasePart(copies[file], gettext("File %(number)s: copy without traces") % {"number": number})
        yield CasePart(section, gettext("File %(number)s: the original") % {"number": number}, exact=True)
