"""Published reports at the desk: the list, bringing a file in, putting aside, making a signal of one."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_area_of_country
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.warning.desk import explain, number_in, page_of, show, try_or_tell
from amparo.warning.held import AlertError
from amparo.warning.media.forms import BringInForm, WantedItems
from amparo.warning.media.keeping import bring_in, media_items_for, put_aside
from amparo.warning.models import MediaItem
from amparo.warning.signals.forms import SignalForm
from amparo.warning.signals.raising import Said, code_media_item


@require_safe
@desk_page(HANDLE_ALERTS)
def media_list(request: HttpRequest) -> HttpResponse:
    """Published reports; `?aside=` names the one that was put aside just now, to take it back."""
    mine = media_items_for(person(request))
    form = WantedItems(request.GET)
    wanted = form.wanted()
    aside = number_in(request, "aside")
    return show(
        request,
        "warning/media-list.html",
        page=page_of(request, mine.filter(**wanted)),
        form=WantedItems(initial={name: request.GET.get(name) for name in form.fields}),
        asked=any(request.GET.get(name) for name in form.fields),
        undo=mine.filter(pk=aside, is_put_aside=True, signal=None).first() if aside else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def new(request: HttpRequest) -> HttpResponse:
    """A file of published reports, brought in whole or not at all."""
    form = BringInForm()
    if request.method == "POST":
        form = BringInForm(request.POST, request.FILES)
        if form.is_valid():
            brought = bring_in(person(request), form.items)
            said = [
                ngettext("%(number)s new item.", "%(number)s new items.", brought.new) % {"number": brought.new},
            ]
            if brought.before:
                said.append(
                    ngettext("%(number)s was there already.", "%(number)s were there already.", brought.before)
                    % {"number": brought.before}
                )
            if form.left_out:
                said.append(
                    ngettext(
                        "%(number)s has no title or no address, and was left out.",
                        "%(number)s have no title or no address, and were left out.",
                        form.left_out,
                    )
                    % {"number": form.left_out}
                )
            messages.success(request, " ".join(said))
            return redirect("media")
    return show(request, "warning/media-new.html", status=status_of(form), form=form)


@require_POST
@desk_page(HANDLE_ALERTS)
def aside(request: HttpRequest, number: int) -> HttpResponse:
    """Put an item aside, or take it back."""
    to_aside = request.POST.get("aside") != "no"
    try:
        put_aside(person(request), number, aside=to_aside)
    except MediaItem.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
        return redirect("media")
    return HttpResponseRedirect(reverse("media") + (f"?aside={number}" if to_aside else ""))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def code(request: HttpRequest, number: int) -> HttpResponse:
    """Make a signal of an item: its form, with what the item says filled in. An item is coded once."""
    user = person(request)
    item = get_object_or_404(media_items_for(user), pk=number)
    if item.signal_id is not None:
        return redirect("signal", item.signal_id)
    only_areas = "show-areas" in request.POST
    if request.method == "POST":
        form = SignalForm(with_area_of_country(request))
        if not only_areas and form.is_valid():
            kept = try_or_tell(form, lambda: code_media_item(user, number, _with_link(form.said(), item)))
            if kept is not None:
                messages.success(request, _("The signal is kept, and your colleagues are told. Check it next."))
                return redirect("signal", kept.pk)
    else:
        form = SignalForm(initial=_said_by(item, institution_of(request).country or UNKNOWN))
    return show(
        request,
        "warning/media-code.html",
        status=200 if only_areas else status_of(form),
        form=form,
        show_errors=not only_areas,
        item=item,
    )


def _with_link(said: Said, item: MediaItem) -> Said:
    """The address goes sealed with the words, whatever was typed over them."""
    return replace(said, words={**said.words, "link": item.link})


def _said_by(item: MediaItem, country: str) -> dict[str, str]:
    return {
        "origin": "media",
        "country": country,
        "what": item.title,
        "source": item.publisher,
        "happened": item.published_on.isoformat() if item.published_on else "",
    }
