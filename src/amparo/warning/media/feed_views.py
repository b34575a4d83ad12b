"""Feeds at the desk: which are followed and how they fare; added after a warning, looked at, switched, removed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import HANDLE_ALERTS, desk_page
from amparo.institutions.signed_in import person
from amparo.ui.forms import status_of
from amparo.warning.desk import explain, page_of, show
from amparo.warning.held import AlertError
from amparo.warning.media.feed_forms import FeedForm
from amparo.warning.media.following import (
    MOST_FEEDS,
    FollowedAlready,
    add_feed,
    are_fetched,
    feeds_for,
    remove_feed,
    switch_feed,
)
from amparo.warning.media.looking import look_now
from amparo.warning.media.outcomes import describe_look, is_failure
from amparo.warning.models import Feed


@require_safe
@desk_page(HANDLE_ALERTS)
def feed_list(request: HttpRequest) -> HttpResponse:
    """The feeds that are followed."""
    return show(
        request,
        "warning/feed-list.html",
        page=page_of(request, feeds_for(person(request))),
        most=MOST_FEEDS,
        are_fetched=are_fetched(),
        through_proxy=settings.CAPTURE_PROXY is not None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def new(request: HttpRequest) -> HttpResponse:
    """A new feed, after the warning was read. Not here where the installation asks for no feeds."""
    if not are_fetched():
        raise Http404
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_feed(person(request), form.wanted())
        except AlertError as refused:
            form.add_error("address" if isinstance(refused, FollowedAlready) else None, explain(refused.code))
        else:
            messages.success(request, _("The feed is followed. It is looked at within minutes, then every hour."))
            return redirect("feeds")
    through_proxy = settings.CAPTURE_PROXY is not None
    return show(request, "warning/feed-new.html", status=status_of(form), form=form, through_proxy=through_proxy)


@require_POST
@desk_page(HANDLE_ALERTS)
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Look at a feed now, and say what came."""
    try:
        seen = look_now(person(request), number)
    except Feed.DoesNotExist:
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
        return redirect("feeds")
    tell = messages.error if is_failure(seen.outcome) else messages.success
    tell(request, describe_look(seen.outcome, seen.new))
    return redirect("feeds")


@require_POST
@desk_page(HANDLE_ALERTS)
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Switch a feed off, or on again."""
    on = request.POST.get("on") != "no"
    try:
        switch_feed(person(request), number, on=on)
    except Feed.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The feed is switched on.") if on else _("The feed is switched off: nobody is asked."))
    return redirect("feeds")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a feed, after asking."""
    feed = get_object_or_404(feeds_for(person(request)), pk=number)
    if request.method == "POST":
        try:
            remove_feed(person(request), number)
        except Feed.DoesNotExist:
            raise Http404 from None
        messages.success(request, _("The feed is removed. The reports that it brought are still there."))
        return redirect("feeds")
    return show(request, "warning/feed-remove.html", feed=feed)
