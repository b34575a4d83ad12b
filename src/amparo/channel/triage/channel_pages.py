"""The institution's channel itself: its settings, the poster that says where it is, and counts of what came."""

from hashlib import sha256
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amparo.channel.models import Channel
from amparo.channel.triage.counts import count_reports
from amparo.channel.triage.forms import ChannelForm
from amparo.channel.triage.inbox import answer_days
from amparo.institutions.access import READ_CODED_FACTS, SET_UP_CHANNEL, desk_page
from amparo.institutions.models import Institution, User


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(SET_UP_CHANNEL)
def set_up(request: HttpRequest) -> HttpResponse:
    institution = _institution(request)
    channel = Channel.objects.filter(institution=institution).first()
    form = ChannelForm(request.POST or None, instance=channel or Channel(institution=institution))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept. It holds for reports from now on."))
        return redirect("channel-settings")
    context = {
        "form": form,
        "exists": channel is not None,
        "fingerprint": fingerprint(institution),
        "addresses": _addresses(request),
        "institution": institution,
    }
    return render(request, "triage/channel-settings.html", context)


@require_safe
@desk_page(SET_UP_CHANNEL)
def poster(request: HttpRequest) -> HttpResponse:
    institution = _institution(request)
    names: dict[str, str] = institution.names
    here = translation.get_language() or "en"
    context = {
        "name": names.get(here) or names.get("en") or institution.code,
        "addresses": _addresses(request),
        "address": next(address for code, _name, address in _addresses(request) if code == here),
        "fingerprint": fingerprint(institution),
        "days": answer_days(institution),
        "institution": institution,
    }
    return render(request, "triage/poster.html", context)


@require_safe
@desk_page(READ_CODED_FACTS)
def statistics(request: HttpRequest) -> HttpResponse:
    institution = _institution(request)
    context = {"months": count_reports(institution), "days": answer_days(institution), "institution": institution}
    return render(request, "triage/statistics.html", context)


def fingerprint(institution: Institution) -> str:
    """The SHA-256 of the institution's public key in groups of four, as it is published and compared."""
    digest = sha256(bytes(institution.key_pair.public_key)).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _addresses(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Code, name and address of the form in each language."""
    found = []
    for code, _name in settings.LANGUAGES:
        name = translation.get_language_info(code)["name_local"]
        found.append((code, str(name).capitalize(), request.build_absolute_uri(f"/{code}/report/")))
    return found


def _institution(request: HttpRequest) -> Institution:
    return cast(Institution, cast(User, request.user).institution)
