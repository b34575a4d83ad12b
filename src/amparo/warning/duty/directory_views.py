"""The directory of focal points: all, one, her channels, and her leave."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page, may
from amparo.institutions.models import Institution
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_version
from amparo.warning.desk import page_of, show, try_or_tell
from amparo.warning.duty import directory
from amparo.warning.duty.forms import ChangePostForm, ContactForm, NewPostForm, WantedOffices
from amparo.warning.duty.pointing import MOST_TRIES
from amparo.warning.models import FocalPoint
from amparo.warning.times import this_quarter


@require_safe
@desk_page(HANDLE_ALERTS)
def focal_points(request: HttpRequest) -> HttpResponse:
    """Who is there for defenders, institution by institution; who is on call now comes first."""
    user, now = person(request), this_quarter()
    countries = directory.countries_in(user)
    wanted = WantedOffices(request.GET, countries=countries).wanted()
    page = page_of(request, directory.institutions_in(user, wanted))
    offices = directory.list_offices(user, list(page.object_list), now)
    return show(
        request,
        "warning/duty-directory.html",
        page=page,
        form=WantedOffices(initial=asdict(wanted), countries=countries),
        asked=wanted.is_anything,
        offices=offices,
        on_call=[each for each in offices if each.points],
        left=directory.who_left(institution_of(request), now.date()) if page.number == 1 else [],
        now=now,
        decides=may(user, DECIDE_ALERTS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Put somebody into the directory of one's own institution, or of an office where nobody signs in."""
    user = person(request)
    try:
        institution = directory.find_office(user, code)
    except Institution.DoesNotExist:
        raise Http404 from None
    members = institution.members.filter(is_active=True)
    people = sorted(members, key=lambda each: (each.pk != user.pk, each.username))
    form = NewPostForm(request.POST or None, people=people, in_post=_in_post(institution))
    if request.method == "POST" and form.is_valid():
        added = try_or_tell(form, lambda: directory.add_focal_point(user, institution, form.post()))
        if added is not None:
            messages.success(request, _("Kept. Say next by which channels to tell them."))
            return redirect("focal-point", added.pk)
    return show(request, "warning/duty-new.html", status=status_of(form), form=form, office=institution)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def focal_point(request: HttpRequest, number: int) -> HttpResponse:
    """Languages, hours and channels of one focal point."""
    user, point = person(request), _find(request, number)
    decides = may(user, DECIDE_ALERTS)
    form = ChangePostForm(request.POST or None, point=point, initial={"version": point.version})
    if request.method == "POST":
        if not decides:
            return show(request, "institutions/not-allowed.html", status=403)
        if form.is_valid():
            version = form.cleaned_data["version"]
            kept = try_or_tell(form, lambda: directory.change_focal_point(user, number, form.post(), version=version))
            if kept is not None:
                messages.success(request, _("Kept."))
                return redirect("focal-point", number)
            form.data = with_version(request, point.version)
    return _show_point(request, point, form, ContactForm(point=point), status=status_of(form))


@require_POST
@desk_page(HANDLE_ALERTS)
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a channel, or destroy one."""
    user, point = person(request), _find(request, number)
    if not directory.may_change_channels(user, point):
        raise PermissionDenied
    if "remove" in request.POST:
        directory.remove_contact(user, number, request.POST["remove"])
        messages.success(request, _("The number or address is destroyed."))
        return redirect("focal-point", number)
    form = ContactForm(request.POST, point=point)
    if form.is_valid():
        said = form.cleaned_data
        kept = try_or_tell(form, lambda: directory.keep_contact(user, number, said["channel"], said["address"]))
        if kept is not None:
            messages.success(request, _("Kept, sealed. It is used from the next call on."))
            return redirect("focal-point", number)
    change = ChangePostForm(point=point, initial={"version": point.version})
    return _show_point(request, point, change, form, status=422)


@require_POST
@desk_page(DECIDE_ALERTS)
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody be called before the one before her."""
    _find(request, number)
    directory.move_up(person(request), number)
    messages.success(request, _("The order is changed."))
    return redirect("duty")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Ask, then end somebody's post."""
    point = _find(request, number)
    if request.method == "POST":
        directory.leave(person(request), number)
        messages.success(request, _("The post has ended. Addresses are destroyed, coming shifts fell away."))
        return redirect("duty")
    return show(request, "warning/duty-leave.html", point=point, name=_name(request, point))


def _show_point(
    request: HttpRequest, point: FocalPoint, form: ChangePostForm, contact: ContactForm, *, status: int
) -> HttpResponse:
    user = person(request)
    return show(
        request,
        "warning/duty-point.html",
        status=status,
        point=point,
        name=_name(request, point),
        form=form,
        contact=contact,
        contacts=list(point.contacts.all()),
        notices=getattr(point.user, "notices", None),
        is_self=point.user_id == user.pk,
        decides=may(user, DECIDE_ALERTS),
        changes_channels=directory.may_change_channels(user, point),
        most_tries=MOST_TRIES,
    )


def _find(request: HttpRequest, number: int) -> FocalPoint:
    return get_object_or_404(directory.posts_of(person(request)).select_related("user__notices"), pk=number)


def _name(request: HttpRequest, point: FocalPoint) -> str:
    return point.user.username if point.user and point.institution_id == institution_of(request).pk else ""


def _in_post(institution: Institution) -> set[int | None]:
    return set(FocalPoint.objects.filter(institution=institution, left_on=None).values_list("user", flat=True))
