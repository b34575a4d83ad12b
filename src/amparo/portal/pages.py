"""What all public pages share: the release that they read, the notice of invented data, and answers without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amparo.portal.figures import datasets_of
from amparo.portal.reasons import explain
from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, OpenRelease, latest_release, open_release

P = ParamSpec("P")
ReleaseView = Callable[Concatenate[HttpRequest, OpenRelease, P], HttpResponse]


def show(request: HttpRequest, template: str, opened: OpenRelease, *, status: int = 200, **shown: Any) -> HttpResponse:
    """A page with figures of `opened`: it cites the release, and says so where the data are invented."""
    datasets = datasets_of(opened)
    shown |= {"release": opened, "datasets": datasets, "invented": any(each.invented for each in datasets)}
    return render(request, template, shown, status=status)


def show_release(request: HttpRequest, release: Release) -> None:
    """Let the page that answers `request` show `release`, whichever is the latest."""
    request.shown_release = release  # type: ignore[attr-defined]


def reads_latest_release(view: "ReleaseView[P]") -> Callable[..., HttpResponse]:
    """A view of the latest release, which gets it opened; a page that says what to do where there is none."""

    @require_safe
    @wraps(view)
    def read_and_show(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        release: Release | None = getattr(request, "shown_release", None) or latest_release()
        if release is None:
            return render(request, "portal/no-release.html")
        try:
            return view(request, open_release(release), *args, **kwargs)
        except NotPublished as refused:
            return show_damaged(request, release, refused)

    return read_and_show


def show_damaged(request: HttpRequest, release: Release, refused: NotPublished) -> HttpResponse:
    """Instead of a page of a release whose files are not as they were published."""
    return render(request, "portal/damaged.html", {"damaged": release, "reason": explain(refused)}, status=503)
