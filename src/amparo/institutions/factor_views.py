"""The second factor: asked for at sign-in, set up, and kept in order."""

import time
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amparo.institutions.access import own_page
from amparo.institutions.forms import CodeForm
from amparo.institutions.models import User
from amparo.institutions.passkeys import Asked, ask_to_make, ask_to_show, passkey_host
from amparo.institutions.problems import AccountProblem, MustWait, WrongCode
from amparo.institutions.qr import qr_svg
from amparo.institutions.second_factors import (
    add_app,
    add_passkey,
    app_address,
    check_code,
    check_passkey,
    close_secret,
    has_second_factor,
    make_app_secret,
    make_recovery_codes,
    open_secret,
    passkeys_of,
    take_away,
)
from amparo.institutions.sessions import end_sessions, pending_address, pending_user
from amparo.institutions.views import finish_sign_in

_STATE = "passkey-state"
_APP_SECRET = "app-secret"  # noqa: S105  (where it is, not what it is)
_FRESH_SECONDS = 10 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Asked for after the password: a passkey, the code of an app, or a recovery code."""
    user = pending_user(request)
    if user is None:
        return redirect("sign-in")
    if not has_second_factor(user):
        return redirect("second-factor-set-up")
    host, known, told, status = passkey_host(request), passkeys_of(user), "", 200
    if request.method == "POST":
        try:
            if answer := request.POST.get("passkey"):
                check_passkey(user, host, _take_state(request), answer)
            else:
                check_code(user, request.POST.get("code", "")[:60])
            return finish_sign_in(request, user, pending_address(request))
        except AccountProblem as problem:
            told, status = problem.told, 429 if isinstance(problem, MustWait) else 200
    asked = _remember(request, ask_to_show(host, known)) if host and known else None
    context = {"form": CodeForm(), "told": told, "asked": asked, "has_passkeys": bool(known), "host": host}
    return render(request, "institutions/second-factor.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """A first second factor for who has to have one, before any page opens; or a further one."""
    user = _who_sets_up(request)
    if user is None:
        return redirect("sign-in")
    host, told = passkey_host(request), ""
    if request.method == "POST":
        try:
            if answer := request.POST.get("passkey"):
                add_passkey(user, host, _take_state(request), answer)
            else:
                secret = open_secret(user, bytes.fromhex(request.session.get(_APP_SECRET, "")))
                if secret is None:
                    raise WrongCode
                add_app(user, secret, request.POST.get("code", "")[:60])
            request.session.pop(_APP_SECRET, None)
            return _after_set_up(request, user)
        except AccountProblem as problem:
            told = problem.told
    secret = _app_secret(request, user)
    title = escape(_("QR code for an authenticator app"))
    context = {
        "form": CodeForm(),
        "told": told,
        "host": host,
        "is_numbers": request.get_host().startswith(("127.0.0.1", "[::1]")),
        "port": split_domain_port(request.get_host())[1] or "80",
        "asked": _remember(request, ask_to_make(host, user, passkeys_of(user))) if host else None,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        # Our own squares, and a title that was escaped.
        "qr": mark_safe(qr_svg(app_address(user, secret, request.get_host()), title)),  # noqa: S308
        "first": not request.user.is_authenticated,
    }
    return render(request, "institutions/second-factor-set-up.html", context)


@own_page
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    user = cast(User, request.user)
    if not has_second_factor(user):
        return redirect("account")
    return _show_codes(request, user, "")


@own_page
@require_POST
def remove_factor(request: HttpRequest, factor: int) -> HttpResponse:
    try:
        take_away(cast(User, request.user), factor)
        messages.success(request, _("It is removed."))
    except AccountProblem as problem:
        messages.error(request, problem.told)
    return redirect("account")


def _who_sets_up(request: HttpRequest) -> User | None:
    if isinstance(request.user, User) and request.user.is_authenticated:
        return request.user
    user = pending_user(request)
    # Who has one shows it first: a stolen password must not add another.
    return None if user is None or has_second_factor(user) else user


def _after_set_up(request: HttpRequest, user: User) -> HttpResponse:
    if request.user.is_authenticated:
        # Sessions that began before it was there are not worth what this one is.
        end_sessions([user], request.session.session_key)
        messages.success(request, _("It is set up. From now on you are asked for it at each sign-in."))
        return redirect("account")
    then = finish_sign_in(request, user, pending_address(request))["Location"]
    return _show_codes(request, user, then)


def _show_codes(request: HttpRequest, user: User, then: str) -> HttpResponse:
    return render(request, "institutions/recovery-codes.html", {"codes": make_recovery_codes(user), "then": then})


def _app_secret(request: HttpRequest, user: User) -> str:
    """The same for some minutes, so that a code that was typed wrong does not ask for the whole set-up anew."""
    kept = open_secret(user, bytes.fromhex(request.session.get(_APP_SECRET, "")))
    if kept is None:
        kept = make_app_secret()
        request.session[_APP_SECRET] = close_secret(user, kept).hex()
    return kept


def _remember(request: HttpRequest, asked: Asked) -> str:
    request.session[_STATE] = {"state": asked.state, "at": int(time.time())}
    return asked.options


def _take_state(request: HttpRequest) -> dict[str, object]:
    """What the browser was asked a moment ago: good for one answer. Raises `WrongCode`."""
    kept = request.session.pop(_STATE, None)
    if kept is None or time.time() - kept["at"] > _FRESH_SECONDS:
        raise WrongCode
    return dict(kept["state"])
