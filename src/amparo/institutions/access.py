"""Which pages of the desk are whose: what a role may do, and the one decorator that holds it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from rules.predicates import Predicate, predicate
from rules.rulesets import add_rule, test_rule

from amparo.institutions.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

OPENING_ROLES = frozenset({"focal-point", "case-worker"})
READ_CODED_FACTS = "read-coded-facts"
OPEN_SECTIONS = "open-sections"
ANSWER_REPORTS = "answer-reports"
SET_UP_CHANNEL = "set-up-channel"
MANAGE_PEOPLE = "manage-people"
READ_LOG = "read-log"

_ROLES = {
    READ_CODED_FACTS: OPENING_ROLES | {"analyst", "editor"},
    OPEN_SECTIONS: OPENING_ROLES,
    ANSWER_REPORTS: OPENING_ROLES,
    SET_UP_CHANNEL: frozenset({"focal-point", "administrator"}),
    MANAGE_PEOPLE: frozenset({"focal-point", "administrator"}),
    READ_LOG: frozenset({"auditor"}),
}


def has_role(*roles: str) -> Predicate:
    """Whether a person belongs to an institution, and has one of `roles` there."""

    @predicate
    def holds(user: User) -> bool:
        return user.institution_id is not None and user.role in roles

    named: Predicate = holds
    return named


for _permission, _allowed in _ROLES.items():
    add_rule(_permission, has_role(*_allowed))


def may(user: User, permission: str) -> bool:
    """Whether `user`'s role at her institution lets her do `permission`."""
    return bool(user.is_active and test_rule(permission, user))


def desk_page(permission: str) -> Callable[[View[P]], View[P]]:
    """A page of the desk: for who is signed in and may do `permission`, and kept by no cache."""

    def decorate(view: View[P]) -> View[P]:
        @never_cache
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(cast(User, request.user), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
