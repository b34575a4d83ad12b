"""Sealed files on pages of the desk: what is said of them, their clean copy, and the original after a warning."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpResponseBase, StreamingHttpResponse

from amparo.files import services as files
from amparo.files.kinds import KINDS, Kind
from amparo.files.labels import KIND_LABELS
from amparo.files.models import SealedFile
from amparo.files.services import FileFacts, open_file, read_facts
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyPair, SectionKey

_OTHER = Kind("", "application/octet-stream", "bin")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with what is sealed with it; `facts` is None where it is closed to this session, or damaged."""

    file: SealedFile
    facts: FileFacts | None = field(repr=False)
    has_copy: bool

    @property
    def kind(self) -> Kind:
        return KINDS.get(self.facts.kind, _OTHER) if self.facts else _OTHER

    @property
    def kind_name(self) -> str:
        return str(KIND_LABELS.get(self.kind.code, ""))


def shown_files(wanted: Sequence[SealedFile], unlocked: vault.Unlocked | None) -> list[ShownFile]:
    """Each of `wanted` as it is listed."""
    copied = set(SealedFile.objects.filter(original__in=wanted).values_list("original_id", flat=True))
    return [ShownFile(each, _facts(each, unlocked), each.pk in copied) for each in wanted]


def find_or_make_copy(file: SealedFile, unlocked: vault.Unlocked) -> SealedFile | None:
    """The copy of `file` without metadata, for the institutions that have the original; None where there can be none.

    Made on first use. Raises what `files.services.clean_copy` raises.
    """
    found = SealedFile.objects.select_related("section").filter(original=file).first()
    return found or files.clean_copy(file, unlocked, _institutions_holding(file))


def answer_with_copy(copy: SealedFile, unlocked: vault.Unlocked) -> HttpResponseBase:
    """The clean copy: shown in the browser where it is an image or a text, else to be kept."""
    kind = KINDS.get(read_facts(copy, unlocked).kind, _OTHER)
    # Texts are shown as text only, whatever is in them.
    media_type = "text/plain; charset=utf-8" if kind.shown == "text" else kind.media_type
    return _answer(copy, unlocked, media_type, f"{_number(copy)}.{kind.ending}", inline=bool(kind.shown))


def answer_with_original(file: SealedFile, unlocked: vault.Unlocked) -> HttpResponseBase:
    """The file as it came, to be kept, never to be shown by the browser."""
    kind = KINDS.get(read_facts(file, unlocked).kind, _OTHER)
    return _answer(file, unlocked, "application/octet-stream", f"{_number(file)}-original.{kind.ending}", inline=False)


def _answer(
    file: SealedFile, unlocked: vault.Unlocked, media_type: str, name: str, *, inline: bool
) -> HttpResponseBase:
    answer = StreamingHttpResponse(open_file(file, unlocked), content_type=media_type)
    # Its own name may name somebody, and would stay in the list of what this browser fetched.
    answer["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _number(file: SealedFile) -> str:
    return str(file.pk)[:8]


def _institutions_holding(file: SealedFile) -> list[KeyPair]:
    holding = KeyPair.objects.filter(section_keys__section=file.section_id, institution__isnull=False)
    return list(holding.order_by("pk"))


def _facts(file: SealedFile, unlocked: vault.Unlocked | None) -> FileFacts | None:
    if unlocked is None:
        return None
    try:
        return read_facts(file, unlocked)
    except (VaultError, SectionKey.DoesNotExist):
        return None
