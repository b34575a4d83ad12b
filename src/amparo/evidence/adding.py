"""Adding evidence to a case, and describing it: files that arrived, and what they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from amparo.cases.models import Act, Evidence, Incident, Victim
from amparo.evidence.custody import EVIDENCE, RECEIVED, Step, record_steps
from amparo.evidence.errors import ChangedMeanwhile, SentTwice, ThereAlready
from amparo.evidence.models import Exhibit
from amparo.evidence.time_stamps import ask_for_time_stamp
from amparo.files.models import SealedFile
from amparo.files.receiving import SealedUpload
from amparo.files.services import keep_upload, read_all_facts
from amparo.institutions.models import User, this_hour
from amparo.vault import log
from amparo.vault import services as vault

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a piece of evidence: its kind, what it bears out, and texts that are sealed."""

    kind: str = "unknown"
    act: Act | None = None
    victim: Victim | None = None
    shows: str = field(default="", repr=False)
    came_from: str = field(default="", repr=False)
    handed_over_by: str = field(default="", repr=False)

    def sealed(self) -> dict[str, object]:
        """The texts that are there."""
        texts = {"shows": self.shows, "came_from": self.came_from, "handed_over_by": self.handed_over_by}
        return {name: text for name, text in texts.items() if text}


@transaction.atomic
def add_files(
    user: User,
    incident: Incident,
    uploads: Sequence[SealedUpload],
    said: Description,
    submission: bytes,
    unlocked: vault.Unlocked,
    page: Mapping[str, object] | None = None,
) -> list[Evidence]:
    """Make each of `uploads` evidence of `incident`, with what is `said` of all of them; one chain of custody each.

    `submission` (32 bytes) is the form's; `page` is sealed beside what is said, for a web page that was captured.
    Raises `SentTwice`, `ThereAlready` where bytes are evidence of the case already, and `UploadRefused`.
    """
    # Held until the end: a form sent twice finds what the first made, and two that bring one file meet here.
    Incident.objects.select_for_update().only("pk").get(pk=incident.pk)
    if Exhibit.objects.filter(submission=submission).exists():
        raise SentTwice
    _check_new(incident, uploads, unlocked)
    added = [
        _add(incident, upload, said, (submission, part), dict(page or {})) for part, upload in enumerate(uploads, 1)
    ]
    steps: list[tuple[Evidence, Step]] = []
    for evidence, upload in zip(added, uploads, strict=True):
        clear = {"sha256": upload.sha256}
        steps.append((evidence, Step(RECEIVED, sealed_after=upload.sealed_sha256, details=_handed_over(said))))
        hashed = Step("hashed", upload.sealed_sha256, upload.sealed_sha256, details=clear)
        steps.append((evidence, hashed))
        ask_for_time_stamp(evidence, upload.sha256, upload.sealed_sha256)
    record_steps(user.pk, steps)
    return added


@transaction.atomic
def describe(user: User, evidence: Evidence, said: Description, version: int, unlocked: vault.Unlocked) -> Exhibit:
    """Say something else of a piece of evidence. `version` is that of what was shown: 0 where nothing was said yet.

    Raises `ChangedMeanwhile`, and what `vault.rewrite_section` raises.
    """
    Evidence.objects.select_for_update().get(pk=evidence.pk)
    exhibit = Exhibit.objects.select_related("section").filter(evidence=evidence).first() or Exhibit(evidence=evidence)
    if (exhibit.version if exhibit.pk else 0) != version:
        raise ChangedMeanwhile
    exhibit.kind, exhibit.act, exhibit.victim = said.kind, said.act, said.victim
    if exhibit.section is not None:
        kept = vault.open_sections([exhibit.section], unlocked).get(exhibit.section.pk, {})
        page = {"page": kept["page"]} if "page" in kept else {}
        vault.rewrite_section(exhibit.section, unlocked, said.sealed() | page)
    elif said.sealed():
        exhibit.section = vault.keep_section(said.sealed(), EVIDENCE, [evidence.incident.institution.key_pair])
    exhibit.version = version + 1
    exhibit.save()
    _log_described(user, evidence)
    return exhibit


def _add(
    incident: Incident, upload: SealedUpload, said: Description, form: tuple[bytes, int], page: dict[str, object]
) -> Evidence:
    holder = incident.institution.key_pair
    file = keep_upload(upload, [holder])
    evidence = Evidence.objects.create(incident=incident, file=file, added_at=this_hour())
    fields = said.sealed() | ({"page": page} if page else {})
    section = vault.keep_section(fields, EVIDENCE, [holder]) if fields else None
    try:
        with transaction.atomic():
            Exhibit.objects.create(
                evidence=evidence,
                kind=said.kind,
                act=said.act,
                victim=said.victim,
                section=section,
                submission=form[0],
                part=form[1],
            )
    except IntegrityError:
        # The same form for another case meanwhile: it was copied by hand.
        raise SentTwice from None
    return evidence


def _check_new(incident: Incident, uploads: Sequence[SealedUpload], unlocked: vault.Unlocked) -> None:
    there = dict(_hashes(incident, unlocked))
    twice, pieces, seen = list[str](), list[int](), set[str]()
    for upload in uploads:
        if upload.sha256 in there or upload.sha256 in seen:
            twice.append(upload.name or "")
            pieces += [there[upload.sha256]] if upload.sha256 in there else []
        seen.add(upload.sha256)
    if twice:
        raise ThereAlready(twice, pieces)


def _hashes(incident: Incident, unlocked: vault.Unlocked) -> Iterable[tuple[str, int]]:
    kept = dict(Evidence.objects.filter(incident=incident).order_by("pk").values_list("file", "pk"))
    waiting = list(kept)
    for start in range(0, len(waiting), _AT_ONCE):
        files = SealedFile.objects.select_related("section").filter(pk__in=waiting[start : start + _AT_ONCE])
        for file, facts in read_all_facts(files, unlocked).items():
            if facts.sha256:
                yield facts.sha256, kept[file]


def _handed_over(said: Description) -> dict[str, str]:
    texts = {"came_from": said.came_from, "handed_over_by": said.handed_over_by}
    return {name: text for name, text in texts.items() if text}


def _log_described(user: User, evidence: Evidence) -> None:
    log.record(
        "evidence-described",
        actor=user.pk,
        institution=evidence.incident.institution.code,
        record=f"incident:{evidence.incident_id}",
        facts={"evidence": evidence.pk},
    )
