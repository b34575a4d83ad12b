"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from amparo.institutions.access import (
    MANAGE_PEOPLE,
    READ_CODED_FACTS,
    READ_LOG,
    SET_UP_INSTITUTIONS,
    may,
    must_have_second_factor,
)
from amparo.institutions.forms import SignInForm
from amparo.institutions.models import User
from amparo.institutions.problems import AccountProblem, MustWait
from amparo.institutions.second_factors import has_second_factor
from amparo.institutions.sessions import begin_sign_in, close_keys, code_of, complete_sign_in
from amparo.institutions.throttling import (
    FREE_ATTEMPTS,
    PASSWORD,
    bucket_of,
    device_of,
    forgive,
    make_device_cookie,
    take_attempt,
)
from amparo.vault.keys import WrongSecret
from amparo.vault.log import record

DEVICE_COOKIE = "amparo-device"
DEVICE_SECONDS = 30 * 24 * 60 * 60


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; the right ones open the person's keys, and lead to her second factor."""
    then = _address_in_here(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(then or first_page(request.user))
        return render(request, "institutions/sign-in.html", {"form": SignInForm(), "next": then})
    form, told, status = SignInForm(request.POST), "", 200
    if form.is_valid():
        try:
            return _enter(request, form, then)
        except AccountProblem as problem:
            told, status = problem.told, 429 if isinstance(problem, MustWait) else 200
    return render(request, "institutions/sign-in.html", {"form": form, "told": told, "next": then}, status=status)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session goes on the server, the key's cookie in the browser."""
    user = request.user
    if isinstance(user, User):
        record("signed-out", actor=user.pk, institution=code_of(user))
    logout(request)
    response = redirect("home")
    close_keys(response)
    return response


def first_page(user: object) -> str:
    """Where a person begins, after her role."""
    pages = (
        (READ_CODED_FACTS, settings.LOGIN_REDIRECT_URL),
        (MANAGE_PEOPLE, "people"),
        (READ_LOG, "log"),
        (SET_UP_INSTITUTIONS, "installation"),
    )
    if isinstance(user, User):
        for permission, page in pages:
            if may(user, permission):
                return resolve_url(page)
    return reverse("account")


def finish_sign_in(request: HttpRequest, user: User, then: str) -> HttpResponse:
    """Sign `user` in, and take her to where she wanted to go."""
    complete_sign_in(request, user)
    return redirect(then or first_page(user))


def _enter(request: HttpRequest, form: SignInForm, then: str) -> HttpResponse:
    name, password = form.cleaned_data["username"], form.cleaned_data["password"]
    bucket = bucket_of(PASSWORD, name, device_of(request.COOKIES.get(DEVICE_COOKIE, ""), name))
    number = take_attempt(bucket)
    # As much work for a name that nobody has: Django hashes the password then too.
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        if number % FREE_ATTEMPTS == 0:
            # No name: what was typed may be anything. Now and then only: whoever guesses must not fill the log.
            record("sign-in-refused", facts={"reason": "password", "number": number})
        raise AccountProblem(_("User name and password do not belong together. Check both, and try again."))
    forgive(bucket)
    if user.institution is not None and user.institution.is_locked:
        record("sign-in-refused", actor=user.pk, institution=code_of(user), facts={"reason": "locked"})
        raise AccountProblem(_("Your institution is locked: nobody can sign in. Ask whoever locked it."))
    response = redirect("second-factor")
    try:
        begin_sign_in(request, response, user, password, then)
    except WrongSecret:
        # The password of the account is right, that of the key another: only a colleague can help.
        raise AccountProblem(_("Your keys do not open. Ask a colleague to make you a way back.")) from None
    if not (has_second_factor(user) or must_have_second_factor(user)):
        response["Location"] = finish_sign_in(request, user, then)["Location"]
    elif not has_second_factor(user):
        response["Location"] = reverse("second-factor-set-up")
    if form.cleaned_data["remember"]:
        response.set_cookie(
            DEVICE_COOKIE,
            make_device_cookie(name),
            max_age=DEVICE_SECONDS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return response


def _address_in_here(request: HttpRequest) -> str:
    """The page that was asked for before signing in; "" where it lies elsewhere."""
    then = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure())
    return then if safe else ""
