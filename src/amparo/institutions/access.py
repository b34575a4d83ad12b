"""Which pages of the desk are whose: what a role may do, and the decorators that hold it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from rules.predicates import Predicate, predicate
from rules.rulesets import add_rule, test_rule

from amparo.institutions.models import User
from amparo.institutions.permissions import (
    ANSWER_REPORTS,
    DECIDE_ALERTS,
    DECIDE_STATUS,
    DOCUMENT_CASES,
    EXPORT_CASES,
    HANDLE_ALERTS,
    KEEP_CONDITIONS,
    KEEP_KEY,
    MANAGE_PEOPLE,
    OPEN_SECTIONS,
    PROTECT_DEFENDERS,
    READ_AUDIT,
    READ_CODED_FACTS,
    READ_LOG,
    SET_UP_CHANNEL,
    SET_UP_INSTITUTIONS,
    SHARE_SECTIONS,
)

__all__ = [
    "ANSWER_REPORTS",
    "DECIDE_ALERTS",
    "DECIDE_STATUS",
    "DOCUMENT_CASES",
    "EXPORT_CASES",
    "HANDLE_ALERTS",
    "INSTALLATION_ROLE",
    "KEEP_CONDITIONS",
    "KEEP_KEY",
    "MANAGE_PEOPLE",
    "OPENING_ROLES",
    "OPEN_SECTIONS",
    "OWN_PAGE",
    "PROTECT_DEFENDERS",
    "READ_AUDIT",
    "READ_CODED_FACTS",
    "READ_LOG",
    "SET_UP_CHANNEL",
    "SET_UP_INSTITUTIONS",
    "SHARE_SECTIONS",
    "administers_installation",
    "desk_page",
    "has_role",
    "may",
    "must_have_second_factor",
    "own_page",
]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

OPENING_ROLES = frozenset({"focal-point", "case-worker"})
INSTALLATION_ROLE = "installation"
# In the place of a permission: for anybody who is signed in.
OWN_PAGE = "own-page"

_ROLES = {
    READ_CODED_FACTS: OPENING_ROLES | {"analyst", "editor"},
    OPEN_SECTIONS: OPENING_ROLES,
    ANSWER_REPORTS: OPENING_ROLES,
    SET_UP_CHANNEL: frozenset({"focal-point", "administrator"}),
    MANAGE_PEOPLE: frozenset({"focal-point", "administrator"}),
    READ_LOG: frozenset({"auditor"}),
    KEEP_KEY: frozenset({"focal-point"}),
    DOCUMENT_CASES: OPENING_ROLES,
    DECIDE_STATUS: OPENING_ROLES,
    SHARE_SECTIONS: frozenset({"focal-point"}),
    READ_AUDIT: OPENING_ROLES | {"auditor"},
    EXPORT_CASES: OPENING_ROLES | {"analyst"},
    PROTECT_DEFENDERS: OPENING_ROLES,
    HANDLE_ALERTS: OPENING_ROLES,
    DECIDE_ALERTS: frozenset({"focal-point"}),
    KEEP_CONDITIONS: OPENING_ROLES | {"analyst", "editor"},
}


def has_role(*roles: str) -> Predicate:
    """Whether a person belongs to an institution, and has one of `roles` there."""

    @predicate
    def holds(user: User) -> bool:
        return user.institution_id is not None and user.role in roles

    named: Predicate = holds
    return named


@predicate
def administers_installation(user: User) -> bool:
    """Whether a person sets up institutions: she belongs to none of them, so none of them is open to her."""
    return user.is_superuser and user.institution_id is None


for _permission, _allowed in _ROLES.items():
    add_rule(_permission, has_role(*_allowed))
add_rule(SET_UP_INSTITUTIONS, administers_installation)


def may(user: User, permission: str) -> bool:
    """Whether `user`'s role at her institution lets her do `permission`."""
    return bool(user.is_active and test_rule(permission, user))


def must_have_second_factor(user: User) -> bool:
    """Whether `user` comes in with a second factor only: who opens sections, and who administers. Not in the demo."""
    if user.institution is None:
        return user.is_superuser
    return not user.institution.invented and user.role in OPENING_ROLES | {"administrator"}


def desk_page(permission: str) -> Callable[[View[P]], View[P]]:
    """A page of the desk: for who is signed in and may do `permission`, and kept by no cache."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(cast(User, request.user), permission):
                return render(request, "institutions/not-allowed.html", status=403)
            return view(request, *args, **kwargs)

        # What a walk through all addresses looks for: wrappers take it over.
        guarded.__dict__["permission"] = permission
        return own_page(guarded)

    return decorate


def own_page(view: View[P]) -> View[P]:
    """A page for anybody who is signed in, kept by no cache."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    guarded.__dict__.setdefault("permission", OWN_PAGE)
    return guarded
