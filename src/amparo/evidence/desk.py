"""What the desk shows of evidence: found within the reader's institution, opened where her keys are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from amparo.cases.desk import incidents_for
from amparo.cases.models import Act, Evidence, Incident, Victim
from amparo.cases.shown_files import ShownFile, shown_files
from amparo.evidence.models import CustodyEntry, Exhibit, TimeStamp
from amparo.institutions.models import User
from amparo.vault import services as vault


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """A piece of evidence as it is listed. `texts` is None where what is said of it is closed, {} where nothing is."""

    evidence: Evidence
    shown: ShownFile
    exhibit: Exhibit | None
    texts: Mapping[str, object] | None = field(repr=False)
    stamp: TimeStamp | None
    last_result: str

    @property
    def page(self) -> Mapping[str, object]:
        """What was noted of a web page when it was captured; empty for other evidence."""
        page = (self.texts or {}).get("page")
        return page if isinstance(page, dict) else {}


def incident_of(request: HttpRequest, incident: int) -> Incident:
    """The incident, where it is of the signed-in person's institution. Raises Http404, whoever else's it is."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (every page is one of the desk)
    ours = incidents_for(user).select_related("institution__key_pair", "section", "dataset")
    found: Incident = get_object_or_404(ours, pk=incident)
    return found


def evidence_of(request: HttpRequest, incident: int, evidence: int) -> Evidence:
    """The piece, where it belongs to that incident of the signed-in person's institution. Raises Http404."""
    found = incident_of(request, incident)
    piece: Evidence = get_object_or_404(list_evidence(found), pk=evidence)
    piece.incident = found
    return piece


def list_evidence(incident: Incident) -> QuerySet[Evidence]:
    """The evidence of `incident`, oldest first, with what is shown of each in a constant number of queries."""
    checks = CustodyEntry.objects.filter(evidence=OuterRef("pk"), action="verified").order_by("-number")
    return (
        Evidence.objects.filter(incident=incident)
        .select_related("file__section", "exhibit__section", "exhibit__act", "exhibit__victim")
        .prefetch_related("time_stamps")
        .annotate(last_check=Subquery(checks.values("facts")[:1]))
        .order_by("pk")
    )


def show_evidence(pieces: Sequence[Evidence], unlocked: vault.Unlocked | None) -> list[ShownEvidence]:
    """Each of `pieces`, which come from `list_evidence`, with what `unlocked` opens of it."""
    files = shown_files([each.file for each in pieces], unlocked)
    exhibits = [getattr(each, "exhibit", None) for each in pieces]
    sections = [exhibit.section for exhibit in exhibits if exhibit is not None and exhibit.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    return [
        ShownEvidence(each, file, exhibit, _texts(exhibit, opened), _stamp(each), _last_result(each))
        for each, file, exhibit in zip(pieces, files, exhibits, strict=True)
    ]


def victims_and_acts(incident: Incident) -> tuple[list[Victim], list[Act]]:
    """Whom and what a piece of evidence can bear out, in order."""
    victims = list(incident.victims.select_related("section").order_by("pk"))
    return victims, list(incident.acts.order_by("pk"))


def names_of(victims: Sequence[Victim], unlocked: vault.Unlocked | None) -> dict[int, str]:
    """The names of `victims` where they open, by victim."""
    sections = [each.section for each in victims if each.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked and sections else {}
    named = {each.pk: opened.get(each.section_id, {}).get("name") for each in victims if each.section_id}
    return {victim: name for victim, name in named.items() if isinstance(name, str) and name}


def _texts(exhibit: Exhibit | None, opened: Mapping[UUID, dict[str, object]]) -> Mapping[str, object] | None:
    if exhibit is None or exhibit.section_id is None:
        return {}
    return opened.get(exhibit.section_id)


def _stamp(evidence: Evidence) -> TimeStamp | None:
    stamps = list(evidence.time_stamps.all())
    held = [each for each in stamps if each.state == TimeStamp.State.HELD]
    chosen = held or stamps
    return chosen[-1] if chosen else None


def _last_result(evidence: Evidence) -> str:
    last = getattr(evidence, "last_check", None)
    return str(last.get("result", "")) if isinstance(last, dict) else ""
