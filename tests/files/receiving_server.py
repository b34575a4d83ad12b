"""A page that takes files, for tests of a real server: it tells what arrived, what is on the disk, and its memory."""

import os
import re
from pathlib import Path

import django
from django.http import HttpRequest, JsonResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402

from amparo.files.places import files_folder  # noqa: E402
from amparo.files.uploads import takes_files, was_stopped  # noqa: E402


@takes_files(most_bytes=3 * 1024**3, most_files=2, most_together=3 * 1024**3)
def receive(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "token": get_token(request),
            "files": [
                {"name": each.name, "length": each.length, "refused": each.refused, "sha256": each.sha256}
                for each in request.FILES.getlist("files")
            ],
            "stopped": was_stopped(request),
            "incoming": [each.stat().st_size for each in (files_folder() / "incoming").glob("*")],
            "memory": _memory(),
        }
    )


def refuse(request: HttpRequest, reason: str = "") -> JsonResponse:
    """The answer to a request from another site, without the files of pages."""
    return JsonResponse({"reason": reason}, status=403)


def _memory() -> dict[str, int]:
    """Bytes of memory in use now, and at most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {name: int(re.findall(rf"{name}:\s+(\d+)", status)[0]) * 1024 for name in ("VmRSS", "VmHWM")}


urlpatterns = [path("", receive)]
settings.ROOT_URLCONF = __name__
settings.CSRF_FAILURE_VIEW = f"{__name__}.refuse"
application = get_wsgi_application()
