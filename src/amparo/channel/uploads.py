"""Files that came with a form: sealed already, and measured by what the institution takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext

from amparo.channel.models import Channel
from amparo.channel.services import KeepFile
from amparo.channel.templatetags.channel import file_size
from amparo.files.receiving import SealedUpload
from amparo.files.services import keep_upload


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
    if upload.length > channel.most_file_bytes:
        most = file_size(channel.most_file_bytes)
        return gettext("This file is too large: %(most)s at most.") % {"most": most}
    return ""
