"""The people of an institution: who works here, in which role, and who comes and goes."""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import KEEP_KEY, MANAGE_PEOPLE, OPENING_ROLES, desk_page
from amparo.institutions.account_views import confirm_password
from amparo.institutions.forms import InviteForm, OwnPassword
from amparo.institutions.models import Institution, Invitation, User
from amparo.institutions.people import (
    Invited,
    answer_wish,
    change_role,
    invite,
    key_holders,
    let_go,
    make_way_back,
    remove_second_factors,
    rotate_institution_key,
    withdraw_invitation,
)
from amparo.institutions.problems import AccountProblem, KeysClosed
from amparo.institutions.services import make_shares_anew
from amparo.institutions.sessions import unlocked_institution
from amparo.vault.shares import Share, share_words

PEOPLE_PER_PAGE = 50


@require_safe
@desk_page(MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    institution = cast(Institution, user.institution)
    members = institution.members.filter(is_active=True).order_by("username").prefetch_related("second_factors")
    context = {
        "page": Paginator(members, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
        "holders": key_holders(institution),
        "invitations": institution.invitations.select_related("made_by", "replaces").order_by("pk"),
        "form": InviteForm(initial={"role": "case-worker"}),
        "now": timezone.now(),
        "opens": user.role in OPENING_ROLES,
    }
    return render(request, "institutions/people.html", context)


@require_POST
@desk_page(MANAGE_PEOPLE)
def invite_person(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such role."))
        return redirect("people")
    try:
        made = invite(cast(User, request.user), form.cleaned_data["role"], unlocked_institution(request))
    except AccountProblem as problem:
        messages.error(request, problem.told)
        return redirect("people")
    if made is None:
        messages.success(request, _("It is noted here. A focal point whose keys are open makes the invitation."))
        return redirect("people")
    return show_invitation(request, made)


@require_POST
@desk_page(MANAGE_PEOPLE)
def answer_invitation(request: HttpRequest, invitation: int) -> HttpResponse:
    """Make the invitation that was asked for, or withdraw one."""
    user = cast(User, request.user)
    found = get_object_or_404(Invitation, pk=invitation, institution=user.institution)
    try:
        if "make" in request.POST:
            return show_invitation(request, answer_wish(user, found, unlocked_institution(request)))
        withdraw_invitation(user, found)
        messages.success(request, _("The invitation is withdrawn. Its code opens nothing any more."))
    except AccountProblem as problem:
        messages.error(request, problem.told)
    return redirect("people")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(MANAGE_PEOPLE)
def person(request: HttpRequest, member: int) -> HttpResponse:
    """One person: her role, a way back, her second factors, and leaving. Each is confirmed by one's own password."""
    user = cast(User, request.user)
    institution = cast(Institution, user.institution)
    found = get_object_or_404(User, pk=member, institution=institution, is_active=True)
    holders = key_holders(institution)
    form = OwnPassword(request.POST or None)
    last_holder = holders == {found.pk}
    context = {
        "member": found,
        "form": form,
        "holds_key": found.pk in holders,
        "last_holder": last_holder,
        "roles": InviteForm(initial={"role": found.role}, auto_id="role-%s"),
        "has_factor": found.second_factors.exists(),
        "own": found.pk == user.pk,
    }
    if request.method == "POST" and form.is_valid():
        try:
            confirm_password(user, form.cleaned_data["password"])
            if "leave" in request.POST and last_holder and request.POST.get("typed", "") != found.username:
                raise AccountProblem(_("Nobody else can open what is sealed. Type the user name to say that you know."))
            return _do(request, user, found, holds_key=found.pk in holders)
        except AccountProblem as problem:
            context["told"] = problem.told
    return render(request, "institutions/person.html", context)


def _do(request: HttpRequest, user: User, member: User, *, holds_key: bool) -> HttpResponse:
    unlocked = unlocked_institution(request)
    if "role" in request.POST and "change-role" in request.POST:
        change_role(user, member, request.POST["role"], unlocked)
        messages.success(request, _("The role is changed. This person signs in anew."))
    elif "way-back" in request.POST:
        return show_invitation(request, make_way_back(user, member, unlocked))
    elif "factors" in request.POST:
        remove_second_factors(user, member)
        messages.success(request, _("They are removed. A new one is set up at the next sign-in."))
    elif "leave" in request.POST:
        let_go(user, member)
        messages.success(request, _("The account is closed, and every session of it ended."))
        if holds_key:
            return redirect("key")
    return redirect("people")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(KEEP_KEY)
def institution_key(request: HttpRequest) -> HttpResponse:
    """The institution's key: a new one after somebody left, and new recovery shares."""
    user = cast(User, request.user)
    institution = cast(Institution, user.institution)
    form, told = OwnPassword(request.POST or None), ""
    unlocked = unlocked_institution(request)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_password(user, form.cleaned_data["password"])
            if unlocked is None:
                raise KeysClosed
            if "shares" in request.POST:
                made = make_shares_anew(institution, user, unlocked)
                return render(request, "institutions/shares.html", shares_to_print(institution, made))
            rotate_institution_key(user, unlocked)
            messages.success(request, _("The institution has a new key. The old one opens nothing here any more."))
            return redirect("key")
        except AccountProblem as problem:
            told = problem.told
    holders = institution.members.filter(pk__in=key_holders(institution)).order_by("username")
    context = {"form": form, "told": told, "holders": holders, "open": unlocked is not None}
    return render(request, "institutions/key.html", context)


def shares_to_print(institution: Institution, shares: Sequence[Share]) -> dict[str, object]:
    """What the page of shares needs: each share's words in the language of the page."""
    language = get_language() or "en"
    return {
        "founded": institution,
        "needed": shares[0].needed,
        "shares": [(share.number, share_words(share, language)) for share in shares],
    }


def show_invitation(request: HttpRequest, made: Invited) -> HttpResponse:
    """The code, and a link that carries it behind the "#", where it is sent to no server."""
    address = request.build_absolute_uri(reverse("join"))
    context = {"made": made, "link": f"{address}#{made.code}"}
    return render(request, "institutions/invitation.html", context)
