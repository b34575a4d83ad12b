"""Sealed files on pages of the desk: what is said of them, their clean copy, and the original after a warning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase

from amparo.files.answers import answer_with_file, answer_with_image
from amparo.files.errors import FilesError
from amparo.files.kinds import Kind, kind_of
from amparo.files.labels import describe_not_cleaned, kind_label
from amparo.files.models import SealedFile
from amparo.files.services import FileFacts, clean_copy, open_file, preview_image, read_all_facts, read_facts
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import KeyPair, SectionKey

# What opening a file raises where it is closed to this session, damaged or gone.
NOT_OPENED = (FilesError, VaultError, SectionKey.DoesNotExist, FileNotFoundError)
_OTHER = Kind("", "application/octet-stream", "bin")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with what is sealed with it; `facts` is None where it is closed to this session, or damaged.

    What a file is that a browser sealed is known only once its copy was made, whose kind is `told`.
    """

    file: SealedFile
    facts: FileFacts | None = field(repr=False)
    has_copy: bool
    told: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it is known what the file is."""
        return self.kind is not _OTHER

    @property
    def no_copy(self) -> str:
        """Why there is no copy without metadata; "" where there is one, or it was not asked for yet."""
        if not self.has_copy and self.facts and self.is_known and not self.kind.cleaned:
            return describe_not_cleaned(self.file.not_cleaned or "kind-not-cleaned")
        return describe_not_cleaned(self.file.not_cleaned)

    @property
    def kind(self) -> Kind:
        return kind_of(self.told or (self.facts.kind if self.facts else "")) or _OTHER

    @property
    def kind_name(self) -> str:
        return kind_label(self.kind.code)


def shown_files(wanted: Sequence[SealedFile], unlocked: vault.Unlocked | None) -> list[ShownFile]:
    """Each of `wanted` as it is listed."""
    copies = {
        copy.original_id: copy for copy in SealedFile.objects.filter(original__in=wanted).select_related("section")
    }
    facts = read_all_facts([*wanted, *copies.values()], unlocked) if unlocked else {}
    return [_shown(each, copies.get(each.pk), facts) for each in wanted]


def show_file(file: SealedFile, unlocked: vault.Unlocked | None) -> ShownFile:
    """A file on its own page: where nobody has looked at its bytes yet, they are looked at now, for the copy."""
    (shown,) = shown_files([file], unlocked)
    if unlocked is None or shown.facts is None or shown.is_known or shown.has_copy or file.not_cleaned:
        return shown
    copy = find_or_make_copy(file, unlocked)
    return _shown(file, copy, read_all_facts([file, *([copy] if copy else [])], unlocked))


def _shown(file: SealedFile, copy: SealedFile | None, all_facts: Mapping[UUID, FileFacts]) -> ShownFile:
    facts = all_facts.get(file.pk)
    of_copy = all_facts.get(copy.pk) if copy is not None and facts is not None and not facts.kind else None
    return ShownFile(file, facts, copy is not None, of_copy.kind if of_copy else "")


def find_or_make_copy(file: SealedFile, unlocked: vault.Unlocked) -> SealedFile | None:
    """The copy of `file` without metadata, for the institutions that have the original; None where there can be none.

    Raises what `files.services.clean_copy` raises.
    """
    return clean_copy(file, unlocked, _institutions_holding(file))


def answer_with_preview(copy: SealedFile, unlocked: vault.Unlocked) -> HttpResponse | None:
    """A small picture of a clean copy; None where it is none. Raises what `files.services.preview_image` raises."""
    content = preview_image(copy, unlocked)
    return None if content is None else answer_with_image(content)


def answer_to_save(file: SealedFile, unlocked: vault.Unlocked) -> HttpResponseBase:
    """A file for saving. Raises what `files.services.open_file` raises.

    Not under its own name: that may name somebody, and would stay in the list of what this browser fetched.
    """
    # A consent for it ended while nobody's keys were open: who opens it now closes it anew first.
    if vault.renew_due_keys([file.section], unlocked):
        file.refresh_from_db(fields=["generation", "sealed_length"])
    facts = read_facts(file, unlocked)
    which = "original" if file.original_id is None else "clean"
    name = f"{str(file.pk)[:8]}-{which}.{(kind_of(facts.kind) or _OTHER).ending}"
    return answer_with_file(name, facts.kind, facts.length, open_file(file, unlocked))


def _institutions_holding(file: SealedFile) -> list[KeyPair]:
    return list(vault.holders_of(file.section).filter(institution__isnull=False))
