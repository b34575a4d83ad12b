"""Files that come with a form: sealed while they arrive, and measured by what the institution takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db.models import Max
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from amparo.channel.models import Channel
from amparo.channel.services import KeepFile
from amparo.files.labels import describe_refusal
from amparo.files.receiving import MOST_BYTES, MOST_FILES, SealedUpload
from amparo.files.services import keep_upload
from amparo.files.uploads import takes_files


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of one form: those that are taken, and in words why others are not."""

    good: Sequence[SealedUpload] = field(default=(), repr=False)
    problem: str = field(default="", repr=False)

    def keepers(self) -> list[KeepFile]:
        """What puts each of them under the keys of its holders."""
        return [partial(keep_upload, each) for each in self.good]


def read_uploads(request: HttpRequest, channel: Channel) -> Uploads:
    """The files of `request`, as far as `channel` takes them."""
    good, problems = [], []
    for upload in request.FILES.getlist("files"):
        if not isinstance(upload, SealedUpload):
            raise TypeError("Files come to this page through the handler that seals them.")
        if problem := _problem(upload, channel):
            problems.append(f"{upload.name}: {problem}")
        else:
            good.append(upload)
    return Uploads(good, " ".join(problems))


def _problem(upload: SealedUpload, channel: Channel) -> str:
    if upload.refused:
        return describe_refusal(upload)
    if upload.length > channel.most_file_bytes:
        most = filesizeformat(channel.most_file_bytes)
        return gettext("This file is too large: %(most)s at most.") % {"most": most}
    if channel.file_kinds and upload.kind not in channel.file_kinds:
        return gettext("Files of this kind are not taken here.")
    return ""


# For which institution a form is stands in the form, which is read after the files: the widest limits of all first.
def _most_bytes(_: HttpRequest) -> int:
    return _widest("most_file_bytes") or MOST_BYTES


def _most_files(_: HttpRequest) -> int:
    return max(_widest("most_files"), MOST_FILES)


def _widest(column: str) -> int:
    return Channel.objects.filter(is_open=True).aggregate(widest=Max(column))["widest"] or 0


takes_report_files = takes_files(most_bytes=_most_bytes, most_files=_most_files)
SEALED_FILES = "sealed_files"
takes_sealed_files = takes_files(most_bytes=_most_bytes, most_files=_most_files, sealed_fields=(SEALED_FILES,))


def sealed_uploads(request: HttpRequest) -> list[SealedUpload]:
    """The files of `request` that a browser sealed, taken or not."""
    return [each for each in request.FILES.getlist(SEALED_FILES) if isinstance(each, SealedUpload)]
