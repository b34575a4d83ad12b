"""One's own account: sessions, password, second factors; and locking the institution."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import own_page
from amparo.institutions.forms import ChangePassword, LockForm
from amparo.institutions.models import OpenSession, SecondFactor, User
from amparo.institutions.problems import AccountProblem
from amparo.institutions.services import lock_institution, sign_out_everywhere
from amparo.institutions.sessions import close_keys, code_of, end_sessions
from amparo.institutions.throttling import PASSWORD, bucket_of, forgive, take_attempt
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.log import record


@own_page
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    factors = list(user.second_factors.order_by("pk").defer("content"))
    context = {
        "factors": [factor for factor in factors if factor.kind != SecondFactor.RECOVERY_CODE],
        "codes_left": sum(factor.kind == SecondFactor.RECOVERY_CODE for factor in factors),
        "sessions": user.open_sessions.order_by("-last_used_at", "-pk"),
        "this_session": request.session.session_key,
    }
    return render(request, "institutions/account.html", context)


@own_page
@require_POST
def end_session(request: HttpRequest, opened: int) -> HttpResponse:
    """End one of the person's own sessions; whose it is is asked of the database, not of the address."""
    user = cast(User, request.user)
    found = OpenSession.objects.filter(user=user, pk=opened).select_related("session").first()
    if found is not None:
        found.session.delete()
        record("sessions-ended", actor=user.pk, institution=code_of(user), facts={"number": 1})
        messages.success(request, _("The session is ended."))
    return redirect("account")


@own_page
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    number = sign_out_everywhere(cast(User, request.user), request.session.session_key)
    told = ngettext("%(number)d other session is ended.", "%(number)d other sessions are ended.", number)
    messages.success(request, told % {"number": number})
    return redirect("account")


@sensitive_post_parameters()
@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password closes the key anew, and ends the person's other sessions."""
    user = cast(User, request.user)
    form = ChangePassword(request.POST or None, owner=user)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, user, form.cleaned_data["password"], form.cleaned_data["new_password"])
            messages.success(request, _("Your password is changed. Your other sessions are ended."))
            return redirect("account")
        except AccountProblem as problem:
            form.add_error("password", problem.told)
    return render(request, "institutions/change-password.html", {"form": form})


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Panic: everybody out at once. Any member may: who sees the danger is not always who has the rights."""
    user = cast(User, request.user)
    if user.institution is None:
        return redirect("account")
    form = LockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lock_institution(user.institution, user, int(form.cleaned_data["hours"]) or None)
        request.session.flush()
        response = redirect("locked")
        close_keys(response)
        return response
    return render(request, "institutions/lock.html", {"form": form})


@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """What follows on locking. It names no institution, and looks the same to anybody."""
    return render(request, "institutions/locked.html")


def confirm_password(user: User, password: str) -> None:
    """Whether it is `user` who sits there. Raises `MustWait` and `AccountProblem`."""
    bucket = bucket_of(PASSWORD, user.username, f"session-of-{user.pk}")
    take_attempt(bucket)
    if not user.check_password(password):
        raise AccountProblem(_("This is not your password."))
    forgive(bucket)


def _change(request: HttpRequest, user: User, old: str, new: str) -> None:
    confirm_password(user, old)
    try:
        with transaction.atomic():
            user.set_password(new)
            user.save(update_fields=["password"])
            if user.key_pair is not None:
                vault.change_password(user.key_pair, old, new)
            request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            record("password-changed", actor=user.pk, institution=code_of(user))
    except VaultError:
        raise AccountProblem(_("Your keys do not open. Ask a colleague to make you a way back.")) from None
    request.session.save()
    end_sessions([user], request.session.session_key)
